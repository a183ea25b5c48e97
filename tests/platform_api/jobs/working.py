"""Workers that run in a thread, and jobs for them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.models import Job
from platform_api.services.jobs import Handler, enqueue
from platform_api.worker import Worker


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def queue(sessions: Sessions, kind: str = "count", **payload: int) -> int:
    with sessions.begin() as session:
        job = enqueue(session, kind, payload)
        assert job is not None
        return job.id


def state(sessions: Sessions, job_id: int) -> str:
    with sessions() as session:
        return session.get_one(Job, job_id).state


def make_worker(settings: Settings, handler: Handler, **kwargs: object) -> Worker:
    return Worker(settings, handlers={"count": handler}, watches=(), backoff_s=(0.0,), **kwargs)  # type: ignore[arg-type]
