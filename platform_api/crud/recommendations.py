"""Questions about what to play next: recent plays, what was said to earlier suggestions, and plain counts."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from platform_api.crud.analytics import id_array
from platform_api.crud.clocks import clock_of, local
from platform_api.crud.hiding import tracks_by_hidden
from platform_api.crud.listening import EVER, INSIDE, IS_SKIP, During
from platform_api.crud.recordings import merged_away, recordings_of
from platform_api.models import Artist, CountedPlay, RecommendationFeedback, RecommendationShown, Track


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
    last_day: date | None
    """Of the last listen."""


class Heard(NamedTuple):
    """Every song that a listener played, side by side: the listens, and as many as they are worth today."""

    track_ids: Collection[int]
    listens: Collection[int]
    warmth: Collection[float]


class Suggested(NamedTuple):
    """A track that plain counting suggests, with the numbers that say why."""

    track_id: int
    score: float
    listeners: int
    """Other listeners who played it in the year before; 0 where that is not the reason."""
    evidence: tuple[int, ...]
    """Own tracks that speak for it."""


def recent_song_plays(
    session: Session, user_id: int, limit: int, *, since: datetime | None = None, before: datetime | None = None
) -> list[PlayFact]:
    """The latest plays of songs that began from `since` on and before `before`, oldest first. Private sessions stay
    private: models do not hear of them."""
    latest = _song_facts(user_id).order_by(CountedPlay.started_at.desc(), CountedPlay.ended_at.desc()).limit(limit)
    if since is not None:
        latest = latest.where(CountedPlay.started_at >= since)
    if before is not None:
        latest = latest.where(CountedPlay.started_at < before)
    return [PlayFact(*row) for row in reversed(session.execute(latest).all())]


def plays_of_songs(
    session: Session, user_id: int, track_ids: Collection[int], most_each: int, *, before: datetime
) -> list[PlayFact]:
    """Of each of these songs the latest plays that began before `before`, all together oldest first. Private sessions
    stay private."""
    if not track_ids:
        return []
    place = func.row_number().over(partition_by=CountedPlay.track_id, order_by=CountedPlay.started_at.desc())
    played = recordings_of(session, user_id, track_ids)
    plays = (
        _song_facts(user_id)
        .add_columns(place.label("place"))
        .where(CountedPlay.played_track_id == func.any_(played), CountedPlay.started_at < before)
        .subquery()
    )
    facts = [column for column in plays.c if column.name != "place"]
    latest = select(*facts).where(plays.c.place <= most_each).order_by(plays.c.started_at, plays.c.ended_at)
    return [PlayFact(*row) for row in session.execute(latest)]


def _song_facts(user_id: int) -> Select[*tuple[Any, ...]]:
    """The columns of `PlayFact` of every song play that is not private."""
    return (
        select(
            Track.key.label("track"),
            Artist.key.label("artist"),
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
    )


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


def tracks_hidden(session: Session, user_id: int) -> list[tuple[int, datetime]]:
    """Tracks that the listener does not want suggested, and since when; the latest first."""
    said = (
        select(RecommendationFeedback.track_id, RecommendationFeedback.given_at)
        .where(RecommendationFeedback.user_id == user_id, RecommendationFeedback.verdict == "hide")
        .order_by(RecommendationFeedback.given_at.desc(), RecommendationFeedback.track_id)
    )
    return [(track_id, given_at) for track_id, given_at in session.execute(said)]


def loved_tracks(session: Session, user_id: int) -> list[tuple[int, datetime]]:
    """Tracks that the listener loves, each as the one that it counts as, and since when; the latest first."""
    said = text("""
        SELECT coalesce(m.counted_as, f.track_id), max(f.given_at) FROM recommendation_feedback f
        LEFT JOIN track_merges m ON m.user_id = f.user_id AND m.track_id = f.track_id
        WHERE f.user_id = :user_id AND f.verdict = 'love' GROUP BY 1 ORDER BY 2 DESC, 1
    """)
    return [(track_id, given_at) for track_id, given_at in session.execute(said, {"user_id": user_id})]


def is_loved(session: Session, user_id: int, track_id: int) -> bool:
    """Of a track that counts as itself."""
    said = select(RecommendationFeedback.track_id).where(
        RecommendationFeedback.user_id == user_id,
        RecommendationFeedback.track_id.in_(recordings_of(session, user_id, [track_id])),
        RecommendationFeedback.verdict == "love",
    )
    return session.scalar(said.limit(1)) is not None


def recordings_like(session: Session, track_ids: Collection[int]) -> list[str]:
    """The keys of these tracks and of their twins: the same title by the same artist."""
    keys = text("""
        SELECT DISTINCT twin.key FROM tracks heard
        JOIN tracks twin ON twin.artist_id = heard.artist_id AND twin.name_key = heard.name_key
        WHERE heard.id = ANY(CAST(:ids AS bigint[])) ORDER BY 1
    """)
    return list(session.scalars(keys, {"ids": id_array(track_ids)}))


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
    """Also what was said to a track that counts as this one."""
    told = [track_id, *recordings_of(session, user_id, [track_id])]
    session.execute(
        delete(RecommendationFeedback).where(
            RecommendationFeedback.user_id == user_id, RecommendationFeedback.track_id.in_(told)
        )
    )


def remember_shown(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps what was suggested, so that later plays can tell whether it was any good."""
    if rows:
        session.execute(insert(RecommendationShown), rows)


def counted_plays(
    session: Session, user_id: int, track_ids: Collection[int], during: During = EVER
) -> dict[int, Counted]:
    """Counts of these tracks, of all time or during some; tracks not played are left out."""
    rows = session.execute(
        text(f"""
            SELECT p.track_id, count(*)::int, count(*) FILTER (WHERE p.is_listen)::int,
                   count(*) FILTER (WHERE {IS_SKIP})::int,
                   {local("max(p.started_at) FILTER (WHERE p.is_listen)")}::date
            FROM counted_plays p
            WHERE p.user_id = :user_id AND p.played_track_id = ANY(CAST(:played AS bigint[])) AND {INSIDE}
            GROUP BY p.track_id
        """),
        {
            "user_id": user_id,
            "played": recordings_of(session, user_id, track_ids),
            "since": during.since,
            "until": during.until,
            **clock_of(session, user_id),
        },
    )
    return {row[0]: Counted(*row[1:]) for row in rows}


def last_day(session: Session, user_id: int) -> date | None:
    """The listener's latest local day with a play."""
    latest = text(f"""
        SELECT {local("p.started_at")}::date FROM counted_plays p
        WHERE p.user_id = :user_id ORDER BY p.started_at DESC LIMIT 1
    """)
    found: date | None = session.scalar(latest, {"user_id": user_id, **clock_of(session, user_id)})
    return found


def other_listeners(session: Session, user_id: int, track_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many other listeners have listened to each of these tracks since then. Only those who let their plays be
    learnt from are counted, nothing of private sessions, and one person alone never shows through."""
    rows = session.execute(
        text("""
            SELECT asked.track_id, count(*)::int
            FROM unnest(CAST(:ids AS bigint[])) AS asked (track_id) CROSS JOIN users u
            WHERE u.id <> :user_id AND u.may_train AND EXISTS (
                SELECT FROM counted_plays p
                WHERE p.user_id = u.id AND p.played_track_id = asked.track_id
                AND p.is_listen AND p.incognito IS NOT TRUE AND p.started_at >= :since
            )
            GROUP BY asked.track_id HAVING count(*) >= 2
        """),
        {"user_id": user_id, "ids": id_array(track_ids), "since": since},
    )
    return dict(rows.all())


def unheard_nearby(
    session: Session, user_id: int, heard: Heard, until: date, hidden: Collection[int], limit: int
) -> list[Suggested]:
    """Songs never played that two other listeners or more played in the year before `until` or since, or that the
    operator's library holds where they are by artists listened to lately.

    Only listeners who let their plays be learnt from are counted, outside private sessions, and one person alone never
    shows through. At most three songs by one artist.
    """
    rows = session.execute(
        text("""
            WITH mine AS MATERIALIZED (
                SELECT t.id AS track_id, t.artist_id, heard.listens, heard.warmth
                FROM unnest(CAST(:ids AS bigint[]), CAST(:listens AS bigint[]), CAST(:warmth AS float8[]))
                     AS heard (track_id, listens, warmth)
                JOIN tracks t ON t.id = heard.track_id
            ),
            artist AS (
                SELECT artist_id, sum(warmth) / max(sum(warmth)) OVER () AS warmth,
                       (array_agg(track_id ORDER BY listens DESC, track_id) FILTER (WHERE listens > 0))[1:2] AS evidence
                FROM mine GROUP BY artist_id HAVING sum(warmth) > 0
            ),
            others AS (
                SELECT p.track_id, count(DISTINCT p.user_id) AS listeners
                FROM counted_plays p JOIN users u ON u.id = p.user_id AND u.may_train
                WHERE p.user_id <> :user_id AND p.is_listen AND p.started_at >= CAST(:until AS date) - 364
                  AND p.incognito IS NOT TRUE
                GROUP BY p.track_id HAVING count(DISTINCT p.user_id) >= 2
            ),
            scored AS (
                SELECT t.id, t.artist_id, coalesce(others.listeners, 0) AS listeners, artist.evidence,
                       coalesce(artist.warmth, 0)
                       + 0.5 * coalesce(ln(1 + others.listeners) / max(ln(1 + others.listeners)) OVER (), 0) AS score
                FROM tracks t
                LEFT JOIN artist ON artist.artist_id = t.artist_id
                LEFT JOIN others ON others.track_id = t.id
                WHERE t.kind = 'song' AND t.name_key <> '' AND t.id <> ALL(:hidden)
                  AND (others.track_id IS NOT NULL OR artist.artist_id IS NOT NULL AND EXISTS (
                      SELECT FROM sound_sources s WHERE s.track_id = t.id AND s.source = 'library'
                  ))
                  AND NOT EXISTS (SELECT FROM mine WHERE mine.track_id = t.id)
            ),
            capped AS (
                SELECT *, row_number() OVER (PARTITION BY artist_id ORDER BY score DESC, id) AS place FROM scored
            )
            SELECT id, score, listeners, coalesce(evidence, '{}') FROM capped WHERE place <= 3
            ORDER BY score DESC, id LIMIT :limit
        """),
        {
            "user_id": user_id, "until": until, "hidden": list(hidden), "limit": limit,
            "ids": id_array(heard.track_ids), "listens": id_array(heard.listens), "warmth": id_array(heard.warmth),
        },
    )  # fmt: skip
    return [Suggested(track, float(score), listeners, tuple(evidence)) for track, score, listeners, evidence in rows]
