"""Questions about single plays behind the page of habits: what was played lately, by whom, and what was new."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from platform_api.crud.clocks import clock, local
from platform_api.crud.listening import IS_SKIP, TELLS_SKIPS
from platform_api.models import Artist, Track
from platform_api.utils.local_time import midnight

RECENT_DAYS = 60
LATEST_DAYS = 28


class Candidate(NamedTuple):
    """A song played lately, and what became of those plays."""

    track_id: int
    track: str
    artist: str
    plays: int
    told: int
    """Plays of which it is known whether they were skipped."""
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


def played_lately(session: Session, user_id: int, until: date, limit: int) -> list[Candidate]:
    """Songs of the 60 days up to `until`, the most played first; private sessions are left out."""
    rows = session.execute(
        text(f"""
            SELECT t.id, t.key, a.key, count(*)::int AS plays, count(*) FILTER (WHERE {TELLS_SKIPS})::int,
                   count(*) FILTER (WHERE {IS_SKIP})::int
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
                SELECT t.artist_id, {local("p.started_at")} AS started
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
        {"user_id": user_id, "keys": list(keys), "until": until, "hour": hour, **clock(zone)},
    )
    return {row[0]: ArtistFacts(*row) for row in rows}


def artists_of(session: Session, track_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """track → its artist, as id and name."""
    found = select(Track.id, Artist.id, Artist.name).join(Artist).where(Track.id.in_(track_ids))
    return {track_id: (artist_id, name) for track_id, artist_id, name in session.execute(found)}


def listened_before(
    session: Session, user_id: int, zone: str, track_days: Collection[tuple[int, date]]
) -> set[tuple[int, date]]:
    """Which of these tracks, as they count, had a listen before the local day beside them. By index: what it costs does
    not grow with the years."""
    where = ZoneInfo(zone)
    found = session.execute(
        text("""
            SELECT track_id, day
            FROM unnest(CAST(:track_ids AS bigint[]), CAST(:days AS date[]), CAST(:begins AS timestamptz[]))
                 AS asked (track_id, day, began)
            WHERE EXISTS (
                SELECT FROM counted_plays p WHERE p.user_id = :user_id AND p.played_track_id = asked.track_id
                AND p.track_id = asked.track_id AND p.is_listen AND p.started_at < asked.began
            ) OR EXISTS (
                SELECT FROM track_merges m JOIN counted_plays p ON p.played_track_id = m.track_id
                WHERE m.user_id = :user_id AND m.counted_as = asked.track_id
                AND p.user_id = :user_id AND p.is_listen AND p.started_at < asked.began
            )
        """),
        {
            "user_id": user_id, "track_ids": [track_id for track_id, _ in track_days],
            "days": [day for _, day in track_days], "begins": [midnight(day, where) for _, day in track_days],
        },
    )  # fmt: skip
    return {(track_id, day) for track_id, day in found}
