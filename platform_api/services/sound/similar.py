"""What sounds like a track. Served from the database: the model server may be away."""

from collections.abc import Collection
from typing import get_args

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, jobs, sound, told
from platform_api.crud.catalogue import TrackRow
from platform_api.crud.recommendations import hidden_tracks
from platform_api.crud.recordings import counted_track
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.sound import SimilarTrack, SimilarTracks, Source
from platform_api.services.sound import hearing, previews
from platform_api.services.sound.hearing import MODEL
from platform_api.services.sound.references import track_refs

FALLBACK = "same_artist"
NEAREST = 200
"""So many are looked at; those of them that the listener may be told of are told."""
LISTENING = (hearing.KIND, previews.KIND)
"""Jobs in which a version listens."""
NOT_HEARD = "Tonearm has not heard this track yet, so here is more by the same artist."
STILL_LISTENING = "The newest version is still listening; this is what the one before it heard."
NOT_AGAIN = "The newest version has not heard this track; this is what an earlier one heard."


def similar_tracks(
    session: Session, user_id: int, track: TrackRow, current_version: str | None, limit: int
) -> SimilarTracks:
    """The tracks that sound most like this one, by the served version once it has heard them, else by an earlier one.

    Without what the listener does not want to hear of, and without this one under the name that it counts as.
    """
    without = {*hidden_tracks(session, user_id), counted_track(session, user_id, track.id)}
    version, detail = _version_to_ask(session, track.id, current_version)
    if version is None:
        return _more_by_the_artist(session, user_id, track, limit, without)
    nearest = sound.similar_tracks(session, track.id, version, NEAREST, without)
    may_be_told = told.tracks(session, user_id, [each.track_id for each in nearest])
    found = [each for each in nearest if each.track_id in may_be_told][:limit]
    refs = track_refs(session, [each.track_id for each in found])
    return SimilarTracks(
        model=ModelInfo(name=MODEL, version=version, is_fallback=False, detail=detail),
        heard_from=source_of(session, track.id, version),
        items=[SimilarTrack(track=refs[each.track_id], similarity=each.similarity) for each in found],
    )


def _version_to_ask(session: Session, track_id: int, served: str | None) -> tuple[str | None, str | None]:
    """And a sentence where it is not the served one. A new version knows few others at first, so the one before it
    answers until as many were heard."""
    older = sound.newest_version_that_heard(session, track_id, but=served)
    if served is None or older is None:
        knows = served is not None and sound.has_heard(session, track_id, served)
        return served if knows else older, None
    listens = any(jobs.is_under_way(session, kind) for kind in LISTENING)
    if listens:
        heard, before = (sound.heard_tracks(session, version, but_uploads=True) for version in (served, older))
        if heard < before:
            return older, STILL_LISTENING
    return (served, None) if sound.has_heard(session, track_id, served) else (older, NOT_AGAIN)


def source_of(session: Session, track_id: int, version: str) -> Source | None:
    """Where this version heard the track; None for a source that this release does not know."""
    found = sound.source_heard(session, track_id, version)
    return next((each for each in get_args(Source) if each == found), None)


def _more_by_the_artist(
    session: Session, user_id: int, track: TrackRow, limit: int, without: Collection[int]
) -> SimilarTracks:
    rows = catalogue.tracks_of_artist(session, track.artist_id, NEAREST + 1 + len(without))
    by_name = [row.id for row in rows if row.id != track.id and row.id not in without][:NEAREST]
    may_be_told = told.tracks(session, user_id, by_name)
    ids = [track_id for track_id in by_name if track_id in may_be_told][:limit]
    refs = track_refs(session, ids)
    return SimilarTracks(
        model=ModelInfo(name=FALLBACK, version="", is_fallback=True, detail=NOT_HEARD),
        items=[SimilarTrack(track=refs[track_id], similarity=None) for track_id in ids],
    )
