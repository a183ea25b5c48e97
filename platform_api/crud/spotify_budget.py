"""Questions about the calls that all listeners share."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import SpotifyCalls, SpotifyGate

WINDOW = timedelta(hours=24)


def hold_gate(session: Session) -> SpotifyGate:
    """The one row; until the transaction ends nobody else counts calls."""
    held = select(SpotifyGate).with_for_update().execution_options(populate_existing=True)
    gate = session.scalar(held)
    if gate is None:
        session.execute(insert(SpotifyGate).values(id=1).on_conflict_do_nothing())
        gate = session.scalars(held).one()
    return gate


def gate(session: Session) -> SpotifyGate | None:
    return session.scalar(select(SpotifyGate))


def used(session: Session, now: datetime) -> int:
    """Calls of the last 24 hours."""
    total = select(func.coalesce(func.sum(SpotifyCalls.calls), 0)).where(SpotifyCalls.minute > now - WINDOW)
    return int(session.scalar(total) or 0)


def free_again_at(session: Session, now: datetime, to_be_freed: int) -> datetime:
    """When so many of the last 24 hours' calls will be older than that."""
    running = func.sum(SpotifyCalls.calls).over(order_by=SpotifyCalls.minute)
    counted = select(SpotifyCalls.minute, running.label("freed")).where(SpotifyCalls.minute > now - WINDOW).subquery()
    minute = session.scalar(select(func.min(counted.c.minute)).where(counted.c.freed >= to_be_freed))
    return (minute or now) + WINDOW + timedelta(minutes=1)


def count(session: Session, now: datetime, purpose: str) -> None:
    minute = now.replace(second=0, microsecond=0)
    new = insert(SpotifyCalls).values(minute=minute, purpose=purpose, calls=1)
    grown = {"calls": SpotifyCalls.calls + 1}
    session.execute(new.on_conflict_do_update(index_elements=["minute", "purpose"], set_=grown))
    session.execute(delete(SpotifyCalls).where(SpotifyCalls.minute < now - 2 * WINDOW))
