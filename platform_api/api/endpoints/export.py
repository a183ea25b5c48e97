"""Everything of one's own, as a ZIP."""

import threading
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse

from platform_api.api.deps import (
    CurrentUser,
    NoAccountYet,
    PlaysReader,
    SessionDep,
    SessionsDep,
    SettingsDep,
    exports_of,
    limit,
    limiter_of,
)
from platform_api.core.errors import InvalidRequest, NotSignedIn, TooManyRequests, problems
from platform_api.db.session import Sessions
from platform_api.schemas.export import ExportLink
from platform_api.services.export import archive, lines, tickets
from platform_api.services.limits import Limit, RateLimiter
from platform_api.utils.clock import utc_now

router = APIRouter(prefix="/export", tags=["export"])
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}
plays_router = APIRouter(tags=["export"])
PLAYS_READ = Limit("read plays", 60, 3600)
ExportsDep = Annotated[threading.BoundedSemaphore, Depends(exports_of)]


@router.post(
    "/link",
    responses=problems(NotSignedIn, NoAccountYet, TooManyRequests),
    dependencies=[Depends(limit("export links", 30, 3600))],
)
def make_export_link(user: CurrentUser, settings: SettingsDep) -> ExportLink:
    """A link that downloads the export without a sign-in, for five minutes: for the browser's own download."""
    ticket, ends = tickets.issue(settings, user, utc_now())
    return ExportLink(url=f"/api/v1/export/{ticket}", expires_at=ends)


@router.get(
    "",
    responses=ZIP | problems(NotSignedIn, NoAccountYet, TooManyRequests),
    response_class=StreamingResponse,
    dependencies=[Depends(limit("export", 10, 3600))],
)
def export_everything(user: CurrentUser, sessions: SessionsDep, exports: ExportsDep) -> StreamingResponse:
    """Everything of yours: plays as JSON and CSV, scrobbles, account, imports, playlists, posts and the rest."""
    return _zip(sessions, exports, user.id)


@router.get(
    "/{ticket}", responses=ZIP | problems(tickets.TicketGone, TooManyRequests), response_class=StreamingResponse
)
def download_export(
    session: SessionDep,
    sessions: SessionsDep,
    settings: SettingsDep,
    exports: ExportsDep,
    ticket: Annotated[str, Path(max_length=200)],
) -> StreamingResponse:
    """The same, for whoever holds the link."""
    return _zip(sessions, exports, tickets.holder_of(session, settings, ticket, utc_now()))


@plays_router.get(
    "/plays.ndjson",
    responses=LINES | problems(NotSignedIn, NoAccountYet, InvalidRequest, TooManyRequests),
    response_class=StreamingResponse,
)
def stream_plays(
    reader: PlaysReader,
    sessions: SessionsDep,
    exports: ExportsDep,
    limiter: Annotated[RateLimiter, Depends(limiter_of)],
    since: Annotated[date | None, Query(description="first local day")] = None,
    until: Annotated[date | None, Query(description="last local day")] = None,
) -> StreamingResponse:
    """Every play that counts, a line of JSON each, by its start: for notebooks. A personal token opens it as well
    (`Authorization: Token …`). `is_listen`, `is_skip` and the local day are those of every page.
    """
    limiter.check(PLAYS_READ, str(reader))
    return _sent(lines.stream(sessions, reader, since, until), exports, "application/x-ndjson", {})


def _zip(sessions: Sessions, exports: threading.BoundedSemaphore, user_id: int) -> StreamingResponse:
    name = f"tonearm-export-{utc_now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _sent(archive.stream(sessions, user_id), exports, "application/zip", headers)


def _sent(
    made: Iterator[bytes], exports: threading.BoundedSemaphore, media_type: str, headers: dict[str, str]
) -> StreamingResponse:
    """Raises TooManyRequests: each holds a connection for as long as its reader takes."""
    if not exports.acquire(blocking=False):
        raise TooManyRequests("Several exports are being sent right now. Please try again in a minute.")

    def pieces() -> Iterator[bytes]:
        try:
            yield from made
        finally:
            exports.release()

    sent = pieces()
    first = next(sent, b"")  # begun, it lets go of its place however it ends, also where nobody reads any further
    return StreamingResponse(
        chain([first], sent), media_type=media_type, headers={"X-Accel-Buffering": "no", **headers}
    )
