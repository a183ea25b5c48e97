"""`python -m platform_api.worker`: does the durable work. Run as many of them as there is work for.

A job is claimed with SKIP LOCKED and leased; the lease is renewed while its handler runs. A worker that dies stops
renewing, and LEASE_S later another one (or its successor) goes on. New jobs wake a waiting worker through LISTEN.
"""

import gc
import os
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from platform_api.core.logging import configure_logging
from platform_api.core.settings import Settings
from platform_api.crud import jobs
from platform_api.db.session import NOTICES_ITS_END, Sessions, make_engine, make_sessions
from platform_api.models import Job
from platform_api.services.accounts.changes import FORGET_KEPT, FORGET_SIGN_IN, FORGET_SPOTIFY_DETAILS
from platform_api.services.accounts.farewell import forget_kept, forget_sign_in
from platform_api.services.ai_agent.stories import write_story
from platform_api.services.community.month_ends import notice_months_that_ended
from platform_api.services.community.shares import forget_expired_links
from platform_api.services.importing.job import import_gave_up, run_import, settle_plays, undo_gave_up, undo_import
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import (
    LEASE_S,
    GaveUp,
    Handler,
    JobContext,
    JobInterrupted,
    JobLost,
    JobRefused,
    Watch,
    forget_finished_jobs,
)  # fmt: skip
from platform_api.services.kept_answers import forget_old_answers
from platform_api.services.left_over_uploads import forget_left_over_uploads
from platform_api.services.sound.hearing import embed_library
from platform_api.services.sound.previews import hear_previews, notice_tracks_without_sound
from platform_api.services.sound.uploads import hear_upload, upload_gave_up
from platform_api.services.sound.watch import notice_unheard_audio
from platform_api.services.spotify.jobs import (
    enrich_from_spotify,
    forget_spotify,
    forget_spotify_details,
    look_at_spotify,
)
from platform_api.services.spotify.watch import notice_what_is_due
from platform_api.utils.cache import Cache
from platform_api.utils.clock import use_locked_time_zones
from platform_api.utils.memory import collect_less_often, share_one_heap

HANDLERS: Mapping[str, Handler] = {
    "embed_library": embed_library,
    "enrich_from_spotify": enrich_from_spotify,
    FORGET_SIGN_IN: forget_sign_in,
    FORGET_KEPT: forget_kept,
    "forget_spotify": forget_spotify,
    FORGET_SPOTIFY_DETAILS: forget_spotify_details,
    "hear_previews": hear_previews,
    "hear_upload": hear_upload,
    "import": run_import,
    "look_at_spotify": look_at_spotify,
    "settle_plays": settle_plays,
    "undo_import": undo_import,
    "write_story": write_story,
}
GAVE_UP: Mapping[str, GaveUp] = {"hear_upload": upload_gave_up, "import": import_gave_up, "undo_import": undo_gave_up}
NEVER_GIVEN_UP = frozenset({FORGET_SIGN_IN, FORGET_KEPT, FORGET_SPOTIFY_DETAILS})
"""What somebody was promised who left and will not look again."""
WATCHES: Sequence[Watch] = (
    notice_unheard_audio, notice_tracks_without_sound, notice_what_is_due, notice_months_that_ended,
    forget_old_answers, forget_finished_jobs, forget_expired_links, forget_left_over_uploads,
)  # fmt: skip

SLOTS = 2
RENEWALS_PER_LEASE = 4
LOOK_EVERY_S = 5.0
WATCH_EVERY_S = 10.0
MOST_ATTEMPTS = 6
BACKOFF_S = (2.0, 10.0, 30.0, 120.0, 600.0)
AGAIN_AFTER_S = 3600.0
"""Of what is never given up."""
ALLOCATIONS_BETWEEN_LOOKS = 100_000
"""An import makes millions of short-lived rows and no cycles: looking for some cost a quarter of its time. So the
worker looks when a job is done."""
TURN_S = 0.0005
"""How long a thread that computes keeps another waiting, which is back from the database. Python's 5 ms, at each of a
batch's thirty statements, cost an import a fifth of its time."""
RETRY_SENTENCE = "This could not be finished after several tries. Nothing was lost; please start it again."

log = structlog.get_logger(__name__)


class Worker:
    """`slots` jobs at a time. `run()` returns after `stop()`; running handlers are interrupted between batches."""

    def __init__(
        self,
        settings: Settings,
        *,
        handlers: Mapping[str, Handler] = HANDLERS,
        gave_up: Mapping[str, GaveUp] = GAVE_UP,
        never_given_up: Collection[str] = NEVER_GIVEN_UP,
        watches: Sequence[Watch] = WATCHES,
        slots: int = SLOTS,
        lease_s: float = LEASE_S,
        backoff_s: tuple[float, ...] = BACKOFF_S,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._settings = settings
        self._handlers = handlers
        self._gave_up = gave_up
        self._never_given_up = never_given_up
        self._watches = watches
        self._slots = slots
        self._lease_s = lease_s
        self._backoff_s = backoff_s
        self._engine = make_engine(
            settings.database, application_name="tonearm-worker", pool_size=3 * slots + 2, statement_timeout_ms=0
        )
        self._sessions: Sessions = make_sessions(self._engine)
        self._cache = Cache(settings.redis.url.get_secret_value())
        self._inference = InferenceClient(settings.inference)
        self._stopping = threading.Event()
        self._wake = threading.Condition()
        self._running: dict[int, Job] = {}

    def stop(self) -> None:
        self._stopping.set()
        with self._wake:
            self._wake.notify_all()

    def run(self) -> None:
        log.info("worker started", name=self.name, kinds=sorted(self._handlers))
        listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        keeper = threading.Thread(target=self._keep_leases, name="leases", daemon=True)
        listener.start()
        keeper.start()
        watcher = threading.Thread(target=self._watch, name="watches", daemon=True)
        watcher.start()
        with ThreadPoolExecutor(self._slots, thread_name_prefix="slot") as pool:
            for _ in range(self._slots):
                pool.submit(self._work)
        keeper.join()
        listener.join(timeout=LOOK_EVERY_S)
        watcher.join(timeout=LOOK_EVERY_S)
        self._say_goodbye()
        self._inference.close()
        self._cache.close()
        self._engine.dispose()
        log.info("worker stopped", name=self.name)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self.do_one()
            except SQLAlchemyError as error:
                log.warning("the database is away", error=type(error).__name__)
                self._stopping.wait(1.0)
            except Exception:  # a slot that ends would silently halve the worker
                log.exception("unexpected error in the worker")
                self._stopping.wait(1.0)
            else:
                if busy:
                    gc.collect(0)  # what the job left in circles; else it would stay for minutes
                else:
                    self._wait_for_work()

    def _wait_for_work(self) -> None:
        with self._wake:
            if not self._stopping.is_set():
                self._wake.wait(timeout=LOOK_EVERY_S)

    def do_one(self) -> bool:
        """Claims one job and does it; False where nothing is due."""
        with self._sessions.begin() as session:
            job = jobs.claim(session, self.name, list(self._handlers), self._lease_s)
        if job is None:
            return False
        self._running[job.id] = job
        try:
            with structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind, attempt=job.attempts):
                self._do(job)
        finally:
            del self._running[job.id]
        return True

    def _do(self, job: Job) -> None:
        if job.attempts > MOST_ATTEMPTS and job.kind not in self._never_given_up:
            self._fail(job, RETRY_SENTENCE)
            return
        started = time.monotonic()
        context = JobContext(
            job, self._settings, self._sessions, self._inference, self._cache, self._stopping, self._lease_s
        )
        try:
            self._handlers[job.kind](context)
            with self._sessions.begin() as session:
                jobs.finish(session, job)
        except JobLost:
            log.warning("job lost to another worker, or its owner is gone")
        except JobInterrupted:
            with self._sessions.begin() as session:
                jobs.put_back(session, job, None, wait_s=0, attempts=job.attempts - 1)
            log.info("job put back")
        except JobRefused as error:
            self._fail(job, str(error))
        except Exception as error:  # a handler may fail in any way; the queue decides what follows
            self._retry(job, error)
        else:
            log.info("job done", seconds=round(time.monotonic() - started, 2))

    def _retry(self, job: Job, error: Exception) -> None:
        log.error("job failed", exc_info=error)
        wait_s = self._backoff_s[min(job.attempts, len(self._backoff_s)) - 1]
        if job.attempts >= MOST_ATTEMPTS:
            if job.kind not in self._never_given_up:
                self._fail(job, RETRY_SENTENCE)
                return
            wait_s = AGAIN_AFTER_S
            log.error("ALARM this has to be done and is tried again every hour", reason=repr(error))
        with self._sessions.begin() as session:
            jobs.put_back(session, job, repr(error)[:1000], wait_s=wait_s, attempts=job.attempts)

    def _fail(self, job: Job, sentence: str) -> None:
        left_over = None
        with self._sessions.begin() as session:
            if jobs.fail(session, job, sentence) and job.kind in self._gave_up:
                left_over = self._gave_up[job.kind](session, job, sentence)
        log.error("job given up", reason=sentence)
        if left_over is not None:
            (self._settings.uploads.dir / left_over).unlink(missing_ok=True)

    def _keep_leases(self) -> None:
        """Renews leases and shows a sign of life, also while running handlers come to their end."""
        while not self._stopping.is_set() or self._running:
            try:
                with self._sessions.begin() as session:
                    jobs.beat(session, self.name)
                    for job in list(self._running.values()):
                        jobs.renew(session, job, self._lease_s)
            except SQLAlchemyError as error:
                log.warning("leases not renewed", error=type(error).__name__)
            if self._stopping.is_set():
                time.sleep(0.1)
            else:
                self._stopping.wait(self._lease_s / RENEWALS_PER_LEASE)

    def _watch(self) -> None:
        """Looks around from time to time; a watch that fails is asked again."""
        while not self._stopping.is_set():
            for watch in self._watches:
                try:
                    with self._sessions.begin() as session:
                        watch(session, self._settings, self._inference)
                except (SQLAlchemyError, OSError) as error:
                    log.warning("a watch failed", watch=getattr(watch, "__name__", ""), error=repr(error))
                except Exception:  # one that cannot go on must not end the others
                    log.exception("a watch failed", watch=getattr(watch, "__name__", ""))
            self._stopping.wait(WATCH_EVERY_S)

    def _listen(self) -> None:
        """Wakes the slots when a job was queued. While this connection is away they look every LOOK_EVERY_S."""
        address = self._settings.database.url.get_secret_value().replace("postgresql+psycopg://", "postgresql://", 1)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(address, autocommit=True, connect_timeout=3, **NOTICES_ITS_END) as connection:
                    connection.execute(f"LISTEN {jobs.CHANNEL}")
                    while not self._stopping.is_set():
                        for _ in connection.notifies(timeout=1.0, stop_after=1):
                            with self._wake:
                                self._wake.notify_all()
            except psycopg.Error as error:
                log.warning("not listening", error=type(error).__name__)
                self._stopping.wait(1.0)

    def _say_goodbye(self) -> None:
        try:
            with self._sessions.begin() as session:
                jobs.leave(session, self.name)
        except SQLAlchemyError as error:
            log.warning("left without a word", error=type(error).__name__)


def main() -> None:
    share_one_heap()
    sys.setswitchinterval(TURN_S)
    use_locked_time_zones()
    settings = Settings()
    collect_less_often(ALLOCATIONS_BETWEEN_LOOKS)
    configure_logging(settings.app)
    worker = Worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
