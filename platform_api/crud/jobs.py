"""The queue: a job is a row, a claim is a lease on it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, extract, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from platform_api.models import Job, User, WorkerHeartbeat

CHANNEL = "tonearm_jobs"
FORGIVEN_AFTER = timedelta(minutes=15)
LONGER_THAN_ANY_LEASE = timedelta(minutes=10)
"""A claim that lasts longer was made before the clock went back."""
DONE_KEPT_FOR, FAILED_KEPT_FOR = timedelta(hours=1), timedelta(days=7)
NOTHING: dict[str, Any] = {}


def enqueue(session: Session, kind: str, payload: dict[str, Any], user_id: int | None, after_s: float = 0) -> Job:
    """Workers are woken when this transaction commits, and only then. It runs `after_s` later at the earliest."""
    job = Job(kind=kind, payload=payload, user_id=user_id)
    if after_s:
        job.run_after = func.now() + timedelta(seconds=after_s)
    session.add(job)
    session.flush()
    session.execute(select(func.pg_notify(CHANNEL, kind)))
    return job


def is_waiting(session: Session, kind: str, user_id: int | None) -> bool:
    """Is such a job queued and not yet begun?"""
    same_user = Job.user_id.is_(None) if user_id is None else Job.user_id == user_id
    return bool(session.scalar(select(Job.id).where(Job.kind == kind, same_user, Job.state == "queued").limit(1)))


def is_under_way(session: Session, kind: str, payload: dict[str, Any] | None = None) -> bool:
    """Is such a job (with this very payload) queued or running?"""
    such = select(Job.id).where(Job.kind == kind, Job.state.in_(["queued", "running"])).limit(1)
    return session.scalar(such if payload is None else such.where(Job.payload == payload)) is not None


def was_queued(session: Session, kind: str, payload: dict[str, Any]) -> bool:
    """Is or was there a job with this very payload, as far as jobs are remembered?"""
    return session.scalar(select(Job.id).where(Job.kind == kind, Job.payload == payload).limit(1)) is not None


def was_queued_last(session: Session, kind: str, payload: dict[str, Any]) -> bool:
    """Has the newest job of this kind that tells any payload this very one? Given up, it counts for FORGIVEN_AFTER."""
    counts = or_(Job.state != "failed", Job.finished_at > func.now() - FORGIVEN_AFTER)
    return session.scalar(select(Job.id).where(_is_newest(kind), Job.payload == payload, counts)) is not None


def rests(session: Session, kind: str, told: dict[str, Any], times: int, at_most: timedelta) -> bool:
    """Did the newest job of this kind that tells any payload tell all of `told`, and end less than `times` as long ago
    as it took, and less than `at_most`?"""
    ago, took = extract("epoch", func.now() - Job.finished_at), extract("epoch", Job.finished_at - Job.created_at)
    resting = ago.between(0, func.least(times * took, at_most.total_seconds()))
    such = select(Job.id).where(_is_newest(kind), Job.payload.contains(told), Job.state == "done", resting)
    return session.scalar(such) is not None


def _is_newest(kind: str) -> ColumnElement[bool]:
    return Job.id == select(func.max(Job.id)).where(Job.kind == kind, Job.payload != NOTHING).scalar_subquery()


def only_one_here(session: Session, name: str) -> bool:
    """Whether no other transaction stands at this place; true keeps others out until this one ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(name)))))


def claim(session: Session, worker: str, kinds: list[str], lease_s: float) -> Job | None:
    """The next job that is due or whose worker died, now leased to `worker`; None where nothing is to do.

    A clock that goes forward makes claims look old: whoever held them finds that out with its next transaction. One
    that goes back would keep what was queued or claimed before waiting as long as it went back.

    What is done for everybody (`user_id` is null) is done one at a time of each kind, so that no such kind takes every
    hand of a worker. Two that claim at the same moment do not see each other's claim yet: only one of them at a time
    may claim such a job, the other is left with what is a listener's.
    """
    now = func.now()
    left = or_(Job.locked_until < now, Job.locked_until > now + LONGER_THAN_ANY_LEASE)
    due = or_(Job.state == "queued", and_(Job.state == "running", left))
    its_time = or_(Job.run_after <= now, Job.created_at > now)
    other = aliased(Job)
    at_work = and_(other.state == "running", other.locked_until.between(now, now + LONGER_THAN_ANY_LEASE))
    same_for_all = select(other.id).where(other.kind == Job.kind, other.user_id.is_(None), other.id != Job.id, at_work)
    listeners = Job.user_id.is_not(None)
    may_be_done = or_(listeners, ~same_for_all.exists()) if only_one_here(session, "claim for all") else listeners
    next_id = (
        select(Job.id)
        .where(Job.kind.in_(kinds), its_time, due, may_be_done)
        .order_by(Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.scalar(
        update(Job)
        .where(Job.id == next_id)
        .values(
            state="running",
            attempts=Job.attempts + 1,
            locked_by=worker,
            locked_until=func.now() + timedelta(seconds=lease_s),
        )
        .returning(Job)
    )


def _held(job: Job) -> ColumnElement[bool]:
    """The row as this claim left it: a later claim has another worker or a higher attempt."""
    return and_(Job.id == job.id, Job.locked_by == job.locked_by, Job.attempts == job.attempts, Job.state == "running")


def hold(session: Session, job: Job, lease_s: float) -> bool:
    """Whether the claim still stands; if so no other worker can take the job before this transaction ends.

    Its listener is kept before it, as the deletion of an account does: the other order could deadlock with it. Renews
    the lease as well: batches that follow each other closely would otherwise keep `renew` from ever finding the row
    free.
    """
    _keep_listener(session, job)
    held = update(Job).where(_held(job)).values(locked_until=func.now() + timedelta(seconds=lease_s))
    return session.scalar(held.returning(Job.id)) is not None


def _keep_listener(session: Session, job: Job) -> None:
    if job.user_id is not None:
        session.execute(select(User.id).where(User.id == job.user_id).with_for_update(read=True, key_share=True))


def renew(session: Session, job: Job, lease_s: float) -> bool:
    """Skips a row that a batch holds right now: while it is locked nobody can claim it either."""
    free = select(Job.id).where(_held(job)).with_for_update(skip_locked=True).scalar_subquery()
    renewed = session.scalar(
        update(Job).where(Job.id == free).values(locked_until=func.now() + timedelta(seconds=lease_s)).returning(Job.id)
    )
    return renewed is not None


def finish(session: Session, job: Job) -> bool:
    done = update(Job).where(_held(job)).values(state="done", finished_at=func.now(), locked_until=None, error=None)
    return session.scalar(done.returning(Job.id)) is not None


def fail(session: Session, job: Job, error: str) -> bool:
    _keep_listener(session, job)
    failed = update(Job).where(_held(job)).values(state="failed", finished_at=func.now(), error=error)
    return session.scalar(failed.returning(Job.id)) is not None


def put_back(session: Session, job: Job, error: str | None, *, wait_s: float, attempts: int) -> bool:
    """Queued again, to run in `wait_s` seconds."""
    queued = update(Job).where(_held(job)).values(
        state="queued",
        run_after=func.now() + timedelta(seconds=wait_s),
        locked_by=None,
        locked_until=None,
        attempts=attempts,
        error=error,
    )  # fmt: skip
    return session.scalar(queued.returning(Job.id)) is not None


def forget_finished(session: Session, remembered: Collection[str]) -> None:
    """Removes jobs done an hour ago or given up a week ago, and with them whom they name. Of the `remembered` kinds the
    last one done that tells a payload stays."""
    finished = or_(
        and_(Job.state == "done", Job.finished_at < func.now() - DONE_KEPT_FOR),
        and_(Job.state == "failed", Job.finished_at < func.now() - FAILED_KEPT_FOR),
    )
    told = (Job.kind.in_(remembered), Job.state == "done", Job.payload != NOTHING)
    last = select(func.max(Job.id)).where(*told).group_by(Job.kind)
    session.execute(delete(Job).where(finished, Job.id.not_in(last)))


def beat(session: Session, worker: str) -> None:
    """A sign of life; sweeps the rows of workers that died long ago without a word."""
    session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.seen_at < func.now() - timedelta(days=1)))
    seen = insert(WorkerHeartbeat).values(name=worker)
    session.execute(seen.on_conflict_do_update(index_elements=["name"], set_={"seen_at": func.now()}))


def leave(session: Session, worker: str) -> None:
    session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.name == worker))


def workers_seen(session: Session, within_s: float) -> int:
    """How many workers showed a sign of life lately."""
    since = func.now() - timedelta(seconds=within_s)
    return session.scalar(select(func.count()).where(WorkerHeartbeat.seen_at > since)) or 0


def waiting_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(Job.state == "queued", Job.run_after <= func.now())) or 0
