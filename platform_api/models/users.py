"""The people: an account and its personal API tokens."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt


class User(Base):
    """A listener. `data_version` grows in every transaction that changes what their statistics say."""

    __tablename__ = "users"

    id: Mapped[BigKey]
    firebase_uid: Mapped[str] = mapped_column(Text, unique=True)
    email: Mapped[str | None] = mapped_column(Text)
    handle: Mapped[str] = mapped_column(Text)
    handle_key: Mapped[str] = mapped_column(Text, unique=True, comment="handle after NFKC and casefold")
    display_name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text, comment="IANA name; days, months and years begin at its midnight")
    data_version: Mapped[int] = mapped_column(server_default=text("0"))
    ml_key: Mapped[UUID] = mapped_column(
        unique=True, server_default=text("gen_random_uuid()"), comment="the only name of this person that training sees"
    )
    may_train: Mapped[bool] = mapped_column(server_default=text("true"), comment="consent: plays may train models")
    may_narrate: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="consent: facts may be shown to a language model"
    )
    may_compare: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="consent: taste may be laid beside that of a friend who consents too"
    )
    discoverable: Mapped[bool] = mapped_column(server_default=text("true"), comment="others may find the profile")
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[datetime | None] = mapped_column(comment="when a setting was last changed by hand; NULL: never")
    told_month: Mapped[date | None] = mapped_column(
        comment="first day of the latest month whose end was told as news; NULL: none"
    )


class ApiToken(Base):
    """A personal token for scrobblers. Only its sha256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("imports.id", ondelete="SET NULL"), index=True, comment="the ledger of what was sent with it"
    )
    latest_import: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="what a client that catches up noted here, seconds since 1970"
    )
