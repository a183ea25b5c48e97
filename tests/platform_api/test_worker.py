"""The queue and the worker on a real PostgreSQL: nothing lost, nothing done twice by two workers at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import jobs as job_rows
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.models import Job
from platform_api.services.jobs import Handler, JobContext, JobLost, JobRefused, enqueue
from platform_api.worker import MOST_ATTEMPTS, Worker


@pytest.fixture
def settings(fresh_database: str, redis_url: str) -> Settings:
    return Settings.model_validate({"database": {"url": fresh_database}, "redis": {"url": redis_url}})


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    engine = make_engine(settings.database, application_name="tests", pool_size=5)
    yield make_sessions(engine)
    engine.dispose()


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


def test_every_job_is_done_once_by_two_workers(settings: Settings, sessions: Sessions) -> None:
    done: list[int] = []
    ids = [queue(sessions, number=number) for number in range(60)]
    handler: Handler = lambda context: done.append(context.payload["number"])  # noqa: E731
    with working(make_worker(settings, handler)), working(make_worker(settings, handler)):
        until(lambda: len(done) >= 60)
        until(lambda: all(state(sessions, one) == "done" for one in ids))
    assert sorted(done) == list(range(60))


def test_a_new_job_wakes_a_waiting_worker(settings: Settings, sessions: Sessions) -> None:
    done: list[float] = []
    with working(make_worker(settings, lambda _: done.append(time.monotonic()))):
        time.sleep(1.0)  # the slots have found nothing and wait
        queued_at = time.monotonic()
        queue(sessions)
        until(lambda: bool(done))
    assert done[0] - queued_at < 1.0


def test_a_job_is_not_seen_before_its_transaction_commits(settings: Settings, sessions: Sessions) -> None:
    worker = make_worker(settings, lambda _: None)
    with sessions() as session:
        enqueue(session, "count", {})
        assert worker.do_one() is False
        session.rollback()
    assert worker.do_one() is False


def test_a_failing_job_is_tried_again_and_then_given_up(settings: Settings, sessions: Sessions) -> None:
    attempts: list[int] = []
    sentences: list[str] = []

    def fail(context: JobContext) -> None:
        attempts.append(context.job.attempts)
        raise RuntimeError("no luck")

    def gave_up(_: Session, __: Job, sentence: str) -> None:
        sentences.append(sentence)

    job_id = queue(sessions)
    worker = make_worker(settings, fail, gave_up={"count": gave_up})
    while worker.do_one():
        continue
    assert attempts == list(range(1, MOST_ATTEMPTS + 1))
    assert state(sessions, job_id) == "failed"
    assert len(sentences) == 1


def test_a_refused_job_is_not_tried_again(settings: Settings, sessions: Sessions) -> None:
    def refuse(_: JobContext) -> None:
        raise JobRefused("This file is not a Spotify export.")

    job_id = queue(sessions)
    worker = make_worker(settings, refuse)
    assert worker.do_one() is True
    assert worker.do_one() is False
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.error) == ("failed", "This file is not a Spotify export.")


def test_the_job_of_a_dead_worker_is_taken_over_and_the_old_claim_is_fenced(
    settings: Settings, sessions: Sessions
) -> None:
    job_id = queue(sessions)
    with sessions.begin() as session:
        stale = job_rows.claim(session, "a worker that died", ["count"], lease_s=0.2)
        assert stale is not None
    taken_over: list[int] = []
    worker = make_worker(settings, lambda context: taken_over.append(context.job.attempts))
    assert worker.do_one() is False
    time.sleep(0.3)
    assert worker.do_one() is True
    assert taken_over == [2]
    assert state(sessions, job_id) == "done"
    with sessions.begin() as session:
        assert job_rows.hold(session, stale, 15) is False
        assert job_rows.finish(session, stale) is False


def test_a_batch_holds_its_job_until_it_commits(settings: Settings, sessions: Sessions) -> None:
    """A lease that ran out during a batch is no danger: the row is locked, so nobody claims it before the commit."""
    queue(sessions)
    with sessions.begin() as session:
        job = job_rows.claim(session, "slow", ["count"], lease_s=0.0)
        assert job is not None
    other = make_worker(settings, lambda _: None)
    with sessions.begin() as batch:
        assert job_rows.hold(batch, job, 0)
        assert other.do_one() is False
    assert other.do_one() is True


def test_a_long_job_keeps_its_lease(settings: Settings, sessions: Sessions) -> None:
    starts: list[float] = []

    def long(context: JobContext) -> None:
        starts.append(time.monotonic())
        for _ in range(8):
            time.sleep(0.2)
            with context.sessions.begin() as session:
                context.still_mine(session)

    job_id = queue(sessions)
    with working(make_worker(settings, long, lease_s=0.6)), working(make_worker(settings, long, lease_s=0.6)):
        until(lambda: state(sessions, job_id) == "done")
    assert len(starts) == 1


def test_batches_without_a_pause_keep_the_lease(settings: Settings, sessions: Sessions) -> None:
    """The row is locked nearly always, so that the thread that renews leases hardly ever finds it free."""
    starts: list[float] = []

    def busy(context: JobContext) -> None:
        starts.append(time.monotonic())
        for _ in range(12):
            with context.sessions.begin() as session:
                context.still_mine(session)
                time.sleep(0.2)

    job_id = queue(sessions)
    with working(make_worker(settings, busy, lease_s=0.6)), working(make_worker(settings, busy, lease_s=0.6)):
        until(lambda: state(sessions, job_id) == "done")
    assert len(starts) == 1


def test_a_stopping_worker_puts_its_job_back(settings: Settings, sessions: Sessions) -> None:
    started = threading.Event()

    def endless(context: JobContext) -> None:
        while True:
            with context.sessions.begin() as session:
                context.still_mine(session)
            started.set()
            time.sleep(0.02)

    job_id = queue(sessions)
    with working(make_worker(settings, endless)):
        assert started.wait(10)
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.attempts, job.locked_by) == ("queued", 0, None)


def test_the_job_of_a_deleted_row_is_lost(settings: Settings, sessions: Sessions) -> None:
    seen: list[type[Exception]] = []

    def handler(context: JobContext) -> None:
        with sessions.begin() as other:
            other.execute(text("DELETE FROM jobs"))
        try:
            with context.sessions.begin() as session:
                context.still_mine(session)
        except JobLost:
            seen.append(JobLost)
            raise

    queue(sessions)
    assert make_worker(settings, handler).do_one() is True
    assert seen == [JobLost]


def test_unless_waiting_queues_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert enqueue(session, "count", {}, unless_waiting=True) is not None
        assert enqueue(session, "count", {}, unless_waiting=True) is None


def test_the_worker_process_works_and_ends_when_told(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database.url.get_secret_value(),
        "REDIS_URL": settings.redis.url.get_secret_value(),
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9",
        "INFERENCE_MANIFEST": str(tmp_path / "manifest.json"),
    }
    process = subprocess.Popen([sys.executable, "-m", "platform_api.worker"], env=environment)
    try:
        job_id = queue(sessions, "settle_plays")  # belongs to nobody: it fails and is tried again
        until(lambda: error_of(sessions, job_id) is not None, seconds=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
    with sessions() as session:
        assert job_rows.workers_seen(session, within_s=60) == 0
    assert state(sessions, job_id) == "queued"


def error_of(sessions: Sessions, job_id: int) -> str | None:
    with sessions() as session:
        return session.get_one(Job, job_id).error


def test_a_running_worker_is_seen_and_says_goodbye(settings: Settings, sessions: Sessions) -> None:
    def seen() -> int:
        with sessions() as session:
            return job_rows.workers_seen(session, within_s=10)

    with working(make_worker(settings, lambda _: None)):
        until(lambda: seen() == 1)
    assert seen() == 0


@contextmanager
def database_clock(sessions: Sessions, settings: Settings) -> Iterator[Callable[[int], None]]:
    """`move(hours)`: from then on the database's own now() is off by that much, for every connection.

    A function of the same name stands before the real one on the search path; nothing of the product knows of it.
    """
    name = settings.database.url.get_secret_value().rpartition("/")[2]
    with sessions.begin() as session:
        session.execute(text("CREATE SCHEMA moved"))
        session.execute(text("CREATE TABLE moved.by (hours int)"))
        session.execute(text("INSERT INTO moved.by VALUES (0)"))
        session.execute(
            text(
                "CREATE FUNCTION moved.now() RETURNS timestamptz STABLE LANGUAGE sql AS"
                " $$ SELECT pg_catalog.now() + make_interval(hours => hours) FROM moved.by $$"
            )
        )
        session.execute(text(f'ALTER DATABASE "{name}" SET search_path = moved, pg_catalog, public'))
        session.execute(text("ALTER TABLE jobs ALTER run_after SET DEFAULT moved.now()"))
        session.execute(text("ALTER TABLE jobs ALTER created_at SET DEFAULT moved.now()"))
    sessions.kw["bind"].dispose()  # connections that are open keep the path they began with

    def move(hours: int) -> None:
        with sessions.begin() as session:
            session.execute(text("UPDATE moved.by SET hours = :hours"), {"hours": hours})

    yield move


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_does_no_job_twice_and_keeps_none_waiting(
    settings: Settings, sessions: Sessions, hours: int
) -> None:
    """Two workers; the clock jumps while a job is half done and others are queued. Each step is counted once."""
    with database_clock(sessions, settings) as move, sessions.begin() as session:
        session.execute(text("CREATE TABLE steps (job bigint, step int)"))
    half_done, jumped = threading.Event(), threading.Event()

    def two_steps(context: JobContext) -> None:
        """Goes on where its rows say it was, as every handler does."""
        for step in (1, 2):
            with context.sessions.begin() as session:
                context.still_mine(session)
                done = text("SELECT count(*) FROM steps WHERE job = :job AND step = :step")
                if not session.scalar(done, {"job": context.job.id, "step": step}):
                    session.execute(
                        text("INSERT INTO steps VALUES (:job, :step)"), {"job": context.job.id, "step": step}
                    )
            if step == 1 and context.job.id == first and context.job.attempts == 1:
                half_done.set()
                assert jumped.wait(20)

    first = queue(sessions)
    workers = [make_worker(settings, two_steps, slots=1) for _ in range(2)]
    with working(workers[0]):
        assert half_done.wait(20)
        others = [queue(sessions) for _ in range(5)]
        move(hours)
        with working(workers[1]):
            until(lambda: all(state(sessions, job) == "done" for job in others))
            jumped.set()
            until(lambda: state(sessions, first) == "done")
    with sessions() as session:
        counted = session.execute(text("SELECT job, step, count(*) FROM steps GROUP BY 1, 2 ORDER BY 1, 2")).all()
    assert counted == [(job, step, 1) for job in (first, *others) for step in (1, 2)]


def test_what_a_dead_worker_held_is_taken_over_after_the_clock_went_back(
    settings: Settings, sessions: Sessions
) -> None:
    with database_clock(sessions, settings) as move:
        job = queue(sessions)
        with sessions.begin() as session:
            assert job_rows.claim(session, "a worker that dies", ["count"], 15.0)
        move(-1)
        with working(make_worker(settings, lambda _: None)):
            until(lambda: state(sessions, job) == "done")
