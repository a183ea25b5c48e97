"""Questions about accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.crud import grooves
from platform_api.models import (
    CountedPlay,
    Groove,
    Import,
    Job,
    Notification,
    Play,
    RetoldPlay,
    SoundSource,
    User,
)  # fmt: skip

NOT_CASCADING = (Play, RetoldPlay, Groove)
"""Tables that name a listener without a foreign key. Grooves go after the plays, whose end is noted in them."""


@dataclass(frozen=True)
class ListeningSummary:
    first_play_at: datetime | None
    last_play_at: datetime | None
    plays: int


def everybody(session: Session) -> list[User]:
    """Every account, the oldest first."""
    return list(session.scalars(select(User).order_by(User.created_at, User.id)))


def time_zones(session: Session) -> Sequence[str]:
    """Of all listeners, each once."""
    return session.scalars(select(User.time_zone).distinct().order_by(User.time_zone)).all()


def claim_ended_month(
    session: Session, time_zone: str, month: date, moments: tuple[datetime, datetime]
) -> Sequence[int]:
    """Who in this zone listened to music in `moments` and was not told yet that this month is over; now they count as
    told. Who is held by another transaction is left for the next time."""
    begin, end = moments
    listened = exists().where(
        CountedPlay.user_id == User.id, CountedPlay.started_at >= begin, CountedPlay.started_at < end,
        CountedPlay.is_listen, CountedPlay.kind == "song",
    )  # fmt: skip
    waiting = select(User.id).where(
        User.time_zone == time_zone, or_(User.told_month.is_(None), User.told_month < month), listened
    )
    kept = waiting.order_by(User.id).with_for_update(of=User, key_share=True, skip_locked=True)
    claimed = update(User).where(User.id.in_(kept)).values(told_month=month).returning(User.id)
    return sorted(session.scalars(claimed))


def by_firebase_uid(session: Session, uid: str) -> User | None:
    return session.scalar(select(User).where(User.firebase_uid == uid))


def by_id(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def by_ml_key(session: Session, ml_key: UUID) -> User | None:
    return session.scalar(select(User).where(User.ml_key == ml_key))


def by_handle_key(session: Session, handle_key: str) -> User | None:
    return session.scalar(select(User).where(User.handle_key == handle_key))


def create_unless_taken(session: Session, **columns: Any) -> User | None:
    """The new account, or None where another one has this uid or handle. Waits for a rival that is being created."""
    return session.scalar(insert(User).values(**columns).on_conflict_do_nothing().returning(User))


def listening_summary(session: Session, user_id: int) -> ListeningSummary:
    """Ends by index, count by the size of the grooves: no walk over the plays."""
    first, last = (
        session.scalar(select(CountedPlay.started_at).where(CountedPlay.user_id == user_id).order_by(order).limit(1))
        for order in (CountedPlay.started_at.asc(), CountedPlay.started_at.desc())
    )
    return ListeningSummary(first, last, grooves.count(session, user_id))


def bump_data_version(session: Session, user_id: int) -> int:
    """The listener's statistics change with this transaction: every cached answer about them is old from its commit."""
    version: int | None = session.scalar(
        update(User).where(User.id == user_id).values(data_version=User.data_version + 1).returning(User.data_version)
    )
    if version is None:
        raise LookupError(f"no user {user_id}")
    return version


def bump_every_data_version(session: Session) -> None:
    """What all listeners are shown changes with this transaction."""
    session.execute(update(User).values(data_version=User.data_version + 1))


def delete_user(session: Session, user_id: int) -> list[str]:
    """Removes a listener from every table. Returns the names of their uploads that may still be on disk.

    Jobs go first: a running batch holds its job's row until it commits, and later batches find the row gone, so nothing
    can write a play after the plays were deleted.
    """
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    session.execute(delete(Job).where(Job.user_id == user_id))
    uploads = list(session.scalars(select(Import.stored_name).where(Import.user_id == user_id)))
    audio = select(SoundSource.stored_name).where(SoundSource.user_id == user_id, SoundSource.stored_name.is_not(None))
    uploads += [name for name in session.scalars(audio) if name is not None]
    for table in NOT_CASCADING:
        session.execute(delete(table).where(table.user_id == user_id))
    session.execute(delete(Notification).where(Notification.payload["actor_id"].as_integer() == user_id))
    session.execute(delete(User).where(User.id == user_id))
    return uploads
