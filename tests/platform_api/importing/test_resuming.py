"""A worker dies in the middle (CHECKS 9): another one goes on, and nobody can tell it ever happened."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import psycopg
import pytest
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.crud import undoing
from platform_api.db.session import Sessions
from platform_api.services.importing import batches
from platform_api.services.importing.formats import HistoryFormat
from platform_api.worker import Worker
from tests.support.histories import a_day_of_plays, bring, bring_and_work, extended_row, extended_zip, work
from tests.support.people import Listener

SMALL = 20
PLAYS = "SELECT track_id, ended_at, started_at, ms_played, reason_end FROM plays WHERE user_id = :id ORDER BY 1, 2"
READ = "SELECT month, plays FROM grooves WHERE user_id = :id ORDER BY 1"


class Died(BaseException):
    """Nothing in the program handles it: as if the process were gone."""


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same border for every batch, only nearer: a test need not import 25,000 rows to cross three of them."""
    prepare = batches.prepare

    def prepared(
        stream: BinaryIO, history_format: HistoryFormat, now: datetime, skip_rows: int
    ) -> Iterator[batches.PreparedBatch]:
        return prepare(stream, history_format, now, skip_rows, SMALL)

    monkeypatch.setattr(batches, "prepare", prepared)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_killed_import_ends_as_an_uninterrupted_one(
    sign_in: Callable[..., Listener],
    settings: Settings,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    body = extended_zip([*a_day_of_plays(90), "dirt", *a_day_of_plays(3)])
    calm, interrupted = sign_in("ada"), sign_in("bob")
    bring(calm, body)
    work(settings)
    bring(interrupted, body)
    write, calls = batches.write, 0

    def write_and_die(*surroundings: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3 and moment == "after the commit":
            raise Died
        write(*surroundings)
        if calls == 2 and moment == "before the commit":
            raise Died

    monkeypatch.setattr(batches, "write", write_and_die)
    with pytest.raises(Died):
        Worker(settings).do_one()
    monkeypatch.setattr(batches, "write", write)
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET locked_until = now() - interval '1 s' WHERE state = 'running'"))
    half = interrupted.get("/imports").json()[0]
    assert half["state"] == "running"
    assert half["totals"]["rows"] == (20 if moment == "before the commit" else 40)
    work(settings)
    first, second = (each.get("/imports").json()[0] for each in (calm, interrupted))
    for field in ("state", "totals", "reasons"):
        assert first[field] == second[field]
    assert second["totals"]["rows"] == 94
    with sessions() as session:
        for question in (PLAYS, READ):
            told = [session.execute(text(question), {"id": each.id}).all() for each in (calm, interrupted)]
            assert told[0] == told[1]
            assert told[0]


def test_what_got_its_name_is_hidden_whoever_dies(
    sign_in: Callable[..., Listener], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada left an artist out, and played a track of theirs that had no name yet. Bob's export brings the name."""
    ada, bob = sign_in("ada"), sign_in("bob")
    nameless: dict[str, Any] = {"master_metadata_track_name": None, "master_metadata_album_artist_name": None}
    ended = datetime(2024, 5, 1, 12, tzinfo=UTC)
    bring_and_work(
        ada, settings, extended_zip([extended_row(ended, 1), extended_row(ended + timedelta(hours=1), 2, **nameless)])
    )
    heard = {each["name"]: each["id"] for each in ada.get("/analysis/top/artists?span=all").json()["items"]}
    assert ada.put(f"/hidden-artists/{heard['Artist 0']}").status_code == 204
    assert ada.get("/analysis/totals?span=all").json()["listens"] == 1

    def die(*_: Any) -> None:
        raise Died

    bring(bob, extended_zip([extended_row(ended, 2)]))
    write = batches.write
    monkeypatch.setattr(batches, "write", die)
    with pytest.raises(Died):
        Worker(settings).do_one()
    monkeypatch.setattr(batches, "write", write)
    work(settings)
    assert ada.get("/analysis/totals?span=all").json()["listens"] == 0


def test_what_gets_its_name_while_it_is_stored_is_hidden(
    sign_in: Callable[..., Listener], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada left an artist out. Bob's export names a track of theirs while Ada's first play of it is stored, unnamed."""
    ada, bob = sign_in("ada"), sign_in("bob")
    nameless: dict[str, Any] = {"master_metadata_track_name": None, "master_metadata_album_artist_name": None}
    ended = datetime(2024, 5, 1, 12, tzinfo=UTC)
    bring_and_work(ada, settings, extended_zip([extended_row(ended, 1)]))
    artist = ada.get("/analysis/top/artists?span=all").json()["items"][0]["id"]
    assert ada.put(f"/hidden-artists/{artist}").status_code == 204
    bring(ada, extended_zip([extended_row(ended + timedelta(hours=1), 2, **nameless)]))
    bring(bob, extended_zip([extended_row(ended, 2)]))
    beside = threading.Thread(target=lambda: Worker(settings).do_one())
    write = batches.write

    def write_and_wait(*told: Any) -> None:
        monkeypatch.setattr(batches, "write", write)
        write(*told)
        beside.start()
        beside.join(2)  # of what is not committed yet it cannot know

    monkeypatch.setattr(batches, "write", write_and_wait)
    Worker(settings).do_one()
    beside.join()
    work(settings)
    assert bob.get("/analysis/totals?span=all").json()["listens"] == 1
    assert ada.get("/analysis/totals?span=all").json()["listens"] == 0


@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_lost_its_lease_writes_nothing(
    listener: Listener, settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(listener, extended_zip(a_day_of_plays(90)))
    learn, calls, pausing, robbed = batches.Catalogue.learn, 0, threading.Event(), threading.Event()

    def learn_slowly(self: batches.Catalogue, *surroundings: Any) -> list[int]:
        nonlocal calls
        calls += 1
        if calls == 3:
            pausing.set()
            assert robbed.wait(20)
        return learn(self, *surroundings)

    monkeypatch.setattr(batches.Catalogue, "learn", learn_slowly)
    slow = threading.Thread(target=Worker(settings, lease_s=0.2).do_one)
    slow.start()
    assert pausing.wait(20)
    deadline = time.monotonic() + 20
    while listener.get("/imports").json()[0]["totals"]["rows"] < 2 * SMALL and time.monotonic() < deadline:
        time.sleep(0.01)
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET locked_by = 'another', attempts = attempts + 1"))
    robbed.set()
    slow.join()
    with sessions.begin() as session:
        assert session.execute(text("SELECT count(*) FROM plays")).scalar_one() == 2 * SMALL
        session.execute(text("UPDATE jobs SET locked_until = now() - interval '1 s'"))
    work(settings)
    assert listener.get("/imports").json()[0]["totals"]["accepted"] == 90


@pytest.mark.usefixtures("small_batches")
def test_a_database_that_goes_away_costs_nothing(
    listener: Listener, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(listener, extended_zip(a_day_of_plays(90)))
    write, calls = batches.write, 0

    def write_and_lose_the_connection(*surroundings: Any) -> None:
        nonlocal calls
        calls += 1
        write(*surroundings)
        if calls == 2:
            address = settings.database.url.get_secret_value().replace("postgresql+psycopg://", "postgresql://", 1)
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'tonearm-worker' AND datname = current_database()"
                )

    monkeypatch.setattr(batches, "write", write_and_lose_the_connection)
    worker = Worker(settings, backoff_s=(0.0,))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and listener.get("/imports").json()[0]["state"] != "done":
        worker.do_one()
    totals = listener.get("/imports").json()[0]["totals"]
    assert totals == {"rows": 90, "accepted": 90, "duplicate": 0, "skipped": 0, "broken": 0, "total_rows": 90}


@pytest.mark.usefixtures("small_batches")
def test_undoing_a_running_import_stops_it(
    listener: Listener, settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = bring(listener, extended_zip(a_day_of_plays(90)))
    write, calls = batches.write, 0

    def write_while_it_is_undone(*surroundings: Any) -> None:
        nonlocal calls
        calls += 1
        write(*surroundings)
        if calls == 1:
            undo.start()

    undo = threading.Thread(target=listener.delete, args=(f"/imports/{began['id']}",))
    monkeypatch.setattr(batches, "write", write_while_it_is_undone)
    worker = Worker(settings)
    worker.do_one()
    undo.join()
    work(settings)
    assert listener.get(f"/imports/{began['id']}").json()["state"] == "undone"
    with sessions() as session:
        assert session.execute(text("SELECT count(*) FROM plays")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM grooves")).scalar_one() == 0


@pytest.mark.usefixtures("small_batches")
def test_undoing_the_first_of_two_equal_imports_waits_for_the_second(
    listener: Listener, settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row of the second says what it is: known from the first, whenever that one was undone."""
    body = extended_zip(a_day_of_plays(90))
    first = bring(listener, body)
    work(settings)
    second = bring(listener, body)
    write, calls = batches.write, 0

    def write_while_the_first_is_undone(*surroundings: Any) -> None:
        nonlocal calls
        calls += 1
        write(*surroundings)
        if calls == 1:
            assert listener.delete(f"/imports/{first['id']}").json()["state"] == "undoing"
            other = threading.Thread(target=Worker(settings).do_one)
            other.start()
            undone.append(other)

    undone: list[threading.Thread] = []
    monkeypatch.setattr(batches, "write", write_while_the_first_is_undone)
    Worker(settings).do_one()
    undone[0].join()
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET run_after = now() WHERE state = 'queued'"))
    work(settings)
    assert listener.get(f"/imports/{first['id']}").json()["state"] == "undone"
    told = listener.get(f"/imports/{second['id']}").json()
    assert told["state"] == "done"
    assert told["reasons"] == [{"verdict": "duplicate", "reason": "already_known", "rows": 90}]
    assert listener.get("/me").json()["plays"] == 90


def test_undoing_that_was_given_up_can_be_tried_again(
    listener: Listener, settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, the import stayed in "being undone" for ever, without a word and with nothing to press."""
    began = bring(listener, extended_zip(a_day_of_plays(9)))
    work(settings)
    path = f"/imports/{began['id']}"
    with monkeypatch.context() as broken:
        broken.setattr(undoing, "take_back", _fail)
        broken.setattr("platform_api.worker.MOST_ATTEMPTS", 1)
        for _ in range(2):
            assert listener.delete(path).json()["state"] == "undoing"
        with sessions() as session:
            assert session.scalar(text("SELECT count(*) FROM jobs WHERE kind = 'undo_import'")) == 1
        work(settings)
    stopped = listener.get(path).json()
    assert (stopped["state"], stopped["error"] is None) == ("undoing", False)
    assert listener.get(f"{path}/events").text.count("event: end") == 1
    again = listener.delete(path).json()
    assert (again["state"], again["error"]) == ("undoing", None)
    work(settings)
    assert listener.get(path).json()["state"] == "undone"
    assert listener.get("/me").json()["plays"] == 0


def _fail(*_: object) -> None:
    raise RuntimeError("a mistake of ours")
