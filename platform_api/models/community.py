"""People and what they say to each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt


class Follow(Base):
    __tablename__ = "follows"

    follower_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    followed_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[CreatedAt]

    __table_args__ = (CheckConstraint("follower_id <> followed_id", name="not_oneself"),)


class Block(Base):
    """The blocked person sees nothing of the blocker, cannot follow, comment or react."""

    __tablename__ = "blocks"

    blocker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[CreatedAt]


class Post(Base):
    """Something shown to followers. A wrap is copied into `wrap` at that moment, so later imports do not rewrite it."""

    __tablename__ = "posts"

    id: Mapped[BigKey]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text, server_default=text("''"))
    span: Mapped[str | None] = mapped_column(Text)
    wrap: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "author_id", "created_at"),)


class Comment(Base):
    __tablename__ = "comments"

    id: Mapped[BigKey]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class Reaction(Base):
    __tablename__ = "reactions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True, comment="like, same or surprised")
    created_at: Mapped[CreatedAt]


class Share(Base):
    """A link that shows one wrap to whoever holds it, until it expires or is revoked."""

    __tablename__ = "shares"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(Text, unique=True)
    span: Mapped[str] = mapped_column(Text)
    wrap: Mapped[dict[str, Any]] = mapped_column(JSONB)
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


class Notification(Base):
    __tablename__ = "notifications"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text, comment="followed, commented, reacted or import_done")
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "user_id", "created_at"),)
