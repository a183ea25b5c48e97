"""ListenBrainz's API, as far as scrobblers use it, at the paths where they look for it: below /1, beside /api/v1.

It speaks ListenBrainz's dialect (`{"code", "error"}`, X-RateLimit headers), so it is no part of our OpenAPI document.
A personal token opens one's own listens and nothing else: unlike on ListenBrainz, nobody's listens are public.
"""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from platform_api.api.deps import CacheDep, SessionDep, SessionsDep, limiter_of
from platform_api.core.errors import AppError, NotFound
from platform_api.crud import tokens
from platform_api.models import ApiToken, User
from platform_api.services.accounts import tokens as personal_tokens
from platform_api.services.importing.scrobbles import second
from platform_api.services.limits import Limit, RateLimiter
from platform_api.services.scrobbling import now_playing, reading, submitting, wire
from platform_api.utils.clock import utc_now

router = APIRouter(prefix="/1", include_in_schema=False)
PER_TOKEN = Limit("listenbrainz", 60, 10)
PER_ADDRESS = Limit("listenbrainz address", 120, 10)
"""Looser than ListenBrainz's 30 in 10 s, for several clients behind one address; both are counted."""
DEFAULT_COUNT, LARGEST_COUNT = 25, 1000


class WrongToken(AppError):
    status = 401
    title = "Unauthorized"
    detail = "Invalid authorization token."


def allowance(request: Request, response: Response, limiter: Annotated[RateLimiter, Depends(limiter_of)]) -> None:
    """Counted by token where one is shown, and by address always: guessing tokens is as limited as using one."""
    address = request.client.host if request.client else "unknown"
    left = limiter.take(PER_ADDRESS, address)
    secret = secret_of(request)
    if secret:
        left = limiter.take(PER_TOKEN, personal_tokens.digest(secret).hex())
    response.headers.update(left.headers)
    request.state.allowance = left.headers


def secret_of(request: Request) -> str:
    """The second word of the Authorization header, as ListenBrainz reads it."""
    words = request.headers.get("authorization", "").split()
    return words[1] if len(words) == 2 and words[0].lower() in ("token", "bearer") else ""


def holder(request: Request, session: SessionDep) -> tuple[ApiToken, User]:
    if not request.headers.get("authorization"):
        raise WrongToken("You need to provide an Authorization header.")
    found = personal_tokens.owner_of(session, secret_of(request))
    if found is None:
        raise WrongToken
    return found


Holder = Annotated[tuple[ApiToken, User], Depends(holder, scope="function")]
limited = [Depends(allowance)]


@router.post("/submit-listens", dependencies=limited)
async def submit_listens(request: Request, sessions: SessionsDep, cache: CacheDep) -> JSONResponse:
    """`single` and `import` become plays before the answer leaves; `playing_now` is shown until it should be over."""

    def who() -> tuple[ApiToken, User]:
        with sessions.begin() as session:
            return holder(request, session)

    token, user = await run_in_threadpool(who)
    body = await request.body()

    def take() -> None:
        now = utc_now()
        submission = wire.read_submission(body, now)
        if submission.listen_type == "playing_now":
            now_playing.tell(cache, user.ml_key, submission.listens[0], now)
            return
        try:
            submitting.submit(sessions, token, submission.listens, now)
        except submitting.TokenGone as gone:
            raise WrongToken from gone

    await run_in_threadpool(take)
    return JSONResponse({"status": "ok"}, headers=request.state.allowance)


@router.get("/validate-token", dependencies=limited)
def validate_token(request: Request, session: SessionDep, token: str = "") -> dict[str, Any]:
    """An invalid token is told with 200, as ListenBrainz does: clients read `valid`."""
    secret = secret_of(request) or token
    if not secret:
        raise wire.BadListen("You need to provide an Authorization token.")
    found = personal_tokens.owner_of(session, secret)
    if found is None:
        return {"code": 200, "message": "Token invalid.", "valid": False}
    return {"code": 200, "message": "Token valid.", "valid": True, "user_name": found[1].handle}


@router.get("/user/{user_name}/listens", dependencies=limited)
def read_listens(request: Request, session: SessionDep, holder: Holder, user_name: str) -> dict[str, Any]:
    user = _oneself(holder, user_name)
    min_ts, max_ts = (_whole(request, name) for name in ("min_ts", "max_ts"))
    if min_ts is not None and max_ts is not None and min_ts >= max_ts:
        raise wire.BadListen("min_ts should be less than max_ts")
    count = _whole(request, "count")
    count = DEFAULT_COUNT if count is None else min(count, LARGEST_COUNT)
    return {"payload": reading.listens_of(session, user, min_ts, max_ts, count)}


@router.get("/user/{user_name}/playing-now", dependencies=limited)
def read_playing_now(cache: CacheDep, holder: Holder, user_name: str) -> dict[str, Any]:
    user = _oneself(holder, user_name)
    return {"payload": reading.playing_now_of(user, now_playing.of(cache, user.ml_key))}


@router.get("/user/{user_name}/listen-count", dependencies=limited)
def read_listen_count(session: SessionDep, holder: Holder, user_name: str) -> dict[str, Any]:
    return {"payload": {"count": reading.listen_count(session, _oneself(holder, user_name))}}


@router.get("/latest-import", dependencies=limited)
def read_latest_import(session: SessionDep, holder: Holder, user_name: str = "") -> dict[str, Any]:
    user = _oneself(holder, user_name or holder[1].handle)
    return {"musicbrainz_id": user.handle, "latest_import": tokens.latest_import(session, user.id)}


@router.post("/latest-import", dependencies=limited)
async def note_latest_import(request: Request, sessions: SessionsDep) -> JSONResponse:
    def note(body: bytes) -> None:
        with sessions.begin() as session:
            token, _ = holder(request, session)
            tokens.note_latest_import(session, token.id, wire.timestamp(_moment_in(_document(body), "ts")))

    await run_in_threadpool(note, await request.body())
    return JSONResponse({"status": "ok"}, headers=request.state.allowance)


@router.post("/delete-listen", dependencies=limited)
async def delete_listen(request: Request, sessions: SessionsDep) -> JSONResponse:
    """Named by its moment and the `recording_msid` that reading it gave."""

    def remove(body: bytes) -> None:
        with sessions.begin() as session:
            _, user = holder(request, session)
            document = _document(body)
            moment, msid = _moment_in(document, "listened_at"), document.get("recording_msid")
            if not isinstance(msid, str):
                raise wire.BadListen("Recording MSID missing.")
            reading.delete_listen(session, user, moment, msid)

    await run_in_threadpool(remove, await request.body())
    return JSONResponse({"status": "ok"}, headers=request.state.allowance)


def _oneself(holder: tuple[ApiToken, User], user_name: str) -> User:
    user = holder[1]
    if user_name.casefold() != user.handle.casefold():
        raise NotFound(f"Cannot find user: {user_name}")
    return user


def _whole(request: Request, name: str) -> int | None:
    told = request.query_params.get(name)
    if told is None:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) <= 15):
        raise wire.BadListen(f"'{name}' should be a non-negative integer")
    return int(told)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise wire.BadListen(f"Cannot parse JSON document: {error}") from error
    if not isinstance(document, dict):
        raise wire.BadListen("Invalid data sent")
    return document


def _moment_in(document: dict[str, Any], name: str) -> datetime:
    moment = second(document.get(name))
    if moment is None:
        raise wire.BadListen("Listen timestamp missing." if name not in document else "Listen timestamp invalid.")
    return moment
