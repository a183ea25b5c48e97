"""What people are told."""

from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from platform_api.crud.people import hidden_between
from platform_api.models import Notification, User


class NotificationRow(NamedTuple):
    notification: Notification
    actor: User | None


def add(session: Session, user_id: int, kind: str, payload: dict[str, Any]) -> None:
    session.add(Notification(user_id=user_id, kind=kind, payload=payload))


def latest(session: Session, user_id: int, before: int | None, limit: int) -> list[NotificationRow]:
    """Newest first, with the person who caused each one (`payload.actor_id`); nothing from people hidden by a block."""
    conditions = [
        Notification.user_id == user_id,
        or_(User.id.is_(None), ~hidden_between(user_id, User.__table__.c.id)),
    ]
    if before is not None:
        conditions.append(Notification.id < before)
    rows = session.execute(
        select(Notification, User)
        .outerjoin(User, User.id == Notification.payload["actor_id"].as_integer())
        .where(*conditions)
        .order_by(Notification.id.desc())
        .limit(limit)
    )
    return [NotificationRow(notification, actor) for notification, actor in rows]


def count_unread(session: Session, user_id: int) -> int:
    unread = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, user_id: int) -> None:
    session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=func.now())
    )
