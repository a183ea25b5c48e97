"""What endpoints may ask for. The only reader of the application's state.

What waits for nothing is `async`: FastAPI sends everything else through a thread, a fifth of a millisecond each time.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, cast

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from platform_api.api.state import State
from platform_api.core.errors import NotAllowed, NotSignedIn
from platform_api.core.security import Identity, IdentityVerifier
from platform_api.core.settings import Settings
from platform_api.crud import users
from platform_api.db.session import Sessions
from platform_api.models import User
from platform_api.services.accounts import tokens
from platform_api.services.export.places import Places
from platform_api.services.inference.client import InferenceClient
from platform_api.services.kept_answers import Once
from platform_api.services.limits import Limit, RateLimiter
from platform_api.services.wraps.page import PageSource
from platform_api.utils.cache import Cache

bearer = HTTPBearer(auto_error=False, description="A Firebase ID token")


class NoAccountYet(NotAllowed):
    title = "You are signed in but have no account yet"
    detail = "Open a session first (POST /api/v1/auth/session)."


def state_of(request: Request) -> State:
    return cast(State, request.state._state)


async def settings_of(request: Request) -> Settings:
    return state_of(request)["settings"]


async def sessions_of(request: Request) -> Sessions:
    return state_of(request)["sessions"]


async def cache_of(request: Request) -> Cache:
    return state_of(request)["cache"]


async def inference_of(request: Request) -> InferenceClient:
    return state_of(request)["inference"]


async def limiter_of(request: Request) -> RateLimiter:
    return state_of(request)["limiter"]


async def page_source_of(request: Request) -> PageSource:
    return state_of(request)["page"]


async def exports_of(request: Request) -> Places:
    return state_of(request)["exports"]


async def identity_verifier_of(request: Request) -> IdentityVerifier:
    return state_of(request)["identity"]


def open_session(sessions: Annotated[Sessions, Depends(sessions_of)]) -> Iterator[Session]:
    """One request, one transaction: committed before the answer leaves, rolled back when anything was raised."""
    with sessions.begin() as session:
        yield session


SettingsDep = Annotated[Settings, Depends(settings_of)]
SessionsDep = Annotated[Sessions, Depends(sessions_of)]
CacheDep = Annotated[Cache, Depends(cache_of)]
PageSourceDep = Annotated[PageSource, Depends(page_source_of)]
InferenceDep = Annotated[InferenceClient, Depends(inference_of)]
IdentityVerifierDep = Annotated[IdentityVerifier, Depends(identity_verifier_of)]
# the default scope would commit after the answer has left, and a failed commit would still have answered 200
SessionDep = Annotated[Session, Depends(open_session, scope="function")]


async def signed_in_person(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)], verifier: IdentityVerifierDep
) -> Identity:
    """The person behind the token, with or without an account. Raises NotSignedIn, SignInUnavailable."""
    token = _token_of(credentials)
    known = verifier.remembered(token)
    return known if known is not None else await run_in_threadpool(verifier.verify, token)


def _token_of(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise NotSignedIn
    return credentials.credentials


CurrentIdentity = Annotated[Identity, Depends(signed_in_person)]


def current_user(identity: CurrentIdentity, session: SessionDep) -> User:
    """The listener asking. Raises NotSignedIn, SignInUnavailable, NoAccountYet."""
    user = users.by_firebase_uid(session, identity.uid)
    if user is None:
        raise NoAccountYet
    return user


CurrentUser = Annotated[User, Depends(current_user)]


def reader_of_plays(
    request: Request,
    session: SessionDep,
    verifier: IdentityVerifierDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> int:
    """Whose plays are read: by a sign-in, or by a personal token, which opens nothing else of an account.

    Raises NotSignedIn, SignInUnavailable, NoAccountYet.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "token":
        found = tokens.owner_of(session, secret.strip())
        if found is None:
            raise NotSignedIn
        return found[1].id
    return current_user(verifier.verify(_token_of(credentials)), session).id


PlaysReader = Annotated[int, Depends(reader_of_plays)]


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text that is new for each new thing, best a random UUID: the same request under the same key"
        " makes nothing more within a day and is told the first answer again",
    ),
]


async def once(request: Request, settings: SettingsDep, idempotency_key: IdempotencyKey = None) -> Once:
    """Of a request whose body fits in memory."""
    return Once(settings, idempotency_key, request.url.path.encode() + b" " + await request.body())


OnceDep = Annotated[Once, Depends(once)]


def limit(name: str, times: int, seconds: int) -> Callable[..., None]:
    """A dependency: the person behind the token may call the route `times` in `seconds`. Raises TooManyRequests."""
    rule = Limit(name, times, seconds)

    def check(identity: CurrentIdentity, limiter: Annotated[RateLimiter, Depends(limiter_of)]) -> None:
        limiter.take(rule, identity.uid)

    return check


def limit_address(name: str, times: int, seconds: int) -> Callable[..., None]:
    """A dependency for public routes: an address may call the route `times` in `seconds`. Raises TooManyRequests.

    The address is the connection's, as uvicorn reports it: a forwarding header counts only from a proxy that the
    operator named to uvicorn.
    """
    rule = Limit(name, times, seconds)

    def check(request: Request, limiter: Annotated[RateLimiter, Depends(limiter_of)]) -> None:
        limiter.take(rule, request.client.host if request.client else "unknown")

    return check
