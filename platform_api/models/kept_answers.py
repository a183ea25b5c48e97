"""What was answered to a request that may be repeated."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, CreatedAt


class KeptAnswer(Base):
    """Written with the thing that it tells of, and forgotten after a day (`services/kept_answers.py`)."""

    __tablename__ = "kept_answers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    request_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    answer_encrypted: Mapped[bytes] = mapped_column(LargeBinary, comment="opened by the key itself, which is not kept")
    made_at: Mapped[CreatedAt] = mapped_column(index=True)
