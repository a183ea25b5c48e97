"""Tracks and artists: one's own story with them, what sounds alike, and where Tonearm heard it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from platform_api.api.deps import (
    CurrentIdentity,
    CurrentUser,
    InferenceDep,
    NoAccountYet,
    SessionDep,
    SessionsDep,
    SettingsDep,
    limit,
)
from platform_api.api.endpoints.analysis import DuringDep
from platform_api.api.parameters import Id, PageSize
from platform_api.core.errors import AppError, NotFound, NotSignedIn, StoreFull, TooManyRequests, problems
from platform_api.crud import told as may_be_told
from platform_api.crud import users
from platform_api.schemas.sound import (
    ArtistDetail,
    Outcome,
    SimilarTracks,
    SoundSource,
    SoundSources,
    Source,
    TrackDetail,
)
from platform_api.services.analytics.spans import SpanNotUnderstood
from platform_api.services.importing.uploads import EmptyUpload, Pace, UploadTooLarge, UploadTooSlow, receive
from platform_api.services.sound import uploads
from platform_api.services.sound.details import artist_detail, track_detail
from platform_api.services.sound.hearing import MODEL
from platform_api.services.sound.library import LARGEST_BYTES
from platform_api.services.sound.references import track_refs
from platform_api.services.sound.similar import similar_tracks
from platform_api.services.sound.sources import forget_upload, report, told

router = APIRouter(tags=["sound"], responses=problems(NotSignedIn, NoAccountYet, NotFound))


class UploadBroken(AppError):
    status = 400
    title = "The upload was cut off"
    detail = "The connection ended before the file was whole. Nothing was kept; please try again."


@router.get("/tracks/{track_id}", responses=problems(SpanNotUnderstood))
def read_track(user: CurrentUser, session: SessionDep, track_id: Id, during: DuringDep) -> TrackDetail:
    """A track and the listener's own story with it, within a span."""
    track = may_be_told.track(session, user.id, track_id)
    if track is None:
        raise NotFound
    return track_detail(session, user.id, track, during)


@router.get("/tracks/{track_id}/similar")
def read_similar_tracks(
    user: CurrentUser, session: SessionDep, inference: InferenceDep, track_id: Id, limit: PageSize = 20
) -> SimilarTracks:
    """Tracks that sound like this one, nearest first. Where it was never heard: more by the same artist, saying so."""
    track = may_be_told.track(session, user.id, track_id)
    if track is None:
        raise NotFound
    return similar_tracks(session, user.id, track, inference.current_version(MODEL), limit)


@router.get("/artists/{artist_id}", responses=problems(SpanNotUnderstood))
def read_artist(user: CurrentUser, session: SessionDep, artist_id: Id, during: DuringDep) -> ArtistDetail:
    """An artist, the listener's own story with them within a span, and their tracks, the most listened first."""
    artist = may_be_told.artist(session, user.id, artist_id)
    if artist is None:
        raise NotFound
    return artist_detail(session, user.id, artist, during)


@router.get("/sound/sources")
def read_sound_sources(
    user: CurrentUser,
    session: SessionDep,
    settings: SettingsDep,
    inference: InferenceDep,
    source: Source | None = None,
    outcome: Outcome | None = None,
) -> SoundSources:
    """Where Tonearm hears tracks: the library's files, one's own uploads, previews, and what became of each."""
    return report(session, settings, user.id, inference.current_version(MODEL), source, outcome)


@router.post(
    "/sound/uploads",
    status_code=202,
    dependencies=[Depends(limit("sound uploads", times=300, seconds=3600))],
    responses=problems(
        uploads.NotAudio, uploads.TooManyWaiting, UploadBroken, UploadTooLarge, UploadTooSlow, EmptyUpload, StoreFull,
        TooManyRequests,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)  # fmt: skip
async def upload_sound(
    request: Request,
    identity: CurrentIdentity,
    sessions: SessionsDep,
    settings: SettingsDep,
    file_name: Annotated[str, Query(min_length=1, max_length=255, description="as the listener sees it")],
    track_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="which track it is; else its tags say")
    ] = None,
) -> SoundSource:
    """Takes one audio file as the raw body. It is heard in the background and deleted; its embedding stays."""

    def look() -> int:
        with sessions.begin() as session:
            user = users.by_firebase_uid(session, identity.uid)
            if user is None:
                raise NoAccountYet
            if track_id is not None and may_be_told.track(session, user.id, track_id) is None:
                raise NotFound
            uploads.need_room(session, user.id)
            return user.id

    user_id = await run_in_threadpool(look)
    name = uploads.checked_name(file_name)
    stated = request.headers.get("content-length", "")
    size = int(stated) if stated.isdecimal() else None
    try:
        upload = await receive(request.stream(), uploads.audio_folder(settings), LARGEST_BYTES, size, Pace())
    except ClientDisconnect as error:
        raise UploadBroken from error

    def begin() -> SoundSource:
        with sessions.begin() as session:
            row = uploads.begin(session, user_id, upload, name, track_id)
            refs = track_refs(session, [track_id]) if track_id is not None else {}
            return told(row, refs.get(track_id) if track_id is not None else None)

    try:
        return await run_in_threadpool(begin)
    except BaseException:
        upload.path.unlink(missing_ok=True)
        raise


@router.delete("/sound/uploads/{source_id}", status_code=204)
def forget_sound_upload(user: CurrentUser, session: SessionDep, settings: SettingsDep, source_id: Id) -> None:
    """No longer tells of an upload, and deletes it where it was not heard yet."""
    stored_name = forget_upload(session, user.id, source_id)
    if stored_name is not None:
        (settings.uploads.dir / stored_name).unlink(missing_ok=True)
