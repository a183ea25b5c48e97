"""The sums kept beside `plays`, and the one definition of what they count.

A play belongs to the listener's local day and hour of its start, and to the track it counts as; plays of hidden artists
do not count (see `counted_plays`). Adding plays to the sums, taking them away and making the sums of a day anew use the
same SELECT, so all ways end at the same numbers; property tests hold them together.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

IS_SKIP = "coalesce(p.skipped, p.reason_end = 'fwdbtn', false)"
"""Spotify's own flag where the export has it; older rows only tell that somebody pressed “next”."""

CLOCK_SLACK = timedelta(hours=3)
"""A local day can begin up to this much before or after its midnight by the offset at hand (clock changes)."""

_SUMS = (
    "{sign} count(*), {sign} count(*) FILTER (WHERE is_listen), {sign} count(*) FILTER (WHERE is_skip),"
    " {sign} sum(ms_played)"
)
_GROW = """DO UPDATE SET plays = kept.plays + excluded.plays, listens = kept.listens + excluded.listens,
           skips = kept.skips + excluded.skips, ms_played = kept.ms_played + excluded.ms_played"""
_TO_REFRESH = """
    plays p JOIN unnest(CAST(:days AS date[])) AS wanted (day)
    ON p.user_id = :user_id
    AND p.started_at >= wanted.day::timestamp AT TIME ZONE :zone - CAST(:slack AS interval)
    AND p.started_at < (wanted.day + 1)::timestamp AT TIME ZONE :zone + CAST(:slack AS interval)
    AND (p.started_at AT TIME ZONE :zone)::date = wanted.day
"""


def _local(source: str) -> str:
    # one conversion per row, kept apart by MATERIALIZED: it is the dearest step (1.9 µs). What counts is said here and
    # not by `counted_plays`, because rows on their way in (`incoming_plays`) are not in any view.
    return f"""
        WITH local AS MATERIALIZED (
            SELECT coalesce(p.counted_as, p.track_id) AS track_id, p.kind, p.ms_played, p.is_listen,
                   {IS_SKIP} AS is_skip, p.started_at AT TIME ZONE :zone AS started
            FROM {source} WHERE p.hidden IS NOT TRUE
        )
    """


def _add(source: str, sign: str = "") -> TextClause:
    """Both sums out of one walk over the plays."""
    return text(f"""{_local(source)},
        by_track AS (
            INSERT INTO daily_tracks AS kept (user_id, day, track_id, plays, listens, skips, ms_played)
            SELECT :user_id, started::date, track_id, {_SUMS.format(sign=sign)} FROM local GROUP BY 2, 3
            ON CONFLICT (user_id, day, track_id) {_GROW}
        )
        INSERT INTO daily_hours AS kept (user_id, day, hour, kind, plays, listens, skips, ms_played)
        SELECT :user_id, started::date, extract(hour FROM started), kind, {_SUMS.format(sign=sign)}
        FROM local GROUP BY 2, 3, 4
        ON CONFLICT (user_id, day, hour, kind) {_GROW}
    """)


_SUM_TABLES = ("daily_tracks", "daily_hours")
_OF_TRACKS = "(SELECT * FROM plays WHERE user_id = :user_id AND track_id = ANY(:track_ids)) p"
_ADD_INCOMING = _add("incoming_plays p")
_ADD_TRACKS = _add(_OF_TRACKS)
_TAKE_TRACKS = _add(_OF_TRACKS, "-")
_FORGET_EMPTY = [text(f"DELETE FROM {table} WHERE user_id = :user_id AND plays = 0") for table in _SUM_TABLES]
_FORGET_ALL = [text(f"DELETE FROM {table} WHERE user_id = :user_id") for table in _SUM_TABLES]
_ALL_ANEW = _add("(SELECT * FROM plays WHERE user_id = :user_id) p")
_FORGET_DAYS = [
    text(f"DELETE FROM {table} WHERE user_id = :user_id AND day = ANY(CAST(:days AS date[]))") for table in _SUM_TABLES
]
_DAYS_ANEW = _add(_TO_REFRESH)


def add_incoming(session: Session, user_id: int) -> None:
    """Adds the rows of `incoming_plays` (see crud/incoming) to the sums: the cost is that of the new rows alone."""
    surroundings = {"user_id": user_id, "zone": _zone_of(session, user_id)}
    session.execute(_ADD_INCOMING, surroundings)


def refresh_days(session: Session, user_id: int, days: Collection[date]) -> None:
    """Makes the sums of these local days equal to `plays` again."""
    if not days:
        return
    surroundings = {
        "user_id": user_id,
        "zone": _zone_of(session, user_id),
        "days": sorted(days),
        "slack": CLOCK_SLACK,
    }
    for statement in (*_FORGET_DAYS, _DAYS_ANEW):
        session.execute(statement, surroundings)


@contextmanager
def recounted(session: Session, user_id: int, track_ids: Collection[int]) -> Iterator[None]:
    """Inside it, what the plays of these tracks count as may change: they are taken out of the sums and added again.

    The cost is that of these plays alone. `hold_history` is held.
    """
    surroundings = {"user_id": user_id, "zone": _zone_of(session, user_id), "track_ids": list(track_ids)}
    session.execute(_TAKE_TRACKS, surroundings)
    yield
    for statement in (_ADD_TRACKS, *_FORGET_EMPTY):
        session.execute(statement, surroundings)


def rebuild(session: Session, user_id: int) -> None:
    """Makes every sum of the listener anew: after a change of time zone, every day begins elsewhere."""
    surroundings = {"user_id": user_id, "zone": _zone_of(session, user_id)}
    for statement in (*_FORGET_ALL, _ALL_ANEW):
        session.execute(statement, surroundings)


def _zone_of(session: Session, user_id: int) -> str:
    zone: str = session.scalars(text("SELECT time_zone FROM users WHERE id = :user_id"), {"user_id": user_id}).one()
    return zone
