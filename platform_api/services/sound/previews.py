"""Where the operator allows it: tracks that no file was found for are heard from half a minute of Deezer's.

A preview is fetched, heard and forgotten; only the embedding stays, marked with where it came from.
"""

import hashlib
from datetime import UTC, datetime

import structlog
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import jobs, sound, sound_sources
from platform_api.crud.sound_sources import Unheard
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import JobContext, enqueue
from platform_api.services.sound.deezer import Deezer, DeezerAway, Pace
from platform_api.services.sound.hearing import MODEL, hear

log = structlog.get_logger(__name__)

KIND = "hear_previews"
AT_ONCE = 200
"""Tracks of one job; the next one goes on."""
TROUBLES = 2
_PACE = Pace()


def notice_tracks_without_sound(session: Session, settings: Settings, inference: InferenceClient) -> None:
    """Queues `hear_previews` while there is a track to ask for. Never where previews are switched off."""
    version = inference.current_version(MODEL)
    if not settings.deezer.previews or version is None or not jobs.only_one_here(session, KIND):
        return
    if jobs.is_under_way(session, KIND):
        return
    if sound_sources.is_track_unheard(session, version, datetime.now(UTC)):
        enqueue(session, KIND, {"version": version})


def hear_previews(context: JobContext) -> None:
    """One track that cannot be had keeps no other waiting. Raises ModelUnavailable, or DeezerAway after two troubles in
    a row or where nothing else was left: the queue tries again later and goes on where it was.
    """
    version = context.inference.current_version(MODEL)
    if not context.settings.deezer.previews or version is None:
        return
    with context.sessions.begin() as session:
        context.still_mine(session)
        tracks = sound_sources.unheard_tracks(session, version, AT_ONCE, datetime.now(UTC))
    heard, in_a_row = 0, 0
    with Deezer(context.settings.deezer.url, _PACE) as deezer:
        for track in tracks:
            try:
                heard += _hear(context, deezer, track)
            except DeezerAway as trouble:
                in_a_row += 1
                if in_a_row == TROUBLES or len(tracks) == 1:
                    raise
                log.warning("a preview failed", track=track.id, error=str(trouble))
            else:
                in_a_row = 0
    log.info("previews heard", asked=len(tracks), heard=heard)


def _hear(context: JobContext, deezer: Deezer, track: Unheard) -> bool:
    preview = deezer.preview_of(track)
    by = None if isinstance(preview, str) else preview.by
    answered = preview if isinstance(preview, str) else hear(context.inference, preview.body)
    with context.sessions.begin() as session:
        context.still_mine(session)
        if isinstance(answered, str):
            outcome = "unmatched" if by is None else "refused"
            sound_sources.note(session, "deezer", track.key, outcome, track_id=track.id, matched_by=by, detail=answered)
            return False
        assert not isinstance(preview, str)
        digest = hashlib.sha256(preview.body).hexdigest()
        served = answered.model.version
        sound.keep_embedding(session, [track.id], served, answered.answer.embedding, digest, "deezer")
        sound_sources.note(session, "deezer", track.key, "heard", track_id=track.id, matched_by=by)
    return True
