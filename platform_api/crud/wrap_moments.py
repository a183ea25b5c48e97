"""Questions that find what was unusual in a span: who led when, what was an obsession, which day was unlike the others,
what fell silent. Songs only; all answered from the sums by day."""

from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud.analytics import DayRange

PhaseUnit = Literal["month", "week"]

_HEARD = """
    FROM daily_tracks daily JOIN tracks ON tracks.id = daily.track_id AND tracks.kind = 'song'
    WHERE daily.user_id = :user_id AND daily.day BETWEEN :first AND :last AND daily.listens > 0
"""


class Leader(NamedTuple):
    """Who was listened to longest in one month or week; `ms_total` is the time of everybody together."""

    start: date
    artist_id: int
    name: str
    listens: int
    ms_played: int
    ms_total: int


class Burst(NamedTuple):
    """A track whose listens crowd into the seven days that begin on `first_day`."""

    track_id: int
    first_day: date
    listens: int
    in_all: int


class StrangeDay(NamedTuple):
    """A day on which `listens` of `in_all` were of `artists` artists that no other day of the span heard."""

    day: date
    listens: int
    in_all: int
    artists: int
    artist_id: int
    name: str


class Quiet(NamedTuple):
    """An artist of the span before who was hardly heard in this one."""

    artist_id: int
    name: str
    rank_before: int
    listens_before: int
    listens: int


class Faithful(NamedTuple):
    """How many tracks were never skipped, and the one played most among them."""

    tracks: int
    track_id: int
    plays: int


def leaders(session: Session, user_id: int, days: DayRange, unit: PhaseUnit) -> list[Leader]:
    """Oldest first; months and weeks (from Monday) without a listen are left out."""
    rows = session.execute(
        text(f"""
            WITH heard AS (
                SELECT date_trunc(:unit, daily.day::timestamp)::date AS start, tracks.artist_id,
                       sum(daily.listens) AS listens, sum(daily.ms_played) AS ms_played
                {_HEARD} GROUP BY 1, 2
            ),
            first AS (
                SELECT DISTINCT ON (start) start, artist_id, listens, ms_played,
                       sum(ms_played) OVER (PARTITION BY start) AS ms_total
                FROM heard ORDER BY start, ms_played DESC, listens DESC, artist_id
            )
            SELECT start, artist_id, artists.name, listens, ms_played, ms_total
            FROM first JOIN artists ON artists.id = artist_id ORDER BY start
        """),
        {**_days(user_id, days), "unit": unit},
    )
    return [
        Leader(row.start, row.artist_id, row.name, int(row.listens), int(row.ms_played), int(row.ms_total))
        for row in rows
    ]


def week_obsession(
    session: Session, user_id: int, days: DayRange, *, min_listens: int, min_share: float
) -> Burst | None:
    """The track that seven days heard most often, weighed by how much of all its listens of the span they hold."""
    row = session.execute(
        text(f"""
            WITH often AS (
                SELECT daily.track_id, sum(daily.listens) AS in_all {_HEARD}
                GROUP BY 1 HAVING sum(daily.listens) >= :min_listens ORDER BY 2 DESC LIMIT 300
            ),
            weeks AS (
                SELECT daily.track_id, daily.day, often.in_all, sum(daily.listens) OVER (
                    PARTITION BY daily.track_id ORDER BY daily.day
                    RANGE BETWEEN CURRENT ROW AND interval '6 days' FOLLOWING
                ) AS listens
                FROM daily_tracks daily JOIN often ON often.track_id = daily.track_id
                WHERE daily.user_id = :user_id AND daily.day BETWEEN :first AND :last AND daily.listens > 0
            )
            SELECT track_id, day, listens, in_all FROM weeks
            WHERE listens >= :min_listens AND listens >= :min_share * in_all
            ORDER BY listens * listens / in_all DESC, listens DESC, day, track_id LIMIT 1
        """),
        {**_days(user_id, days), "min_listens": min_listens, "min_share": min_share},
    ).first()
    return Burst(row[0], row[1], int(row[2]), int(row[3])) if row else None


def day_unlike_the_others(
    session: Session, user_id: int, days: DayRange, *, min_listens: int, min_share: float
) -> StrangeDay | None:
    """The day with most listens of artists heard on no other day of the span, weighed by their share of the day."""
    row = session.execute(
        text(f"""
            WITH heard AS (
                SELECT daily.day, tracks.artist_id, sum(daily.listens) AS listens {_HEARD} GROUP BY 1, 2
            ),
            once AS (SELECT artist_id FROM heard GROUP BY 1 HAVING count(*) = 1),
            marked AS (
                SELECT heard.*, once.artist_id IS NOT NULL AS strange FROM heard LEFT JOIN once USING (artist_id)
            ),
            days AS (
                SELECT day, sum(listens) FILTER (WHERE strange) AS listens, sum(listens) AS in_all,
                       count(*) FILTER (WHERE strange) AS artists
                FROM marked GROUP BY 1
            ),
            best AS (
                SELECT * FROM days WHERE listens >= :min_listens AND listens >= :min_share * in_all
                ORDER BY listens * listens / in_all DESC, day LIMIT 1
            )
            SELECT best.day, best.listens, best.in_all, best.artists, marked.artist_id, artists.name
            FROM best JOIN marked ON marked.day = best.day AND marked.strange
            JOIN artists ON artists.id = marked.artist_id
            ORDER BY marked.listens DESC, marked.artist_id LIMIT 1
        """),
        {**_days(user_id, days), "min_listens": min_listens, "min_share": min_share},
    ).first()
    return StrangeDay(row[0], int(row[1]), int(row[2]), row[3], row[4], row[5]) if row else None


def fell_silent(
    session: Session, user_id: int, days: DayRange, before: DayRange, *, min_listens: int, max_left: float
) -> Quiet | None:
    """The artist who lost most listens since `before` and has at most `max_left` of them left."""
    row = session.execute(
        text("""
            WITH heard AS (
                SELECT tracks.artist_id,
                       coalesce(sum(daily.listens) FILTER (WHERE daily.day BETWEEN :first AND :last), 0) AS now,
                       coalesce(sum(daily.listens) FILTER (WHERE daily.day BETWEEN :first_before AND :last_before), 0)
                           AS before
                FROM daily_tracks daily JOIN tracks ON tracks.id = daily.track_id AND tracks.kind = 'song'
                WHERE daily.user_id = :user_id AND daily.listens > 0
                AND (daily.day BETWEEN :first AND :last OR daily.day BETWEEN :first_before AND :last_before)
                GROUP BY 1
            ),
            ranked AS (SELECT *, rank() OVER (ORDER BY before DESC) AS rank_before FROM heard)
            SELECT artist_id, artists.name, rank_before, before, now FROM ranked
            JOIN artists ON artists.id = artist_id
            WHERE before >= :min_listens AND now <= :max_left * before
            ORDER BY before - now DESC, artist_id LIMIT 1
        """),
        {
            **_days(user_id, days),
            "first_before": before.first,
            "last_before": before.last,
            "min_listens": min_listens,
            "max_left": max_left,
        },
    ).first()
    return Quiet(row[0], row[1], row[2], int(row[3]), int(row[4])) if row else None


def never_skipped(session: Session, user_id: int, days: DayRange, *, min_plays: int) -> Faithful | None:
    row = session.execute(
        text("""
            WITH kept AS (
                SELECT track_id, sum(plays) AS plays FROM daily_tracks daily
                JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
                WHERE user_id = :user_id AND day BETWEEN :first AND :last
                GROUP BY 1 HAVING sum(skips) = 0 AND sum(plays) >= :min_plays AND sum(daily.listens) >= :min_plays
            )
            SELECT count(*) OVER (), track_id, plays FROM kept ORDER BY plays DESC, track_id LIMIT 1
        """),
        {**_days(user_id, days), "min_plays": min_plays},
    ).first()
    return Faithful(row[0], row[1], int(row[2])) if row else None


def _days(user_id: int, days: DayRange) -> dict[str, object]:
    return {"user_id": user_id, "first": days.first, "last": days.last}
