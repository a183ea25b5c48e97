"""What was played, as raw facts, and the same plays packed for reading.

`plays` is hash-partitioned by listener, so one machine and a sharded cluster hold it the same way. For the same reason,
and because a foreign key costs a look-up per imported row, it declares none: tracks are never deleted, and
`crud/users.py: delete_user` removes a listener's plays itself.
"""

from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, Boolean, Computed, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, ViewBase

LISTEN_MS = 30_000
"""A play of at least this long is a listen: Spotify's own rule for counting a stream."""

EARLIEST_PLAY = datetime(2000, 1, 1, tzinfo=UTC)
"""No door takes an older play. Files of Spotify and of scrobblers begin later; by hand one may go so far back."""
SPOTIFY_BEGAN = datetime(2006, 1, 1, tzinfo=UTC)
"""No play of Spotify's is older."""
LONGEST_PLAY_MS = 7 * 24 * 3600 * 1000
"""What comes in is refused, or cut, beyond this."""
MINUTE_S = 60
LENGTH_TOLD_S = 120
LENGTH_UNKNOWN_S = 600
START_TO_THE_MINUTE_S = 660
"""Values of `precision_s` past one second: account data know the minute of the end; a scrobble knows its start and
takes its end from the length of the track, or from nothing; some exports of scrobbles tell even the start to the minute
only. More than a minute means: the start is what is certain."""
CAPTURED_S = 30
"""`precision_s` of what Spotify's Web API told: not exact. Who it gives way to is decided by its source."""


class Told:
    """What a row of an import tells of a play beside its track and its end: every field of the export but the address
    and the user name."""

    started_at: Mapped[datetime] = mapped_column(comment="ended_at - ms_played, or the plausible offline timestamp")
    ms_played: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text, server_default=text("'song'"), comment="song, episode or chapter")
    source: Mapped[str] = mapped_column(Text, comment="a row of play_sources")
    precision_s: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("1"),
        comment="ended_at is known to this many seconds (account data: 60; scrobbles: 120 or 600; captured: 30)",
    )
    reason_start: Mapped[str | None] = mapped_column(Text)
    reason_end: Mapped[str | None] = mapped_column(Text)
    shuffle: Mapped[bool | None]
    skipped: Mapped[bool | None]
    offline: Mapped[bool | None]
    offline_timestamp: Mapped[datetime | None]
    incognito: Mapped[bool | None]
    platform: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    import_file_id: Mapped[int | None] = mapped_column(BigInteger)


class Play(Told, Base):
    """One play."""

    __tablename__ = "plays"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    track_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(primary_key=True)
    is_listen: Mapped[bool] = mapped_column(Boolean, Computed(f"ms_played >= {LISTEN_MS}", persisted=True))
    counted_as: Mapped[int | None] = mapped_column(
        BigInteger, comment="the track it counts as (track_merges); NULL: track_id"
    )
    hidden: Mapped[bool | None] = mapped_column(comment="true: does not count (hidden_artists); else NULL")

    __table_args__ = (
        Index(None, "user_id", "started_at"),
        Index(None, "import_file_id"),
        Index("ix_plays_scrobbles", "user_id", "started_at", postgresql_where=text(f"precision_s > {MINUTE_S}")),
        Index("ix_plays_captured", "user_id", "ended_at", postgresql_where=text("source = 'spotify_api'")),
        {"postgresql_partition_by": "HASH (user_id)"},
    )


class CountedPlay(Told, ViewBase):
    """The plays that count, each with the track it counts as: what every question about plays reads.

    `track_id` is that track, `played_track_id` the one that was played; only the latter has an index
    (`crud/recordings.py: recordings_of` says which tracks to ask for).
    """

    __tablename__ = "counted_plays"

    user_id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int]
    played_track_id: Mapped[int] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(primary_key=True)
    is_listen: Mapped[bool]


class RetoldPlay(Told, Base):
    """A row of some import that tells a play which another row tells better, or told first.

    Kept so that undoing an import brings back exactly what the others hold: what stands in `plays` is a function of all
    rows told, in whatever order they came (`crud/incoming.py`).
    """

    __tablename__ = "retold_plays"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(BigInteger)
    track_id: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime]

    __table_args__ = (Index(None, "user_id", "track_id", "ended_at"),)


TOLD_COLUMNS = tuple(column.name for column in RetoldPlay.__table__.columns if column.name != "id")
"""What an import tells of a play: every column of `plays` but those that follow from others."""


class PlaySource(Base):
    """Where plays come from and what each source allows: the one place that decides provenance (see schema `ml`)."""

    __tablename__ = "play_sources"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    may_train: Mapped[bool] = mapped_column(comment="may train a model, where the listener consents too")
    may_narrate: Mapped[bool] = mapped_column(
        comment="may be shown to a language model, where the listener consents too"
    )


class Groove(Base):
    """The plays of a listener's month, packed by `crud/grooves.py`: what every question about a span reads.

    Triggers on `plays` empty a month's groove in the transaction that changes one of its plays.
    """

    __tablename__ = "grooves"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True, comment="first day of the month, UTC")
    plays: Mapped[bytes | None] = mapped_column(LargeBinary, comment="packed by crud/grooves.py; NULL: read the plays")
