"""One's personal tokens, and what their scrobblers say is playing."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import CacheDep, CurrentUser, NoAccountYet, OnceDep, SessionDep, SettingsDep, limit
from platform_api.api.parameters import Id
from platform_api.core.errors import NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.tokens import MadeToken, NewToken, NowPlaying, Tokens
from platform_api.services.accounts import tokens
from platform_api.services.kept_answers import StillUnderWay
from platform_api.services.scrobbling import now_playing

router = APIRouter(tags=["tokens"], responses=problems(NotSignedIn, NoAccountYet))


@router.get("/tokens")
def list_tokens(user: CurrentUser, session: SessionDep, settings: SettingsDep) -> Tokens:
    """Your tokens, newest first, and the address to give to a scrobbler."""
    return tokens.list_of(session, settings, user)


@router.post(
    "/tokens",
    status_code=status.HTTP_201_CREATED,
    responses=problems(tokens.TooManyTokens, StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("make tokens", 30, 3600))],
)
def make_token(user: CurrentUser, session: SessionDep, once: OnceDep, new: NewToken) -> MadeToken:
    """A new token. This answer is the only one that holds it."""
    return once.answer(session, user.id, MadeToken, lambda: tokens.make(session, user, new.name))


@router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
def revoke_token(user: CurrentUser, session: SessionDep, token_id: Id) -> None:
    """It opens nothing from now on. The plays that came with it stay."""
    tokens.revoke(session, user, token_id)


@router.get("/now-playing")
def read_now_playing(user: CurrentUser, cache: CacheDep) -> NowPlaying:
    """What a scrobbler said is playing, or null."""
    return NowPlaying(playing=now_playing.of(cache, user.ml_key))
