"""Questions about a listener's rhythm: hours of the week, skips, and what was special about a day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud.aggregates import IS_SKIP

RECENT_DAYS = 60
USUAL_WEEKS = 8
LATEST_DAYS = 28


class HourShare(NamedTuple):
    """How often an hour of the week had music; recent weeks count more."""

    weekday: int
    hour: int
    share: float


class Candidate(NamedTuple):
    """A song played lately, and what became of those plays."""

    track_id: int
    track: str
    artist: str
    plays: int
    skips: int


class ArtistFacts(NamedTuple):
    """An artist in the latest weeks of a history."""

    key: str
    artist_id: int
    name: str
    listens: int
    around_hour: int
    """Of these, begun within an hour of the time of day asked about."""
    last_day: date | None
    """The latest local day with a listen, of these weeks."""


class DayFacts(NamedTuple):
    """One local day beside the same weekdays before it. Songs only."""

    day: date
    listens: int
    ms_played: int
    hours: Sequence[int]
    """Local hours with a listen."""
    usual_listens: float | None
    """Mean of the same weekday in up to eight weeks before; None in the first two weeks of a history."""
    top_artist: str | None
    top_artist_listens: int
    new_tracks: int
    """Tracks listened to for the first time ever."""


def hours_of_week(session: Session, user_id: int, until: date) -> list[HourShare]:
    """All 168 hours over the 26 weeks up to `until`, each week counting half as much as one six weeks later.

    Empty for a listener without songs; a weekday that a short history does not hold is left out.
    """
    rows = session.execute(
        text("""
            WITH span AS (
                SELECT greatest(min(day), CAST(:until AS date) - 181) AS first_day
                FROM daily_hours WHERE user_id = :user_id AND kind = 'song' AND listens > 0 AND day <= :until
            ),
            totals AS (
                SELECT extract(isodow FROM each.day)::int - 1 AS weekday,
                       sum(power(0.5, (CAST(:until AS date) - each.day::date) / 42.0)) AS weight
                FROM span CROSS JOIN
                     generate_series(span.first_day, CAST(:until AS date), interval '1 day') AS each (day)
                GROUP BY 1
            ),
            heard AS (
                SELECT extract(isodow FROM d.day)::int - 1 AS weekday, d.hour,
                       sum(power(0.5, (CAST(:until AS date) - d.day) / 42.0)) AS weight
                FROM span JOIN daily_hours d ON d.user_id = :user_id AND d.kind = 'song' AND d.listens > 0
                     AND d.day BETWEEN span.first_day AND CAST(:until AS date)
                GROUP BY 1, 2
            )
            SELECT weekday, each.hour, coalesce(heard.weight, 0) / totals.weight
            FROM totals CROSS JOIN generate_series(0, 23) AS each (hour)
            LEFT JOIN heard USING (weekday, hour) ORDER BY 1, 2
        """),
        {"user_id": user_id, "until": until},
    )
    return [HourShare(weekday, hour, float(share)) for weekday, hour, share in rows]


def played_lately(session: Session, user_id: int, until: date, limit: int) -> list[Candidate]:
    """Songs of the 60 days up to `until`, the most played first; private sessions are left out."""
    rows = session.execute(
        text(f"""
            SELECT t.id, t.key, a.key, count(*)::int AS plays, count(*) FILTER (WHERE {IS_SKIP})::int
            FROM counted_plays p JOIN tracks t ON t.id = p.track_id JOIN artists a ON a.id = t.artist_id
            WHERE p.user_id = :user_id AND p.kind = 'song' AND p.incognito IS NOT TRUE
              AND p.started_at > CAST(:until AS date) - {RECENT_DAYS} AND p.started_at < CAST(:until AS date) + 2
            GROUP BY t.id, a.key ORDER BY plays DESC, t.id LIMIT :limit
        """),
        {"user_id": user_id, "until": until, "limit": limit},
    )
    return [Candidate(*row) for row in rows]


def facts_of_artists(
    session: Session, user_id: int, keys: Collection[str], zone: str, until: date, hour: int
) -> dict[str, ArtistFacts]:
    """The artists with these keys over the 28 local days up to `until`, songs only; private sessions are left out."""
    if not keys:
        return {}
    rows = session.execute(
        text(f"""
            WITH recent AS (
                SELECT t.artist_id, p.started_at AT TIME ZONE :zone AS started
                FROM counted_plays p JOIN tracks t ON t.id = p.track_id
                WHERE p.user_id = :user_id AND p.kind = 'song' AND p.is_listen AND p.incognito IS NOT TRUE
                  AND p.started_at > CAST(:until AS date) - {LATEST_DAYS} AND p.started_at < CAST(:until AS date) + 2
            )
            SELECT a.key, a.id, a.name, count(recent.started)::int,
                   count(*) FILTER (WHERE (extract(hour FROM recent.started) - :hour + 25)::int % 24 <= 2)::int,
                   max(recent.started)::date
            FROM artists a LEFT JOIN recent
              ON recent.artist_id = a.id
              AND recent.started::date BETWEEN CAST(:until AS date) - {LATEST_DAYS - 1} AND CAST(:until AS date)
            WHERE a.key = ANY(:keys) GROUP BY a.id
        """),
        {"user_id": user_id, "keys": list(keys), "zone": zone, "until": until, "hour": hour},
    )
    return {row[0]: ArtistFacts(*row) for row in rows}


def facts_of_days(session: Session, user_id: int, days: Collection[date]) -> dict[date, DayFacts]:
    """What each of these local days was like, silent ones too."""
    rows = session.execute(
        text(f"""
            WITH wanted AS (SELECT unnest(CAST(:days AS date[])) AS day),
            span AS (
                SELECT min(day) AS first_day FROM daily_hours
                WHERE user_id = :user_id AND kind = 'song' AND listens > 0
            ),
            sums AS (
                SELECT day, sum(listens)::int AS listens, sum(ms_played)::bigint AS ms_played,
                       array_agg(hour::int ORDER BY hour) FILTER (WHERE listens > 0) AS hours
                FROM daily_hours WHERE user_id = :user_id AND kind = 'song' AND day = ANY(:days) GROUP BY day
            ),
            usual AS (
                SELECT wanted.day, least({USUAL_WEEKS}, (wanted.day - span.first_day) / 7) AS weeks,
                       coalesce(sum(heard.listens), 0) AS listens
                FROM wanted CROSS JOIN span
                LEFT JOIN daily_hours heard ON heard.user_id = :user_id AND heard.kind = 'song'
                     AND heard.day BETWEEN wanted.day - {7 * USUAL_WEEKS} AND wanted.day - 7
                     AND (wanted.day - heard.day) % 7 = 0
                GROUP BY wanted.day, span.first_day
            ),
            by_artist AS (
                SELECT DISTINCT ON (d.day) d.day, a.name, sum(d.listens)::int AS listens
                FROM daily_tracks d JOIN tracks t ON t.id = d.track_id AND t.kind = 'song'
                JOIN artists a ON a.id = t.artist_id
                WHERE d.user_id = :user_id AND d.day = ANY(:days) AND d.listens > 0
                GROUP BY d.day, a.id, a.name ORDER BY d.day, sum(d.listens) DESC, a.id
            ),
            firsts AS (
                SELECT today.day, count(*)::int AS new_tracks
                FROM daily_tracks today JOIN tracks t ON t.id = today.track_id AND t.kind = 'song'
                WHERE today.user_id = :user_id AND today.day = ANY(:days) AND today.listens > 0
                  AND NOT EXISTS (
                      SELECT FROM daily_tracks earlier
                      WHERE earlier.user_id = :user_id AND earlier.track_id = today.track_id
                        AND earlier.day < today.day AND earlier.listens > 0
                  )
                GROUP BY today.day
            )
            SELECT wanted.day, coalesce(sums.listens, 0), coalesce(sums.ms_played, 0), coalesce(sums.hours, '{{}}'),
                   CASE WHEN usual.weeks >= 2 THEN usual.listens / usual.weeks::float END,
                   by_artist.name, coalesce(by_artist.listens, 0), coalesce(firsts.new_tracks, 0)
            FROM wanted
            LEFT JOIN sums USING (day) LEFT JOIN usual USING (day)
            LEFT JOIN by_artist USING (day) LEFT JOIN firsts USING (day)
        """),
        {"user_id": user_id, "days": sorted(days)},
    )
    return {row[0]: DayFacts(*row) for row in rows}


def unusual_days(session: Session, user_id: int, since: date, until: date, limit: int) -> list[tuple[date, float]]:
    """Days whose listens are farthest from what the same weekday had in the eight weeks before.

    (day, deviation), the largest first. The deviation is counted in standard deviations of that weekday, the spread
    taken as at least the square root of the mean (as for random counts) and at least 3 listens.
    """
    rows = session.execute(
        text(f"""
            WITH span AS (
                SELECT min(day) AS first_day FROM daily_hours
                WHERE user_id = :user_id AND kind = 'song' AND listens > 0
            ),
            daily AS (
                SELECT each.day::date AS day, coalesce(sum(heard.listens), 0)::float AS listens
                FROM span CROSS JOIN generate_series(
                    greatest(span.first_day, CAST(:since AS date) - {7 * USUAL_WEEKS}), CAST(:until AS date),
                    interval '1 day'
                ) AS each (day)
                LEFT JOIN daily_hours heard
                  ON heard.user_id = :user_id AND heard.kind = 'song' AND heard.day = each.day::date
                GROUP BY each.day
            ),
            beside AS (
                SELECT day, listens, avg(listens) OVER before AS mean, stddev_pop(listens) OVER before AS spread,
                       count(*) OVER before AS weeks
                FROM daily
                WINDOW before AS (
                    PARTITION BY extract(isodow FROM day) ORDER BY day
                    ROWS BETWEEN {USUAL_WEEKS} PRECEDING AND 1 PRECEDING
                )
            )
            SELECT day, abs(listens - mean) / greatest(spread, sqrt(mean), 3) AS deviation FROM beside
            WHERE day >= :since AND weeks >= 2 ORDER BY deviation DESC, day DESC LIMIT :limit
        """),
        {"user_id": user_id, "since": since, "until": until, "limit": limit},
    )
    return [(day, float(deviation)) for day, deviation in rows]
