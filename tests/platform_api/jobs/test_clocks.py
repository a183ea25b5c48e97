"""The database's own clock jumps an hour (CHECKS 40): no job is done twice, and none waits for long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.crud import jobs as job_rows
from platform_api.db.session import Sessions
from platform_api.services.jobs import JobContext
from tests.platform_api.jobs.working import make_worker, queue, state, until, working


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
