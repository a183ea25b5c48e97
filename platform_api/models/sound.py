"""Where the sound of tracks came from, and what became of each file or preview."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey


class SoundSource(Base):
    """One file of the library, one upload, or one look for a preview: matched or not, heard or not, and why."""

    __tablename__ = "sound_sources"

    id: Mapped[BigKey]
    source: Mapped[str] = mapped_column(Text, comment="library, upload or deezer")
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="who uploaded it; null where it is nobody's"
    )
    name: Mapped[str] = mapped_column(Text, comment="path in the library, file name of the upload, or track key")
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id", ondelete="SET NULL"), index=True)
    matched_by: Mapped[str | None] = mapped_column(Text, comment="tags, names, duration, isrc or listener")
    outcome: Mapped[str] = mapped_column(Text, comment="waiting, heard, unmatched or refused")
    detail: Mapped[str | None] = mapped_column(Text, comment="a sentence for the listener")
    stored_name: Mapped[str | None] = mapped_column(Text, comment="of an upload that was not heard yet")
    looked_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("source", "user_id", "name", postgresql_nulls_not_distinct=True),
        Index(None, "looked_at", postgresql_where=text("outcome <> 'heard'")),
    )
