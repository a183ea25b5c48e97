"""Durable work: put a job into the request's own transaction; a worker does it, whatever dies in between.

A handler is called with a JobContext. It may be called again for the same job (its worker died, or it failed), so it
goes on where its own rows say it was. Each of its transactions begins with `context.still_mine(session)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import jobs
from platform_api.db.session import Sessions
from platform_api.models import Job
from platform_api.services.inference.client import InferenceClient
from platform_api.utils.cache import Cache

LEASE_S = 15.0
"""A worker that has not renewed its claim for this long is taken for dead."""


class JobLost(Exception):
    """Another worker has taken the job over, or its owner is gone. Whatever this attempt did not commit is not done."""


class JobInterrupted(Exception):
    """The worker is stopping; the job goes back to the queue and its next attempt goes on."""


class JobRefused(Exception):
    """Trying again cannot help. The text is a plain sentence for the listener."""


@dataclass(frozen=True)
class JobContext:
    """The surroundings of one attempt at one job."""

    job: Job
    settings: Settings
    sessions: Sessions
    inference: InferenceClient
    cache: Cache
    stopping: Event = field(default_factory=Event)
    lease_s: float = LEASE_S

    @property
    def payload(self) -> Mapping[str, Any]:
        return self.job.payload

    @property
    def user_id(self) -> int:
        if self.job.user_id is None:
            raise LookupError(f"job {self.job.id} ({self.job.kind}) belongs to nobody")
        return self.job.user_id

    def still_mine(self, session: Session) -> bool:
        """Call first in every transaction: from here to its commit nobody else can take the job.

        Raises JobLost, or JobInterrupted when the worker is stopping. Returns True.
        """
        if self.stopping.is_set():
            raise JobInterrupted
        if not jobs.hold(session, self.job, self.lease_s):
            raise JobLost
        return True


REMEMBERED = ("embed_library",)
"""Kinds of which the last one done says what need not be done again (`crud/jobs.py: was_queued_last`)."""
Handler = Callable[[JobContext], None]
Watch = Callable[[Session, Settings, InferenceClient], None]
"""Called every so often by each worker, in a transaction of its own: notices what changed and queues jobs for it."""
GaveUp = Callable[[Session, Job, str], str | None]
"""Called in the transaction that marks a job as failed for good, with one plain sentence. Answers the upload that
nobody needs now, by its path in the folder of uploads."""


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any] | None = None,
    user_id: int | None = None,
    *,
    unless_waiting: bool = False,
    after_s: float = 0,
) -> Job | None:
    """Queues a job that runs once this transaction is committed, `after_s` later at the earliest.

    With `unless_waiting`, nothing is queued (None) where the same kind for the same listener has not begun yet.
    """
    if unless_waiting and jobs.is_waiting(session, kind, user_id):
        return None
    return jobs.enqueue(session, kind, dict(payload or {}), user_id, after_s)


def forget_finished_jobs(session: Session, _: Settings, __: InferenceClient) -> None:
    """Workers may all ask at once."""
    if jobs.only_one_here(session, "forget finished jobs"):
        jobs.forget_finished(session, REMEMBERED)
