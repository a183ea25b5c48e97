"""Bringing one's listening history, seeing what became of every row, undoing it."""

from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from platform_api.api.deps import (
    CurrentIdentity,
    CurrentUser,
    IdempotencyKey,
    NoAccountYet,
    SessionDep,
    SessionsDep,
    SettingsDep,
)
from platform_api.api.parameters import Before, PageSize
from platform_api.core.errors import AppError, NotFound, NotSignedIn, StoreFull, TooManyRequests, problems
from platform_api.crud import users
from platform_api.db.session import Sessions
from platform_api.schemas.imports import Import, ImportReject, Verdict
from platform_api.services.importing import download, ledger, uploads
from platform_api.services.importing.archive import ArchiveRefused, UnpacksTooLarge
from platform_api.services.importing.job import limits_of
from platform_api.services.importing.progress import follow
from platform_api.services.kept_answers import Once, StillUnderWay, is_kept

router = APIRouter(tags=["imports"], responses=problems(NotSignedIn))
LONGEST_FILE_NAME = 255
PROGRESS_EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["progress", "end"]},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Import"},
        },
    },
}
"""Each of the server-sent events: before 3.2, that is what OpenAPI has a `schema` of a stream describe."""


class UploadBroken(AppError):
    status = 400
    title = "The upload was cut off"
    detail = "The connection ended before the file was whole. Nothing was imported; please try again."


@router.post(
    "/imports",
    status_code=202,
    responses=problems(
        UploadBroken, ArchiveRefused, UnpacksTooLarge, uploads.UploadTooLarge, uploads.UploadTooSlow, TooManyRequests,
        StoreFull, StillUnderWay,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)  # fmt: skip
async def create_import(
    request: Request,
    identity: CurrentIdentity,
    sessions: SessionsDep,
    settings: SettingsDep,
    file_name: Annotated[str, Query(min_length=1, max_length=LONGEST_FILE_NAME, description="as the listener sees it")],
    idempotency_key: IdempotencyKey = None,
) -> Import:
    """Takes an export, a ZIP or one bare file, as the raw body. The import itself runs in the background.

    One import too many is refused before its bytes arrive. No database session is open while they do, so slow uploads
    keep nobody else waiting.
    """
    user_id = await run_in_threadpool(_who_may_import, sessions, identity.uid, idempotency_key)
    stated = request.headers.get("content-length", "")
    try:
        upload = await uploads.receive(
            request.stream(),
            settings.uploads.dir,
            settings.uploads.max_bytes,
            int(stated) if stated.isdecimal() else None,
            uploads.Pace(),
        )
    except ClientDisconnect as error:
        raise UploadBroken from error
    name = PurePosixPath(file_name.replace("\\", "/").replace("\0", "")).name or "history"

    once = Once(settings, idempotency_key, f"{name} {upload.sha256}".encode(errors="replace"))
    is_needed = False

    def examine_and_begin() -> Import:
        files = uploads.examine(upload, name, limits_of(settings.uploads))

        def begin() -> Import:
            nonlocal is_needed
            is_needed = True
            return ledger.begin(session, user_id, upload, name, files)

        with sessions.begin() as session:
            return once.answer(session, user_id, Import, begin)

    try:
        told = await run_in_threadpool(examine_and_begin)
    except BaseException:
        is_needed = False
        raise
    finally:
        if not is_needed:
            upload.path.unlink(missing_ok=True)
    return told


@router.get("/imports")
def list_imports(user: CurrentUser, session: SessionDep, before: Before = None, limit: PageSize = 100) -> list[Import]:
    """The listener's imports, newest first."""
    return ledger.list_of(session, user.id, before, limit)


@router.get("/imports/{import_id}", responses=problems(NotFound))
def get_import(import_id: int, user: CurrentUser, session: SessionDep) -> Import:
    return ledger.one_of(session, user.id, import_id)


@router.get(
    "/imports/{import_id}/events",
    responses={
        **problems(NotFound),
        200: {"content": {"text/event-stream": {"schema": PROGRESS_EVENT}}},
    },
    response_class=StreamingResponse,
)
async def watch_import(import_id: int, identity: CurrentIdentity, sessions: SessionsDep) -> StreamingResponse:
    """Server-sent events: `progress` with the import whenever it changed, `end` when it is finished."""
    user_id = await run_in_threadpool(_user_id, sessions, identity.uid)

    def look() -> Import:
        with sessions.begin() as session:
            return ledger.one_of(session, user_id, import_id)

    await run_in_threadpool(look)
    events: AsyncIterator[str] = follow(look)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/imports/{import_id}/rejects", responses=problems(NotFound))
def list_rejects(
    import_id: int,
    user: CurrentUser,
    session: SessionDep,
    verdict: Verdict | None = None,
    reason: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[ImportReject]:
    """Rows of the ledger to read: the first 50 of each reason and file. Those that became plays only if asked for."""
    return ledger.rejects_of(session, user.id, import_id, verdict, reason, limit)


@router.get(
    "/imports/{import_id}/rows",
    responses={
        **problems(NotFound),
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/jsonl": {"schema": {"type": "string"}},
            }
        },
    },
    response_class=StreamingResponse,
)
def download_rows(
    import_id: int, user: CurrentUser, session: SessionDep, format: download.FileFormat = "csv"
) -> StreamingResponse:
    """The rows of the ledger that were kept for reading, as a file: the first 50 of each reason and file, also of those
    that became plays.
    """
    rows = ledger.kept_rows(session, user.id, import_id)
    return StreamingResponse(
        download.as_file(rows, format),
        media_type=download.MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="import-{import_id}-rows.{format}"'},
    )


@router.delete("/imports/{import_id}", status_code=202, responses=problems(NotFound))
def undo_import(import_id: int, user: CurrentUser, session: SessionDep) -> Import:
    """Takes back everything that the import brought. The counts stay readable."""
    return ledger.undo(session, user.id, import_id)


def _who_may_import(sessions: Sessions, uid: str, key: str | None) -> int:
    with sessions.begin() as session:
        user_id = _id_of(session, uid)
        if not is_kept(session, user_id, key):
            ledger.refuse_one_too_many(session, user_id)
        return user_id


def _user_id(sessions: Sessions, uid: str) -> int:
    with sessions.begin() as session:
        return _id_of(session, uid)


def _id_of(session: Session, uid: str) -> int:
    user = users.by_firebase_uid(session, uid)
    if user is None:
        raise NoAccountYet
    return user.id
