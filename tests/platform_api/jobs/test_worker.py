"""The queue and the worker on a real PostgreSQL: nothing lost, nothing done twice by two workers at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import jobs as job_rows
from platform_api.crud import playlists, users
from platform_api.db.session import Sessions
from platform_api.models import Job
from platform_api.services.accounts.changes import FORGET_KEPT, FORGET_SIGN_IN, FORGET_SPOTIFY_DETAILS
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import Handler, JobContext, JobLost, JobRefused, enqueue, forget_finished_jobs
from platform_api.worker import MOST_ATTEMPTS, NEVER_GIVEN_UP, Worker
from tests.platform_api.jobs.working import make_worker, queue, state, until, working
from tests.support.surroundings import new_user


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


def test_what_is_done_for_everybody_leaves_a_hand_to_listeners(settings: Settings, sessions: Sessions) -> None:
    """Two jobs that hear a library kept whoever took an import back waiting for eight seconds."""
    go_on = threading.Event()

    def wait_for_others(context: JobContext) -> None:
        if context.job.user_id is None:
            assert go_on.wait(20)

    for_all = [queue(sessions), queue(sessions)]
    with sessions.begin() as session:
        own = enqueue(session, "count", {}, new_user(session).id)
        assert own is not None
    with working(make_worker(settings, wait_for_others)):
        try:
            until(lambda: state(sessions, own.id) == "done")
            assert [state(sessions, one) for one in for_all] == ["running", "queued"]
        finally:
            go_on.set()
        until(lambda: all(state(sessions, one) == "done" for one in for_all))


def test_two_that_claim_at_the_same_moment_leave_a_hand_to_listeners(sessions: Sessions) -> None:
    """Two slots that began together took one job for everybody each: neither saw the other's claim."""
    for_all = [queue(sessions), queue(sessions)]
    with sessions.begin() as session:
        own = enqueue(session, "count", {}, new_user(session).id)
        assert own is not None
    with sessions.begin() as one, sessions.begin() as other:
        claimed = [job_rows.claim(session, "a worker", ["count"], 30) for session in (one, other)]
        assert [job and job.id for job in claimed] == [for_all[0], own.id]
    with sessions.begin() as session:
        assert job_rows.claim(session, "a worker", ["count"], 30) is None


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


def test_what_was_promised_for_good_is_never_given_up(settings: Settings, sessions: Sessions) -> None:
    """After six attempts in thirteen minutes the sign-in of a deleted account stayed where it was."""
    attempts: list[int] = []

    def fail(context: JobContext) -> None:
        attempts.append(context.job.attempts)
        raise RuntimeError("no luck")

    job_id = queue(sessions)
    worker = make_worker(settings, fail, never_given_up={"count"})
    while worker.do_one():
        continue
    for _ in range(2):
        with sessions.begin() as session:
            job = session.get_one(Job, job_id)
            assert job.state == "queued"
            assert timedelta(minutes=59) < job.run_after - datetime.now(UTC) < timedelta(minutes=61)
            job.run_after = datetime.now(UTC)
        assert worker.do_one()
    assert len(attempts) == MOST_ATTEMPTS + 2
    assert {FORGET_SIGN_IN, FORGET_KEPT, FORGET_SPOTIFY_DETAILS} == NEVER_GIVEN_UP


def test_finished_jobs_are_forgotten_with_whom_they_name(settings: Settings, sessions: Sessions) -> None:
    """For ever two of them tied a sign-in to the key under which training had known its plays."""
    now = datetime.now(UTC)

    def was(kind: str, state: str, hours: float, **payload: object) -> Job:
        finished = None if state == "queued" else now - timedelta(hours=hours)
        return Job(
            kind=kind, state=state, payload=payload, finished_at=finished, created_at=now - timedelta(hours=hours)
        )

    with sessions.begin() as session:
        session.add_all([
            was("forget_sign_in", "done", 2, uid="u"),
            was("forget_kept", "done", 2, ml_key="k"),
            was("embed_library", "done", 30, version="1"),
            was("embed_library", "done", 20, version="2"),
            was("embed_library", "done", 10),
            was("import", "failed", 20, import_id=1),
            was("import", "failed", 24 * 8, import_id=2),
            was("forget_sign_in", "done", 0.5, uid="just now"),
            was("forget_sign_in", "queued", 30, uid="not yet"),
        ])  # fmt: skip
    inference = InferenceClient(settings.inference)
    with sessions.begin() as session:
        forget_finished_jobs(session, settings, inference)
    with sessions() as session:
        left = session.scalars(text("SELECT payload FROM jobs ORDER BY id")).all()
    assert left == [{"version": "2"}, {"import_id": 1}, {"uid": "just now"}, {"uid": "not yet"}]


def test_the_end_of_an_account_and_a_job_about_it_do_not_wait_for_each_other(
    settings: Settings, sessions: Sessions
) -> None:
    """The job held its own row and waited for the listener; the deletion held the listener and waited for the job."""
    with sessions.begin() as session:
        user_id = new_user(session).id
        enqueue(session, "count", user_id=user_id)
    lost: list[bool] = []

    def write(context: JobContext) -> None:
        try:
            with context.sessions.begin() as session:
                context.still_mine(session)
                playlists.add(session, context.user_id, "Evenings", "")
        except JobLost:
            lost.append(True)
            raise

    with sessions() as leaving:
        leaving.execute(text("SELECT FROM users FOR UPDATE"))
        thread = threading.Thread(target=make_worker(settings, write).do_one)
        thread.start()
        until(lambda: bool(leaving.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))))
        users.delete_user(leaving, user_id)
        leaving.commit()
        thread.join(timeout=20)
    assert lost == [True]


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


def test_a_watch_that_cannot_go_on_ends_no_other(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    def stumble(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "caf\udce9", 3, 4, "surrogates not allowed")

    monkeypatch.setattr("platform_api.worker.WATCH_EVERY_S", 0.05)
    with working(Worker(settings, handlers={}, watches=(stumble, lambda *_: looked.append(time.monotonic())))):
        until(lambda: len(looked) >= 3)


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
