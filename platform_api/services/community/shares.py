"""Links to one wrap, for people without an account, until they expire or are revoked."""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from platform_api.core.errors import NotFound
from platform_api.core.settings import Settings
from platform_api.crud import shares
from platform_api.models import Share as ShareRow
from platform_api.models import User
from platform_api.schemas.community import NewShare, Share, SharedWrap, Shares
from platform_api.services.community.snapshots import wrap_snapshot
from platform_api.services.inference.client import InferenceClient
from platform_api.services.wraps import shown_snapshot
from platform_api.services.wraps.picture import card_png

TOKEN_BYTES = 24
LONGEST_TOKEN = 64


class LinkGone(NotFound):
    title = "This link shows nothing any more"
    detail = "It has expired, or the person who made it took it back."


def share_wrap(session: Session, settings: Settings, user: User, new: NewShare) -> Share:
    wrap = wrap_snapshot(session, user, new.span, new.shows)
    token, lifetime = secrets.token_urlsafe(TOKEN_BYTES), timedelta(days=new.days)
    return _shown(settings, shares.add(session, user.id, token, wrap.span.text, wrap.model_dump(mode="json"), lifetime))


def my_shares(session: Session, settings: Settings, user: User) -> Shares:
    return Shares(items=[_shown(settings, share) for share in shares.shares_of(session, user.id)])


def open_share(session: Session, token: str) -> SharedWrap:
    """Raises LinkGone."""
    share = shares.by_token(session, token) if len(token) <= LONGEST_TOKEN else None
    if share is None:
        raise LinkGone
    wrap = shown_snapshot(share.wrap, share.created_at)
    return SharedWrap(span=wrap.span.text, wrap=wrap, expires_at=share.expires_at)


def card_of(session: Session, token: str) -> bytes:
    """The card of what the link shows, as a PNG. Raises LinkGone."""
    return card_png(open_share(session, token).wrap)


def addresses(settings: Settings, token: str) -> tuple[str, str]:
    """Of the link and of its picture."""
    root = settings.app.public_url.rstrip("/")
    return f"{root}/s/{token}", f"{root}/api/v1/shares/{token}/card.png"


def revoke(session: Session, user: User, share_id: int) -> None:
    """Raises NotFound."""
    if not shares.revoke(session, user.id, share_id):
        raise NotFound


def forget_expired_links(session: Session, _: Settings, __: InferenceClient) -> None:
    """What a link showed goes with it."""
    shares.forget_expired(session)


def _shown(settings: Settings, share: ShareRow) -> Share:
    wrap = shown_snapshot(share.wrap, share.created_at)
    return Share(
        id=share.id,
        token=share.token,
        url=addresses(settings, share.token)[0],
        span=wrap.span.text,
        shows=wrap.shows,
        created_at=share.created_at,
        expires_at=share.expires_at,
    )
