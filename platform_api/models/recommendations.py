"""What was recommended and what the listener said to it; what the narrator wrote."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt, ToldBy


class RecommendationShown(Base):
    """One recommended track as it was shown: which model, which place, which reasons."""

    __tablename__ = "recommendations_shown"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"))
    wish: Mapped[str] = mapped_column(Text)
    rank: Mapped[int]
    model: Mapped[str] = mapped_column(Text)
    model_version: Mapped[str] = mapped_column(Text)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    shown_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "user_id", "shown_at"), Index(None, "user_id", "track_id"))


class RecommendationFeedback(Base):
    """The latest word of a listener about a track: love or hide. Hidden tracks are never ranked again."""

    __tablename__ = "recommendation_feedback"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(Text, comment="love or hide")
    given_at: Mapped[CreatedAt]
    told_by: Mapped[ToldBy]


class Narrative(Base):
    """A story told about a span. `facts` is the sheet that every number and name in `text` comes from."""

    __tablename__ = "narratives"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    span: Mapped[str] = mapped_column(Text, primary_key=True)
    data_version: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    text: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    model_version: Mapped[str] = mapped_column(Text)
    is_fallback: Mapped[bool]
    written_at: Mapped[CreatedAt]
