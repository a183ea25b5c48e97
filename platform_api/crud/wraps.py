"""Questions that only a wrap asks: first times, comebacks, endings, extremes. Songs only."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud.analytics import DayRange


class Found(NamedTuple):
    """A track listened to for the first time ever."""

    track_id: int
    day: date
    listens: int


class Returned(NamedTuple):
    """A track or an artist that came back after a silence."""

    id: int
    silent_days: int
    back_on: date
    listens: int


class Lives(NamedTuple):
    """What began and what came back. Silences are those that ended longest after they began."""

    found: list[Found]
    new_artists: int
    tracks_back: list[Returned]
    artists_back: list[Returned]


class TrackDay(NamedTuple):
    track_id: int
    day: date
    listens: int


class Skips(NamedTuple):
    track_id: int
    skips: int
    plays: int


class Finished(NamedTuple):
    track_id: int
    finished: int
    plays: int


class Endings(NamedTuple):
    """How plays ended and were meant. A `known_*` counts the plays of which the export tells it."""

    plays: int
    known_ends: int
    finished: int
    known_shuffle: int
    shuffled: int
    known_offline: int
    offline: int


class Moment(NamedTuple):
    track_id: int
    started_at: datetime


_LIVES = text("""
    WITH lives AS MATERIALIZED (
        SELECT track_id, artist_id, min(day) AS first_heard, max(day) FILTER (WHERE day < :first) AS before,
               min(day) FILTER (WHERE day >= :first) AS back, sum(listens) FILTER (WHERE day >= :first) AS listens
        FROM daily_tracks JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
        WHERE user_id = :user_id AND day <= :last AND listens > 0
        GROUP BY track_id, artist_id
    ),
    artist_lives AS MATERIALIZED (
        SELECT artist_id, min(first_heard) AS first_heard, max(before) AS before, min(back) AS back,
               sum(listens) AS listens
        FROM lives GROUP BY artist_id
    )
    (SELECT 'found' AS what, track_id AS id, first_heard AS day, 0 AS silent_days, listens FROM lives
     WHERE first_heard >= :first ORDER BY listens DESC, first_heard, track_id LIMIT :limit)
    UNION ALL
    (SELECT 'new artists', NULL, NULL, 0, count(*) FROM artist_lives WHERE first_heard >= :first)
    UNION ALL
    (SELECT 'track back', track_id, back, back - before, listens FROM lives
     WHERE back - before >= :min_days AND listens >= :min_listens
     ORDER BY back - before DESC, listens DESC, track_id LIMIT :back)
    UNION ALL
    (SELECT 'artist back', artist_id, back, back - before, listens FROM artist_lives
     WHERE back - before >= :min_days AND listens >= :min_listens
     ORDER BY back - before DESC, listens DESC, artist_id LIMIT :back)
""")
_IN_SPAN = "p.user_id = :user_id AND p.started_at >= :since AND p.started_at < :until AND p.kind = 'song'"


def lives(
    session: Session, user_id: int, days: DayRange, *, found: int, back: int, min_silent_days: int, min_listens: int
) -> Lives:
    """One walk over the listener's history up to the last of `days`: what was new in them and what came back.

    At most `found` new tracks, those listened to most first, and `back` tracks and artists that came back. A comeback
    ends a silence of `min_silent_days` at least and was then listened to `min_listens` times.
    """
    rows = session.execute(
        _LIVES,
        {**_days(user_id, days), "limit": found, "back": back, "min_days": min_silent_days, "min_listens": min_listens},
    ).all()
    new_artists = next(int(row.listens) for row in rows if row.what == "new artists")
    return Lives(
        [Found(row.id, row.day, int(row.listens)) for row in rows if row.what == "found"],
        new_artists,
        *(
            [Returned(row.id, row.silent_days, row.day, int(row.listens)) for row in rows if row.what == what]
            for what in ("track back", "artist back")
        ),
    )


def most_repeated_day(session: Session, user_id: int, days: DayRange) -> TrackDay | None:
    """The track listened to most often in a single day."""
    row = session.execute(
        text("""
            SELECT track_id, day, daily_tracks.listens FROM daily_tracks
            JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
            WHERE user_id = :user_id AND day BETWEEN :first AND :last AND listens > 0
            ORDER BY listens DESC, ms_played DESC, day, track_id LIMIT 1
        """),
        _days(user_id, days),
    ).first()
    return TrackDay(*row) if row else None


def most_skipped(session: Session, user_id: int, days: DayRange, min_plays: int) -> Skips | None:
    """The track with the largest share of skips among those played at least `min_plays` times, as if each had ten more
    plays without: neither a favourite played all day nor one bad afternoon makes a track unloved."""
    row = session.execute(
        text("""
            SELECT track_id, sum(skips), sum(plays) FROM daily_tracks
            JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
            WHERE user_id = :user_id AND day BETWEEN :first AND :last
            GROUP BY 1 HAVING sum(plays) >= :min_plays AND sum(skips) > 0
            ORDER BY sum(skips)::float / (sum(plays) + 10) DESC, 2 DESC, 1 LIMIT 1
        """),
        {**_days(user_id, days), "min_plays": min_plays},
    ).first()
    return Skips(row[0], int(row[1]), int(row[2])) if row else None


def endings(session: Session, user_id: int, since: datetime, until: datetime) -> Endings:
    row = session.execute(
        text(f"""
            SELECT count(*), count(reason_end), count(*) FILTER (WHERE reason_end = 'trackdone'),
                   count(shuffle), count(*) FILTER (WHERE shuffle), count(offline), count(*) FILTER (WHERE offline)
            FROM counted_plays p WHERE {_IN_SPAN}
        """),
        _moments(user_id, since, until),
    ).one()
    return Endings(*row)


def most_finished(session: Session, user_id: int, since: datetime, until: datetime) -> Finished | None:
    """The track most often listened to until its end."""
    row = session.execute(
        text(f"""
            SELECT track_id, count(*) FILTER (WHERE reason_end = 'trackdone') AS finished, count(*)
            FROM counted_plays p WHERE {_IN_SPAN} GROUP BY 1
            ORDER BY finished DESC, count(*), track_id LIMIT 1
        """),
        _moments(user_id, since, until),
    ).first()
    return Finished(*row) if row and row[1] else None


def first_listen(session: Session, user_id: int, since: datetime, until: datetime) -> Moment | None:
    return _one_listen(session, "ASC", user_id, since, until)


def last_listen(session: Session, user_id: int, since: datetime, until: datetime) -> Moment | None:
    return _one_listen(session, "DESC", user_id, since, until)


def _one_listen(session: Session, order: str, user_id: int, since: datetime, until: datetime) -> Moment | None:
    row = session.execute(
        text(f"""
            SELECT track_id, started_at FROM counted_plays p WHERE {_IN_SPAN} AND p.is_listen
            ORDER BY started_at {order}, track_id LIMIT 1
        """),
        _moments(user_id, since, until),
    ).first()
    return Moment(*row) if row else None


def favourite_of_day(session: Session, user_id: int, day: date) -> int | None:
    """The track listened to longest on that day."""
    favourite: int | None = session.scalar(
        text("""
            SELECT track_id FROM daily_tracks JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
            WHERE user_id = :user_id AND day = :day ORDER BY ms_played DESC, listens DESC, track_id LIMIT 1
        """),
        {"user_id": user_id, "day": day},
    )
    return favourite


def _days(user_id: int, days: DayRange) -> dict[str, object]:
    return {"user_id": user_id, "first": days.first, "last": days.last}


def _moments(user_id: int, since: datetime, until: datetime) -> dict[str, object]:
    return {"user_id": user_id, "since": since, "until": until}
