"""What a listener says about their own history: what counts as one recording, who is left out, what was corrected.

None of it changes a fact that was imported: it decides what counts, and each of it can be taken back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt, ToldBy


class TrackMerge(Base):
    """To this listener, `track_id` is the same recording as `merged_into`.

    The rows are a forest: taking one away leaves exactly what was there before it came. `counted_as` is the root that
    `track_id` ends at, kept so that nobody has to walk.
    """

    __tablename__ = "track_merges"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    merged_into: Mapped[int] = mapped_column(ForeignKey("tracks.id"))
    counted_as: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(Text, comment="isrc, name or by_hand")
    merged_at: Mapped[CreatedAt]
    told_by: Mapped[ToldBy]

    __table_args__ = (
        Index(None, "user_id", "counted_as"),
        CheckConstraint("track_id <> merged_into AND track_id <> counted_as", name="not_itself"),
    )


class MergeRefusal(Base):
    """The listener said that these two are not the same recording (`track_id` < `other_id`)."""

    __tablename__ = "merge_refusals"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    refused_at: Mapped[CreatedAt]
    told_by: Mapped[ToldBy]

    __table_args__ = (CheckConstraint("track_id < other_id", name="in_order"),)


class HiddenArtist(Base):
    """Plays counted for this artist are kept and do not count, past and future."""

    __tablename__ = "hidden_artists"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"), primary_key=True)
    hidden_at: Mapped[CreatedAt]
    told_by: Mapped[ToldBy]


class PlayChange(Base):
    """Something done to plays by hand. `track_id` and `ended_at` name the play that it brought, if any."""

    __tablename__ = "play_changes"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Text, comment="deleted, corrected or added")
    plays: Mapped[int] = mapped_column(Integer, comment="how many plays it touched")
    track_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None]
    made_at: Mapped[CreatedAt]
    undone_at: Mapped[datetime | None]
    told_by: Mapped[ToldBy]


class DeletedPlay(Base):
    """A play that the listener took out. Kept whole, so that it can come back, and so that no import brings it back."""

    __tablename__ = "deleted_plays"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ms_played: Mapped[int]
    precision_s: Mapped[int] = mapped_column(SmallInteger)
    play: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="the row of plays")
    change_id: Mapped[int] = mapped_column(ForeignKey("play_changes.id", ondelete="CASCADE"), index=True)
