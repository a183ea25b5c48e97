"""Questions about accounts."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platform_api.models import User


def by_firebase_uid(session: Session, uid: str) -> User | None:
    return session.scalar(select(User).where(User.firebase_uid == uid))


def bump_data_version(session: Session, user_id: int) -> int:
    """The listener's statistics change with this transaction: every cached answer about them is old from its commit."""
    version: int | None = session.scalar(
        update(User)
        .where(User.id == user_id)
        .values(data_version=User.data_version + 1)
        .returning(User.data_version)
    )
    if version is None:
        raise LookupError(f"no user {user_id}")
    return version
