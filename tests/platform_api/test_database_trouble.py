"""The database in real trouble: restarted and killed under load, deadlocked, unable to serialise. Nothing by halves."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from platform_api.api.deps import SessionDep, limiter_of
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.main import create_app
from platform_api.services.importing import batches
from platform_api.services.importing.formats import HistoryFormat
from platform_api.worker import Worker
from tests.conftest import migrate
from tests.support.histories import FIRST_DAY, a_day_of_plays, bring, extended_zip, listen, until_done
from tests.support.live import serving
from tests.support.people import Emulator, Listener, sign_in_on
from tests.support.restartable import RestartablePostgres, restartable_postgres
from tests.support.unlimited import Unlimited

ROWS, BATCH = 600, 30
PLAYS = """
    SELECT track_id, ended_at, started_at, ms_played, reason_end FROM plays
    WHERE user_id = :id AND source = 'spotify_export' ORDER BY 1, 2
"""
READ = "SELECT month, plays FROM grooves WHERE user_id = :id AND month < '2024-05-01' ORDER BY 1"
TOLD = ("state", "totals", "reasons")
SCROBBLED = "SELECT count(*), count(DISTINCT started_at) FROM plays WHERE user_id = :id AND source = 'listenbrainz'"


@pytest.fixture
def own_database(servers_folder: Path) -> Iterator[RestartablePostgres]:
    with restartable_postgres(servers_folder / "restarted") as database:
        migrate(database.url)
        yield database


@pytest.fixture
def many_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that takes its time, so that a restart falls into it."""
    prepare = batches.prepare

    def prepared(
        stream: BinaryIO, history_format: HistoryFormat, now: datetime, skip_rows: int
    ) -> Iterator[batches.PreparedBatch]:
        for batch in prepare(stream, history_format, now, skip_rows, BATCH):
            time.sleep(0.05)
            yield batch

    monkeypatch.setattr(batches, "prepare", prepared)


class Load:
    """Somebody who asks one thing after the other until told to stop."""

    def __init__(self, ask: Callable[[int], int]) -> None:
        self._ask, self._over = ask, threading.Event()
        self.answers: list[tuple[float, int]] = []
        """When each question was asked, and the status of its answer."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for number in count():
            if self._over.is_set():
                return
            asked = time.monotonic()
            self.answers.append((asked, self._ask(number)))

    def stop(self) -> list[tuple[float, int]]:
        self._over.set()
        self._thread.join(timeout=60)
        return self.answers


@pytest.mark.usefixtures("many_batches")
def test_restarted_and_killed_under_load_nothing_is_lost_or_double(
    own_database: RestartablePostgres, settings: Settings, emulator: Emulator
) -> None:
    """Stopped as for an update, then killed, both in the middle of one import; others read, make and scrobble.

    There is room for everybody who asks here at once, so that a 503 is the database's and never the line's.
    """
    stored = settings.model_copy(
        update={"database": settings.database.model_validate({"url": own_database.url, "pool_size": 45})}
    )
    app = create_app(stored)
    app.dependency_overrides[limiter_of] = Unlimited
    worker = Worker(stored, lease_s=1.0, backoff_s=(0.0,))
    working = threading.Thread(target=worker.run)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        sign_in = sign_in_on(client, emulator)  # type: ignore[arg-type]
        calm, busy = sign_in("ada"), sign_in("ben")
        working.start()
        try:
            body = extended_zip(a_day_of_plays(ROWS))
            alone = bring(calm, body)
            until_done(calm, alone)
            loads = start_load(address, busy)
            began = bring(busy, body)
            back: list[tuple[float, float]] = []
            for at, end in ((ROWS // 4, own_database.stop), (ROWS // 2, own_database.kill)):
                wait_for_rows(busy, began, at)
                away = time.monotonic()
                end()
                own_database.start()
                back.append((away, time.monotonic()))
                assert busy.get("/me").status_code == 200
            until_done(busy, began)
            answered = [load.stop() for load in loads]
        finally:
            worker.stop()
            working.join(timeout=60)

        for asked, status in (answer for answers in answered for answer in answers):
            assert status in {200, 201, 503}, status
            assert status != 503 or any(away - 1 <= asked <= there for away, there in back), "only while it is away"
        assert any(status == 503 for answers in answered for _, status in answers)
        whole = calm.get(f"/imports/{alone['id']}").json()
        through = busy.get(f"/imports/{began['id']}").json()
        assert [through[field] for field in TOLD] == [whole[field] for field in TOLD]
        assert whole["totals"]["accepted"] == ROWS
        engine = make_engine(stored.database, application_name="tests", pool_size=1)
        with make_sessions(engine)() as session:
            for question in (PLAYS, READ):
                ours, theirs = (session.execute(text(question), {"id": each.id}).all() for each in (calm, busy))
                assert ours == theirs
                assert ours
            sent = sum(status == 200 for _, status in answered[0])
            assert session.execute(text(SCROBBLED), {"id": busy.id}).one() == (sent, sent)
            names = session.scalars(text("SELECT name FROM playlists WHERE user_id = :id"), {"id": busy.id}).all()
            made = [number for number, (_, status) in enumerate(answered[1]) if status == 201]
            assert len(names) == len(set(names))
            assert {str(number) for number in made} <= set(names)
        engine.dispose()


def start_load(address: str, busy: Listener) -> list[Load]:
    token = busy.post("/tokens", {"name": "a player"}).json()["token"]

    def scrobble(_: int) -> int:
        """The same listen until it is taken, as players do."""
        told = {"listen_type": "single", "payload": [listen(FIRST_DAY + timedelta(days=100, minutes=5 * taken[0]))]}
        headers = {"Authorization": f"Token {token}"}
        status = httpx.post(f"{address}/1/submit-listens", json=told, headers=headers, timeout=60).status_code
        taken[0] += status == 200
        return status

    def make(number: int) -> int:
        body = {"name": str(number), "track_ids": []}
        return httpx.post(f"{address}/api/v1/playlists", json=body, headers=busy.headers, timeout=60).status_code

    def read(number: int) -> int:
        path = ("/me", "/analysis/totals", "/plays?limit=20", "/imports")[number % 4]
        return httpx.get(f"{address}/api/v1{path}", headers=busy.headers, timeout=60).status_code

    taken = [0]
    return [Load(scrobble), Load(make), Load(read)]


def wait_for_rows(listener: Listener, began: dict[str, Any], rows: int) -> None:
    deadline = time.monotonic() + 60
    while listener.get(f"/imports/{began['id']}").json()["totals"]["rows"] < rows:
        assert time.monotonic() < deadline
        time.sleep(0.02)


TRANSFER = text("UPDATE purses SET coins = coins + :change WHERE owner = :owner")


@pytest.fixture
def purses(settings: Settings, sessions: Sessions) -> Iterator[TestClient]:
    """An application in which coins are moved in one transaction of two steps, both of which meet in the middle."""
    app = create_app(settings)
    halfway = threading.Barrier(2, timeout=30)

    def wait_for_the_other() -> None:
        halfway.wait()

    @app.post("/api/v1/move/{giver}/{taker}")
    def move(session: SessionDep, giver: str, taker: str) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
        session.execute(TRANSFER, {"owner": giver, "change": -1})
        wait_for_the_other()
        session.execute(TRANSFER, {"owner": taker, "change": 1})

    @app.post("/api/v1/move-what-was-seen/{giver}/{taker}")
    def move_what_was_seen(session: SessionDep, giver: str, taker: str) -> None:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        session.execute(text("SELECT coins FROM purses"))
        wait_for_the_other()
        session.execute(TRANSFER, {"owner": giver, "change": -1})
        session.execute(TRANSFER, {"owner": taker, "change": 1})

    with sessions.begin() as session:
        session.execute(text("CREATE TABLE purses (owner text PRIMARY KEY, coins int)"))
        session.execute(text("INSERT INTO purses VALUES ('ada', 10), ('ben', 10)"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "moves",
    [("move/ada/ben", "move/ben/ada"), ("move-what-was-seen/ada/ben", "move-what-was-seen/ada/ben")],
    ids=["a real deadlock", "a real failure to serialise"],
)
def test_of_two_that_meet_one_is_done_whole_and_one_not_at_all(
    purses: TestClient, sessions: Sessions, moves: tuple[str, str]
) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda path: purses.post(f"/api/v1/{path}"), moves))
    assert sorted(answer.status_code for answer in answers) == [200, 503]
    (refused,) = (answer for answer in answers if answer.status_code == 503)
    assert "retry-after" in refused.headers
    assert "Two changes met" in refused.json()["detail"]
    with sessions() as session:
        coins = session.scalars(text("SELECT coins FROM purses ORDER BY coins")).all()
    assert coins == [9, 11]
