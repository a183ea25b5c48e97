"""Links that show one wrap to whoever holds them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status

from platform_api.api.deps import CurrentUser, NoAccountYet, OnceDep, SessionDep, SettingsDep, limit, limit_address
from platform_api.api.parameters import Id
from platform_api.core.errors import NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.community import NewShare, Share, SharedWrap, Shares
from platform_api.services.community import shares
from platform_api.services.kept_answers import StillUnderWay

router = APIRouter(prefix="/shares", tags=["community"])
FOR_CHATS = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
needs_account = problems(NotSignedIn, NoAccountYet)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=needs_account | problems(StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("make shares", 60, 3600))],
)
def share_wrap(user: CurrentUser, session: SessionDep, settings: SettingsDep, once: OnceDep, new: NewShare) -> Share:
    """A link to the wrap of this span as it is now."""
    return once.answer(session, user.id, Share, lambda: shares.share_wrap(session, settings, user, new))


@router.get("", responses=needs_account)
def list_shares(user: CurrentUser, session: SessionDep, settings: SettingsDep) -> Shares:
    """Your links that still open."""
    return shares.my_shares(session, settings, user)


@router.get(
    "/{token}",
    responses=problems(shares.LinkGone, TooManyRequests),
    dependencies=[Depends(limit_address("open shares", 240, 60))],
)
def open_share(session: SessionDep, token: Annotated[str, Path(max_length=200)]) -> SharedWrap:
    """Public: whoever holds the link sees the wrap."""
    return shares.open_share(session, token)


@router.get(
    "/{token}/card.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, **problems(shares.LinkGone, TooManyRequests)},
    dependencies=[Depends(limit_address("open cards", 60, 60))],
)
def get_share_card(session: SessionDep, token: Annotated[str, Path(max_length=200)]) -> Response:
    """Public: the picture that a chat shows under the link, 1200 × 630."""
    card = shares.card_of(session, token)
    return Response(card, media_type="image/png", headers=FOR_CHATS)


@router.delete("/{share_id}", status_code=status.HTTP_204_NO_CONTENT, responses=needs_account | problems(NotFound))
def revoke_share(user: CurrentUser, session: SessionDep, share_id: Id) -> None:
    shares.revoke(session, user, share_id)
