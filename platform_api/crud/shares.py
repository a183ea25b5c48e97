"""Links that show one wrap to whoever holds them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from platform_api.models import Share


def add(session: Session, user_id: int, token: str, span: str, wrap: dict[str, Any], lifetime: timedelta) -> Share:
    share = Share(user_id=user_id, token=token, span=span, wrap=wrap, expires_at=func.now() + lifetime)
    session.add(share)
    session.flush()
    session.refresh(share)
    return share


def shares_of(session: Session, user_id: int) -> list[Share]:
    """Newest first, without those that expired."""
    mine = select(Share).where(Share.user_id == user_id, Share.expires_at > func.now()).order_by(Share.id.desc())
    return list(session.scalars(mine))


def by_token(session: Session, token: str) -> Share | None:
    """The share that this link opens today."""
    return session.scalar(select(Share).where(Share.token == token, Share.expires_at > func.now()))


def forget_expired(session: Session) -> None:
    session.execute(delete(Share).where(Share.expires_at <= func.now()))


def revoke(session: Session, user_id: int, share_id: int) -> bool:
    """Whether there was one."""
    gone = delete(Share).where(Share.id == share_id, Share.user_id == user_id).returning(Share.id)
    return session.scalar(gone) is not None
