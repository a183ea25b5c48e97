"""Everything of one listener, read in one moment and piece by piece."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, LargeBinary, Select, Table, select, text
from sqlalchemy.orm import Session

from platform_api.crud.clocks import clock_of, local
from platform_api.crud.listening import IS_SKIP
from platform_api.models import Artist, Base, Track, User

FETCHED_AT_ONCE = 2_000
PATIENCE = {"idle_in_transaction_session_timeout": "60s", "transaction_timeout": "30min"}
"""A reader that takes nothing for a minute has left; its snapshot would keep the database from tidying up. PostgreSQL
16 does not know the second."""

OWNERS = ("user_id", "author_id", "follower_id", "blocker_id")
"""Columns that say whose a row is. Others that name a person tell whom it is about."""
DERIVED = {"plays", "grooves", "kept_answers"}
"""Told as plays, or made from them; or told by what they are about, and encrypted."""
NOT_OF_A_PERSON = {"artists", "albums", "tracks", "track_artists", "track_embeddings", "users"}


class PlayRow(NamedTuple):
    source: str
    kind: str
    started_at: datetime
    ended_at: datetime
    ms_played: int
    is_listen: bool
    precision_s: int
    reason_start: str | None
    reason_end: str | None
    shuffle: bool | None
    skipped: bool | None
    offline: bool | None
    offline_timestamp: datetime | None
    incognito: bool | None
    platform: str | None
    country: str | None
    track_key: str
    title: str
    title_key: str
    artist_key: str
    artist: str
    album: str | None
    album_key: str | None
    track_ms: int | None


_PLAYS = text("""
    SELECT p.source, p.kind, p.started_at, p.ended_at, p.ms_played, p.is_listen, p.precision_s, p.reason_start,
           p.reason_end, p.shuffle, p.skipped, p.offline, p.offline_timestamp, p.incognito, p.platform, p.country,
           tracks.key, tracks.name, tracks.name_key, artists.key, artists.name, albums.name, albums.name_key,
           tracks.duration_ms
    FROM plays p
    JOIN tracks ON tracks.id = p.track_id
    JOIN artists ON artists.id = tracks.artist_id
    LEFT JOIN albums ON albums.id = tracks.album_id
    WHERE p.user_id = :user_id AND (CAST(:source AS text) IS NULL OR p.source = :source)
    ORDER BY p.started_at, p.ended_at, p.track_id
""")


def hold_still(session: Session) -> None:
    """First in the transaction: everything read in it is of one moment, and nothing can be written."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    for setting, value in PATIENCE.items():
        known = text("SELECT set_config(name, :value, true) FROM pg_settings WHERE name = :setting")
        session.execute(known, {"setting": setting, "value": value})


def sources_of(session: Session, user_id: int) -> list[str]:
    played = text("SELECT DISTINCT source FROM plays WHERE user_id = :user_id ORDER BY source")
    return list(session.scalars(played, {"user_id": user_id}))


def plays(session: Session, user_id: int, source: str | None = None) -> Iterator[PlayRow]:
    """Every play by its start, of one source or of all."""
    options = {"yield_per": FETCHED_AT_ONCE}
    for row in session.execute(_PLAYS, {"user_id": user_id, "source": source}, execution_options=options):
        yield PlayRow._make(row)


def tables() -> list[Table]:
    """The tables that hold something of a person, beside their plays: also those that nobody thought of here."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name not in DERIVED | NOT_OF_A_PERSON and _rows_of(table, 0) is not None
    ]


def rows(session: Session, table: Table, user_id: int) -> Iterator[dict[str, Any]]:
    """One's own rows. Secrets (whatever is kept as bytes) stay out; people are told by handle, music by name."""
    question = _rows_of(table, user_id)
    assert question is not None
    options = {"yield_per": FETCHED_AT_ONCE}
    for row in session.execute(question, execution_options=options):
        yield {name: value for name, value in row._mapping.items() if value is not None}


def _rows_of(table: Table, user_id: int) -> Select[*tuple[Any, ...]] | None:
    owned = _is_own(table, user_id)
    if owned is None:
        return None
    told: list[Any] = []
    for column in table.columns:
        if isinstance(column.type, LargeBinary) or column.name in OWNERS:
            continue
        told.append(column)
        told += _words_for(column)
    return select(*told).where(owned).order_by(*table.primary_key.columns)


def _is_own(table: Table, user_id: int) -> Any:
    """The condition that a row is the listener's: by its own column, or by the row of theirs that it belongs to."""
    for name in OWNERS:
        if name in table.columns:
            return table.columns[name] == user_id
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name in NOT_OF_A_PERSON or parent is table:
            continue
        of_parent = _is_own(parent, user_id)
        if of_parent is not None:
            return key.parent.in_(select(key.column).where(of_parent))
    return None


def _words_for(column: "Column[Any]") -> list[Any]:
    """What an id means to a person, beside it."""
    if any(key.column.table is User.__table__ for key in column.foreign_keys):
        return [_looked_up(User.handle, User.id, column).label(column.name.removesuffix("_id"))]
    if column.name == "track_id" or any(key.column.table is Track.__table__ for key in column.foreign_keys):
        what = column.name.removesuffix("_id")
        by = select(Artist.name).join(Track, Track.artist_id == Artist.id).where(Track.id == column).scalar_subquery()
        return [
            _looked_up(Track.key, Track.id, column).label(f"{what}_key"),
            _looked_up(Track.name, Track.id, column).label(f"{what}_title"),
            by.label(f"{what}_artist"),
        ]
    if any(key.column.table is Artist.__table__ for key in column.foreign_keys):
        who = column.name.removesuffix("_id")
        return [
            _looked_up(Artist.key, Artist.id, column).label(f"{who}_key"),
            _looked_up(Artist.name, Artist.id, column).label(who),
        ]
    return []


def _looked_up(wanted: Any, by: Any, column: "Column[Any]") -> Any:
    return select(wanted).where(by == column).scalar_subquery()


class CountedRow(NamedTuple):
    started_at: datetime
    local_start: datetime
    ended_at: datetime
    ms_played: int
    is_listen: bool
    is_skip: bool
    kind: str
    title: str
    artist: str
    album: str | None
    track_key: str
    source: str
    precision_s: int
    reason_start: str | None
    reason_end: str | None
    shuffle: bool | None
    offline: bool | None
    incognito: bool | None
    platform: str | None
    country: str | None


_COUNTED = text(f"""
    SELECT p.started_at, {local("p.started_at")}, p.ended_at, p.ms_played, p.is_listen, {IS_SKIP},
           p.kind, tracks.name, artists.name, albums.name, tracks.key, p.source, p.precision_s, p.reason_start,
           p.reason_end, p.shuffle, p.offline, p.incognito, p.platform, p.country
    FROM counted_plays p
    JOIN tracks ON tracks.id = p.track_id
    JOIN artists ON artists.id = tracks.artist_id
    LEFT JOIN albums ON albums.id = tracks.album_id
    WHERE p.user_id = :user_id
    AND (CAST(:since AS date) IS NULL
         OR p.started_at >= CAST(:since AS timestamp) AT TIME ZONE 'UTC' - interval '1 day')
    AND (CAST(:since AS date) IS NULL OR {local("p.started_at")}::date >= :since)
    AND (CAST(:until AS date) IS NULL OR {local("p.started_at")}::date <= :until)
    ORDER BY p.started_at, p.ended_at, p.played_track_id
""")


def counted_plays(session: Session, user_id: int, since: date | None, until: date | None) -> Iterator[CountedRow]:
    """The plays that count, as every page counts them, of these local days (both included), by their start."""
    asked = {"user_id": user_id, "since": since, "until": until, **clock_of(session, user_id)}
    for row in session.execute(_COUNTED, asked, execution_options={"yield_per": FETCHED_AT_ONCE}):
        yield CountedRow._make(row)
