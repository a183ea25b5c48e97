"""Telling people what happened. Written in the transaction of what happened."""

from sqlalchemy.orm import Session

from platform_api.crud import notifications
from platform_api.crud.notifications import NotificationRow
from platform_api.models import User
from platform_api.schemas.community import Notification, Notifications, PersonRef


def tell(
    session: Session,
    user_id: int,
    kind: str,
    *,
    actor: User | None = None,
    post_id: int | None = None,
    comment_id: int | None = None,
    import_id: int | None = None,
    span: str | None = None,
    detail: str | None = None,
) -> None:
    """Nobody is told about what they did themselves. `detail` is a plain sentence."""
    if actor is not None and actor.id == user_id:
        return
    payload = {
        "actor_id": actor.id if actor is not None else None,
        "post_id": post_id,
        "comment_id": comment_id,
        "import_id": import_id,
        "span": span,
        "detail": detail,
    }
    notifications.add(session, user_id, kind, {key: value for key, value in payload.items() if value is not None})


def take_back(session: Session, user_id: int, kind: str, actor: User, **of: int | str) -> None:
    """What was told is so no longer. `of` is what it was told with."""
    notifications.forget(session, user_id, {"actor_id": actor.id, **of}, kind)


def latest(session: Session, user: User, before: int | None, limit: int) -> Notifications:
    rows = notifications.latest(session, user.id, before, limit)
    return Notifications(
        items=[_shown(row) for row in rows],
        unread=notifications.count_unread(session, user.id),
        next_before=rows[-1].notification.id if len(rows) == limit else None,
    )


def mark_read(session: Session, user: User, until: int) -> None:
    """What came after `until` was not shown yet."""
    notifications.mark_read(session, user.id, until)


def _shown(row: NotificationRow) -> Notification:
    notification, actor = row
    return Notification(
        id=notification.id,
        kind=notification.kind,
        actor=PersonRef.model_validate(actor) if actor is not None else None,
        post_id=notification.payload.get("post_id"),
        import_id=notification.payload.get("import_id"),
        span=notification.payload.get("span"),
        detail=notification.payload.get("detail"),
        created_at=notification.created_at,
        read=notification.read_at is not None,
    )
