"""Questions about what to play next: recent plays, what was said to earlier suggestions, and plain counts."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, aliased

from platform_api.crud.hiding import tracks_by_hidden
from platform_api.crud.recordings import merged_away
from platform_api.models import Artist, CountedPlay, DailyTrack, RecommendationFeedback, RecommendationShown, Track


class PlayFact(NamedTuple):
    """A play as the models are told of it: raw, with keys for names."""

    track: str
    artist: str
    started_at: datetime
    ended_at: datetime
    ms_played: int
    reason_start: str | None
    reason_end: str | None
    shuffle: bool | None
    skipped: bool | None


class Counted(NamedTuple):
    """What a listener did with one track, all time."""

    plays: int
    listens: int
    skips: int
    last_day: date


class Suggested(NamedTuple):
    """A track that plain counting suggests, with the numbers that say why."""

    track_id: int
    score: float
    listeners: int
    """Other listeners who played it in the past year; 0 where that is not the reason."""
    evidence: tuple[int, ...]
    """Own tracks that speak for it."""


def recent_song_plays(
    session: Session, user_id: int, limit: int, *, since: datetime | None = None, before: datetime | None = None
) -> list[PlayFact]:
    """The latest plays of songs that began from `since` on and before `before`, oldest first. Private sessions stay
    private: models do not hear of them."""
    latest = (
        select(
            Track.key,
            Artist.key,
            CountedPlay.started_at,
            CountedPlay.ended_at,
            CountedPlay.ms_played,
            CountedPlay.reason_start,
            CountedPlay.reason_end,
            CountedPlay.shuffle,
            CountedPlay.skipped,
        )
        .join(Track, Track.id == CountedPlay.track_id)
        .join(Artist, Artist.id == Track.artist_id)
        .where(CountedPlay.user_id == user_id, CountedPlay.kind == "song", CountedPlay.incognito.is_distinct_from(True))
        .order_by(CountedPlay.started_at.desc(), CountedPlay.ended_at.desc())
        .limit(limit)
    )
    if since is not None:
        latest = latest.where(CountedPlay.started_at >= since)
    if before is not None:
        latest = latest.where(CountedPlay.started_at < before)
    return [PlayFact(*row) for row in reversed(session.execute(latest).all())]


def hidden_tracks(session: Session, user_id: int) -> dict[int, str]:
    """Tracks that must never be suggested to the listener: id → key.

    They said so of the track or of an artist credited with it, or it counts as another recording.
    """
    said = (
        select(Track.id, Track.key)
        .join(RecommendationFeedback, RecommendationFeedback.track_id == Track.id)
        .where(RecommendationFeedback.user_id == user_id, RecommendationFeedback.verdict == "hide")
        .order_by(Track.id)
    )
    return {**dict(session.execute(said).all()), **tracks_by_hidden(session, user_id), **merged_away(session, user_id)}


def heard_recordings(session: Session, user_id: int) -> list[str]:
    """The key of every track the listener ever played, and of its twins: the same title by the same artist."""
    heard = aliased(Track)
    keys = (
        select(Track.key)
        .join(heard, (heard.artist_id == Track.artist_id) & (heard.name_key == Track.name_key))
        .join(DailyTrack, DailyTrack.track_id == heard.id)
        .where(DailyTrack.user_id == user_id)
        .distinct()
        .order_by(Track.key)
    )
    return list(session.scalars(keys))


def give_feedback(session: Session, user_id: int, track_id: int, verdict: str) -> None:
    """The listener's latest word about a track replaces the one before."""
    said = upsert(RecommendationFeedback).values(user_id=user_id, track_id=track_id, verdict=verdict)
    session.execute(
        said.on_conflict_do_update(
            index_elements=["user_id", "track_id"],
            set_={"verdict": said.excluded.verdict, "given_at": text("now()"), "told_by": None},
        )
    )


def withdraw_feedback(session: Session, user_id: int, track_id: int) -> None:
    session.execute(
        delete(RecommendationFeedback).where(
            RecommendationFeedback.user_id == user_id, RecommendationFeedback.track_id == track_id
        )
    )


def remember_shown(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps what was suggested, so that later plays can tell whether it was any good."""
    if rows:
        session.execute(insert(RecommendationShown), rows)


def counted_plays(session: Session, user_id: int, track_ids: Collection[int]) -> dict[int, Counted]:
    """All-time counts of these tracks; tracks never played are left out."""
    rows = session.execute(
        text("""
            SELECT track_id, sum(plays)::int, sum(listens)::int, sum(skips)::int, max(day)
            FROM daily_tracks WHERE user_id = :user_id AND track_id = ANY(:ids) GROUP BY track_id
        """),
        {"user_id": user_id, "ids": list(track_ids)},
    )
    return {row[0]: Counted(*row[1:]) for row in rows}


def last_day(session: Session, user_id: int) -> date | None:
    """The listener's latest local day with a play."""
    return session.scalar(
        select(DailyTrack.day).where(DailyTrack.user_id == user_id).order_by(DailyTrack.day.desc()).limit(1)
    )


def played_most_lately(
    session: Session, user_id: int, until: date, hidden: Collection[int], limit: int
) -> list[Suggested]:
    """Songs by listens that lose half their weight every 30 days before `until`."""
    rows = session.execute(
        text("""
            SELECT d.track_id, sum(d.listens * power(0.5, (:until - d.day) / 30.0)) AS score
            FROM daily_tracks d JOIN tracks t ON t.id = d.track_id AND t.kind = 'song'
            WHERE d.user_id = :user_id AND d.listens > 0 AND d.track_id <> ALL(:hidden)
            GROUP BY d.track_id ORDER BY score DESC, d.track_id LIMIT :limit
        """),
        {"user_id": user_id, "until": until, "hidden": list(hidden), "limit": limit},
    )
    return [Suggested(track_id, float(score), 0, ()) for track_id, score in rows]


def silent_favourites(
    session: Session, user_id: int, before: date, hidden: Collection[int], limit: int
) -> list[Suggested]:
    """Songs listened to at least five times, and not since `before`: the most listened first."""
    rows = session.execute(
        text("""
            SELECT d.track_id, sum(d.listens) AS score
            FROM daily_tracks d JOIN tracks t ON t.id = d.track_id AND t.kind = 'song'
            WHERE d.user_id = :user_id AND d.track_id <> ALL(:hidden)
            GROUP BY d.track_id HAVING sum(d.listens) >= 5 AND max(d.day) < :before
            ORDER BY score DESC, d.track_id LIMIT :limit
        """),
        {"user_id": user_id, "before": before, "hidden": list(hidden), "limit": limit},
    )
    return [Suggested(track_id, float(score), 0, ()) for track_id, score in rows]


def unheard_nearby(session: Session, user_id: int, until: date, hidden: Collection[int], limit: int) -> list[Suggested]:
    """Songs never played: by artists listened to lately, or played by two other listeners or more.

    Only listeners who let their plays be learnt from are counted, and one person alone never shows through.
    At most three songs by one artist.
    """
    rows = session.execute(
        text("""
            WITH mine AS (
                SELECT d.track_id, t.artist_id, sum(d.listens) AS listens,
                       sum(d.listens * power(0.5, (:until - d.day) / 60.0)) AS warmth
                FROM daily_tracks d JOIN tracks t ON t.id = d.track_id AND t.kind = 'song'
                WHERE d.user_id = :user_id GROUP BY d.track_id, t.artist_id
            ),
            artist AS (
                SELECT artist_id, sum(warmth) / max(sum(warmth)) OVER () AS warmth,
                       (array_agg(track_id ORDER BY listens DESC, track_id) FILTER (WHERE listens > 0))[1:2] AS evidence
                FROM mine GROUP BY artist_id HAVING sum(warmth) > 0
            ),
            others AS (
                SELECT d.track_id, count(DISTINCT d.user_id) AS listeners
                FROM daily_tracks d JOIN users u ON u.id = d.user_id AND u.may_train
                WHERE d.user_id <> :user_id AND d.listens > 0 AND d.day > :until - 365
                GROUP BY d.track_id HAVING count(DISTINCT d.user_id) >= 2
            ),
            scored AS (
                SELECT t.id, t.artist_id, coalesce(others.listeners, 0) AS listeners, artist.evidence,
                       coalesce(artist.warmth, 0)
                       + 0.5 * coalesce(ln(1 + others.listeners) / max(ln(1 + others.listeners)) OVER (), 0) AS score
                FROM tracks t
                LEFT JOIN artist ON artist.artist_id = t.artist_id
                LEFT JOIN others ON others.track_id = t.id
                WHERE t.kind = 'song' AND t.name_key <> '' AND t.id <> ALL(:hidden)
                  AND (artist.artist_id IS NOT NULL OR others.track_id IS NOT NULL)
                  AND NOT EXISTS (SELECT FROM mine WHERE mine.track_id = t.id)
            ),
            capped AS (
                SELECT *, row_number() OVER (PARTITION BY artist_id ORDER BY score DESC, id) AS place FROM scored
            )
            SELECT id, score, listeners, coalesce(evidence, '{}') FROM capped WHERE place <= 3
            ORDER BY score DESC, id LIMIT :limit
        """),
        {"user_id": user_id, "until": until, "hidden": list(hidden), "limit": limit},
    )
    return [Suggested(track, float(score), listeners, tuple(evidence)) for track, score, listeners, evidence in rows]
