"""Everything of one's own, as a ZIP."""

from collections.abc import Generator, Iterator
from datetime import date
from itertools import chain
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

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
from platform_api.models import User
from platform_api.schemas.export import ExportLink
from platform_api.services.export import archive, lines, tickets
from platform_api.services.export.places import Places
from platform_api.services.limits import Limit, RateLimiter
from platform_api.utils.clock import utc_now

router = APIRouter(prefix="/export", tags=["export"])
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}
plays_router = APIRouter(tags=["export"])
EXPORTED = Limit("export", 10, 3600)
PLAYS_READ = Limit("read plays", 60, 3600)
ExportsDep = Annotated[Places, Depends(exports_of)]
LimiterDep = Annotated[RateLimiter, Depends(limiter_of)]


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
)
def export_everything(
    user: CurrentUser, sessions: SessionsDep, exports: ExportsDep, limiter: LimiterDep
) -> StreamingResponse:
    """Everything of yours: plays as JSON and CSV, scrobbles, account, imports, playlists, posts and the rest. One at a
    time."""
    return _zip(sessions, exports, limiter, user)


@router.get(
    "/{ticket}", responses=ZIP | problems(tickets.TicketGone, TooManyRequests), response_class=StreamingResponse
)
def download_export(
    session: SessionDep,
    sessions: SessionsDep,
    settings: SettingsDep,
    exports: ExportsDep,
    limiter: LimiterDep,
    ticket: Annotated[str, Path(max_length=200)],
) -> StreamingResponse:
    """The same, for whoever holds the link."""
    return _zip(sessions, exports, limiter, tickets.owner_of(session, settings, ticket, utc_now()))


@plays_router.get(
    "/plays.ndjson",
    responses=LINES | problems(NotSignedIn, NoAccountYet, InvalidRequest, TooManyRequests),
    response_class=StreamingResponse,
)
def stream_plays(
    reader: PlaysReader,
    sessions: SessionsDep,
    exports: ExportsDep,
    limiter: LimiterDep,
    since: Annotated[date | None, Query(description="first local day")] = None,
    until: Annotated[date | None, Query(description="last local day")] = None,
) -> StreamingResponse:
    """Every play that counts, a line of JSON each, by its start: for notebooks. A personal token opens it as well
    (`Authorization: Token …`). `is_listen`, `is_skip` and the local day are those of every page.
    """
    limiter.take(PLAYS_READ, str(reader))
    return _sent(lines.stream(sessions, reader, since, until), exports, reader, "application/x-ndjson", {})


def _zip(sessions: Sessions, exports: Places, limiter: RateLimiter, user: User) -> StreamingResponse:
    """Whoever holds a link counts as the listener who made it."""
    limiter.take(EXPORTED, user.firebase_uid)
    name = f"tonearm-export-{utc_now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _sent(archive.stream(sessions, user.id), exports, user.id, "application/zip", headers)


def _sent(
    made: Iterator[bytes], exports: Places, user_id: int, media_type: str, headers: dict[str, str]
) -> StreamingResponse:
    """Raises TooManyRequests."""
    exports.take(user_id)

    def pieces() -> Generator[bytes]:
        try:
            yield from made
        finally:
            exports.leave(user_id)

    return Sent(pieces(), media_type=media_type, headers={"X-Accel-Buffering": "no", **headers})


class Sent(StreamingResponse):
    """Lets go of its place as soon as nobody reads any further: left to Python's collector it kept it for minutes."""

    def __init__(self, pieces: Generator[bytes], **how: Any) -> None:
        self.pieces = pieces
        super().__init__(chain([next(pieces, b"")], pieces), **how)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self.pieces.close)
