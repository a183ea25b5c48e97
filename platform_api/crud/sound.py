"""Questions about how tracks sound."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from platform_api.models import Artist, Track, TrackEmbedding


class Similar(NamedTuple):
    """A track and the cosine of its sound with that of another one, from -1 to 1."""

    track_id: int
    similarity: float


class NamedSong(NamedTuple):
    id: int
    name_key: str
    duration_ms: int | None


SOURCES = {"library": 3, "upload": 2, "deezer": 1}
"""How far each is trusted: a file chosen by whoever runs Tonearm, a file of a listener, half a minute found by name."""


def which_have_sound(session: Session, track_ids: Collection[int]) -> set[int]:
    """Those of the tracks that some version of the embedder has heard."""
    heard = select(TrackEmbedding.track_id).where(TrackEmbedding.track_id.in_(list(track_ids))).distinct()
    return set(session.scalars(heard))


def has_heard(session: Session, track_id: int, model_version: str) -> bool:
    """Whether this version has heard the track."""
    return session.get(TrackEmbedding, (track_id, model_version)) is not None


def newest_version_that_heard(session: Session, track_id: int, but: str | None = None) -> str | None:
    """The version that heard this track last, whatever is served now; another one than `but`."""
    return session.scalar(
        select(TrackEmbedding.model_version)
        .where(TrackEmbedding.track_id == track_id, TrackEmbedding.model_version.is_distinct_from(but))
        .order_by(TrackEmbedding.created_at.desc())
        .limit(1)
    )


def similar_tracks(
    session: Session, track_id: int, model_version: str, limit: int, without: Collection[int] = ()
) -> list[Similar]:
    """The tracks that sound most like this one to one version of the embedder, nearest first; ties by id.

    The same recording under another key (equal artist and title) is left out: it would always come first.
    """
    this = (
        select(TrackEmbedding.embedding, Track.artist_id, Track.name_key)
        .join(Track, Track.id == TrackEmbedding.track_id)
        .where(TrackEmbedding.track_id == track_id, TrackEmbedding.model_version == model_version)
        .cte("this")
    )
    distance = TrackEmbedding.embedding.cosine_distance(this.c.embedding)
    same_recording = (Track.artist_id == this.c.artist_id) & (Track.name_key == this.c.name_key)
    first_of_recording = (
        select(func.min(TrackEmbedding.track_id).label("track_id"), func.min(distance).label("distance"))
        .select_from(TrackEmbedding)
        .join(Track, Track.id == TrackEmbedding.track_id)
        .join(this, ~same_recording)
        .where(TrackEmbedding.model_version == model_version, Track.id != func.all_([track_id, *without]))
        .group_by(Track.artist_id, Track.name_key)
        .subquery()
    )
    nearest = (
        select(first_of_recording.c.track_id, 1 - first_of_recording.c.distance)
        .order_by(first_of_recording.c.distance, first_of_recording.c.track_id)
        .limit(limit)
    )
    return [Similar(found, float(similarity)) for found, similarity in session.execute(nearest)]


def tracks_named(session: Session, artist_key: str, name_key: str) -> list[int]:
    """Every catalogue track with this artist and title: the same recording may be on several albums."""
    named = (
        select(Track.id)
        .join(Artist, Artist.id == Track.artist_id)
        .where(Artist.key == artist_key, Track.name_key == name_key, Track.kind == "song")
        .order_by(Track.id)
    )
    return list(session.scalars(named))


def heard_in_library(session: Session, track_ids: Collection[int], model_version: str) -> dict[int, datetime]:
    """track id → when this version heard it, for those that it heard from a file of the library."""
    heard = select(TrackEmbedding.track_id, TrackEmbedding.created_at).where(
        TrackEmbedding.track_id.in_(list(track_ids)),
        TrackEmbedding.model_version == model_version,
        TrackEmbedding.source == "library",
    )
    return dict(session.execute(heard).all())


def embedding_of_audio(session: Session, audio_sha256: str, model_version: str) -> Sequence[float] | None:
    """What this version heard in the same bytes, for whichever track."""
    found = session.scalar(
        select(TrackEmbedding.embedding)
        .where(TrackEmbedding.audio_sha256 == audio_sha256, TrackEmbedding.model_version == model_version)
        .limit(1)
    )
    return None if found is None else [float(number) for number in found]


def keep_embedding(
    session: Session,
    track_ids: Iterable[int],
    model_version: str,
    embedding: Sequence[float],
    audio_sha256: str,
    source: str = "library",
) -> None:
    """What this version heard, for every track that the audio belongs to.

    Heard again from the same source or a better one (a file of the library, then an upload, then a preview of half a
    minute), it replaces what was there.
    """
    rows = [
        {
            "track_id": track_id,
            "model_version": model_version,
            "embedding": embedding,
            "audio_sha256": audio_sha256,
            "source": source,
        }
        for track_id in track_ids
    ]
    if not rows:
        return
    new = insert(TrackEmbedding).values(rows)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["track_id", "model_version"],
            set_={
                "embedding": new.excluded.embedding,
                "audio_sha256": new.excluded.audio_sha256,
                "source": new.excluded.source,
                "created_at": func.now(),
            },
            where=_trust(new.excluded.source) >= _trust(TrackEmbedding.source),
        )
    )


def _trust(source: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[int]:
    return case(SOURCES, value=source, else_=0)


def source_heard(session: Session, track_id: int, model_version: str) -> str | None:
    """From which source this version has heard the track."""
    found = session.get(TrackEmbedding, (track_id, model_version))
    return None if found is None else found.source


def songs_by(session: Session, artist_keys: Collection[str]) -> list[NamedSong]:
    """Every song of these artists."""
    songs = (
        select(Track.id, Track.name_key, Track.duration_ms)
        .join(Artist, Artist.id == Track.artist_id)
        .where(Artist.key.in_(list(artist_keys)), Track.kind == "song")
        .order_by(Track.id)
    )
    return [NamedSong(*row) for row in session.execute(songs)]


def heard_tracks(session: Session, model_version: str, *, but_uploads: bool = False) -> int:
    """How many tracks this version has heard; `but_uploads`, which are gone once heard, and heard by no later one."""
    counted = select(func.count()).where(TrackEmbedding.model_version == model_version)
    if but_uploads:
        counted = counted.where(TrackEmbedding.source != "upload")
    return session.scalar(counted) or 0
