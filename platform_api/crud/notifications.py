"""What people are told."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from platform_api.crud.people import hidden_between
from platform_api.models import Notification, User

_ACTOR = User.id == Notification.payload["actor_id"].as_integer()


class NotificationRow(NamedTuple):
    notification: Notification
    actor: User | None


def add(session: Session, user_id: int, kind: str, payload: dict[str, Any]) -> None:
    session.add(Notification(user_id=user_id, kind=kind, payload=payload))


def forget(session: Session, user_id: int, about: dict[str, Any], kind: str | None = None) -> None:
    """Those whose payload tells everything of `about`."""
    chosen = [Notification.user_id == user_id, Notification.payload.contains(about)]
    if kind is not None:
        chosen.append(Notification.kind == kind)
    session.execute(delete(Notification).where(*chosen))


def latest(session: Session, user_id: int, before: int | None, limit: int) -> list[NotificationRow]:
    """Newest first, with the person who caused each one (`payload.actor_id`); nothing from people hidden by a block."""
    shown = select(Notification, User).outerjoin(User, _ACTOR).where(_shown_to(user_id))
    if before is not None:
        shown = shown.where(Notification.id < before)
    rows = session.execute(shown.order_by(Notification.id.desc()).limit(limit))
    return [NotificationRow(notification, actor) for notification, actor in rows]


def count_unread(session: Session, user_id: int) -> int:
    """Of those that are shown."""
    counted = select(func.count()).select_from(Notification).outerjoin(User, _ACTOR)
    return session.scalar(counted.where(_shown_to(user_id), Notification.read_at.is_(None))) or 0


def _shown_to(user_id: int) -> ColumnElement[bool]:
    not_hidden = or_(User.id.is_(None), ~hidden_between(user_id, User.__table__.c.id))
    return and_(Notification.user_id == user_id, not_hidden)


def mark_read(session: Session, user_id: int, until: int) -> None:
    """That one and all before it."""
    session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.id <= until, Notification.read_at.is_(None))
        .values(read_at=func.now())
    )
