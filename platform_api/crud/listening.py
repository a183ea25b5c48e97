"""Questions about single plays."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from platform_api.crud.clocks import clock_of, local
from platform_api.crud.recordings import recordings_of
from platform_api.models import CountedPlay, Track
from platform_api.models.listening import LENGTH_TOLD_S, LISTEN_MS, MINUTE_S

IS_SKIP = "coalesce(p.skipped, p.reason_end = 'fwdbtn', false)"
"""Spotify's own flag where the export has it; older rows only tell that somebody pressed “next”."""
TELLS_SKIPS = "(p.skipped IS NOT NULL OR p.reason_end <> '')"
"""Where it is known whether the play was skipped: account data and captured plays do not say."""

PlayPlace = tuple[datetime, int]
"""Where a page of plays ends: start and track of its last play."""


INSIDE = (
    "(CAST(:since AS timestamptz) IS NULL OR p.started_at >= :since)"
    " AND (CAST(:until AS timestamptz) IS NULL OR p.started_at < :until)"
)
"""Whether a play `p` began in [since, until); null is no bound."""

_PARTS = text(f"""
    SELECT part, count(*) FILTER (WHERE inside), count(*) FILTER (WHERE inside AND is_listen),
           count(*) FILTER (WHERE inside AND is_skip), coalesce(sum(ms_played) FILTER (WHERE inside), 0),
           min(started_at), max(started_at)
    FROM (
        SELECT date_trunc(:unit, {local("p.started_at")})::date AS part, p.started_at, p.is_listen, p.ms_played,
               {IS_SKIP} AS is_skip, {INSIDE} AS inside
        FROM counted_plays p
        WHERE p.user_id = :user_id AND p.played_track_id = ANY(CAST(:ids AS bigint[]))
    ) AS own
    GROUP BY 1 ORDER BY 1
""")


# two questions, each with an index that holds such plays only: a history of exports costs nothing
_NOBODY_TOLD = text(f"""
    SELECT count(*) FILTER (WHERE by_track), coalesce(sum(ms_played) FILTER (WHERE by_track), 0),
           count(*) FILTER (WHERE NOT by_track)
    FROM (
        SELECT kind, started_at, ms_played, true AS by_track FROM counted_plays
        WHERE user_id = :user_id AND source = 'spotify_api'
          AND ended_at >= :since AND ended_at < CAST(:until AS timestamptz) + interval '1 day'
        UNION ALL
        SELECT kind, started_at, ms_played, precision_s = {LENGTH_TOLD_S} OR ms_played > {LISTEN_MS} FROM counted_plays
        WHERE user_id = :user_id AND started_at >= :since AND started_at < :until AND precision_s > {MINUTE_S}
    ) AS vague
    WHERE kind = 'song' AND started_at >= :since AND started_at < :until
""")


class NobodyTold(NamedTuple):
    """Songs whose length nobody told: those counted by the length of their track, and those counted as the least."""

    by_track_plays: int
    by_track_ms: int
    least_plays: int


class MonthOfListening(NamedTuple):
    month: date
    plays: int
    listens: int
    ms_played: int


class DayOfListening(NamedTuple):
    day: date
    plays: int
    listens: int
    ms_played: int


class During(NamedTuple):
    """Started in [since, until), None: without a bound. `by_day`: short enough to be told day by day."""

    since: datetime | None = None
    until: datetime | None = None
    by_day: bool = False


EVER = During()


class History(NamedTuple):
    """How one listener has listened to one track or artist during some time; first and last are of all time."""

    plays: int
    listens: int
    skips: int
    ms_played: int
    first_played_at: datetime | None
    last_played_at: datetime | None
    months: list[MonthOfListening]
    days: list[DayOfListening]
    """Only where it is told day by day."""


class Wanted(NamedTuple):
    """Which plays of a history: started in [since, until), of these tracks as they count; None: any."""

    since: datetime | None = None
    until: datetime | None = None
    track_ids: Collection[int] | None = None


EVERYTHING = Wanted()


def recent_plays(
    session: Session, user_id: int, before: PlayPlace | None, limit: int, wanted: Wanted = EVERYTHING
) -> list[CountedPlay]:
    """The listener's plays of every kind, newest start first, behind the place `before`."""
    question = select(CountedPlay).where(CountedPlay.user_id == user_id)
    if before is not None:
        started_at, track_id = before
        question = question.where(
            CountedPlay.started_at <= started_at,
            tuple_(CountedPlay.started_at, CountedPlay.played_track_id) < tuple_(started_at, track_id),
        )
    if wanted.since is not None:
        question = question.where(CountedPlay.started_at >= wanted.since)
    if wanted.until is not None:
        question = question.where(CountedPlay.started_at < wanted.until)
    if wanted.track_ids is not None:
        played = recordings_of(session, user_id, wanted.track_ids)
        question = question.where(CountedPlay.played_track_id.in_(played))
    newest = question.order_by(CountedPlay.started_at.desc(), CountedPlay.played_track_id.desc())
    return list(session.scalars(newest.limit(limit)))


def lengths_nobody_told(session: Session, user_id: int, since: datetime, until: datetime) -> NobodyTold:
    """Among the plays that started in [since, until)."""
    span = {"user_id": user_id, "since": since, "until": until}
    return NobodyTold(*map(int, session.execute(_NOBODY_TOLD, span).one()))


def tracks_of(session: Session, *, artist_id: int | None = None, album_id: int | None = None) -> list[int]:
    """Every track of an artist or an album."""
    of = Track.artist_id == artist_id if artist_id is not None else Track.album_id == album_id
    return list(session.scalars(select(Track.id).where(of)))


def who_played(session: Session, track_ids: Collection[int]) -> list[int]:
    """Listeners with plays of any of these tracks. Walks the index of every listener: for rare repairs only."""
    if not track_ids:
        return []
    return list(
        session.scalars(
            text("SELECT DISTINCT user_id FROM plays WHERE track_id = ANY(CAST(:ids AS bigint[])) ORDER BY user_id"),
            {"ids": list(track_ids)},
        )
    )


def track_history(session: Session, user_id: int, track_id: int, during: During = EVER) -> History:
    """The listener's whole story with one track."""
    return _history(session, user_id, [track_id], during)


def artist_history(session: Session, user_id: int, artist_id: int, during: During = EVER) -> History:
    """The listener's whole story with everything of one artist."""
    return _history(session, user_id, tracks_of(session, artist_id=artist_id), during)


def album_history(session: Session, user_id: int, album_id: int, during: During = EVER) -> History:
    """The listener's whole story with everything of one album."""
    return _history(session, user_id, tracks_of(session, album_id=album_id), during)


def _history(session: Session, user_id: int, track_ids: Collection[int], during: During) -> History:
    own = {"user_id": user_id, "ids": recordings_of(session, user_id, track_ids), **clock_of(session, user_id)}
    asked = {"unit": "day" if during.by_day else "month", "since": during.since, "until": during.until}
    parts = session.execute(_PARTS, {**own, **asked}).all()
    if not parts:
        return History(0, 0, 0, 0, None, None, [], [])
    plays, listens, skips, ms_played = (int(sum(row[column] for row in parts)) for column in (1, 2, 3, 4))
    heard = [DayOfListening(row[0], int(row[1]), int(row[2]), int(row[4])) for row in parts if row[1]]
    return History(
        plays,
        listens,
        skips,
        ms_played,
        min(row[5] for row in parts),
        max(row[6] for row in parts),
        _months(heard),
        heard if during.by_day else [],
    )


def _months(heard: Sequence[DayOfListening]) -> list[MonthOfListening]:
    """Sums of days, or of months by their first day, oldest first."""
    months = []
    for month, parts in groupby(heard, key=lambda part: part.day.replace(day=1)):
        plays, listens, ms_played = map(sum, zip(*(part[1:] for part in parts), strict=True))
        months.append(MonthOfListening(month, plays, listens, ms_played))
    return months
