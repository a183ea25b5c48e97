"""The first sign-in, changes, and the end of an account."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import inspect, select, text

from platform_api.core.settings import Settings
from platform_api.crud.users import delete_user
from platform_api.db.session import Sessions
from platform_api.models import Base, User
from platform_api.services.accounts.farewell import forget_sign_in
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import forget_finished_jobs
from platform_api.worker import Worker
from tests.support.belongings import fill_every_table
from tests.support.people import Emulator, Listener

SignIn = Callable[..., Listener]


def test_first_sign_in_makes_the_account_and_the_next_one_finds_it(sign_in: SignIn) -> None:
    ada = sign_in("ada", time_zone="Europe/Prague")
    assert ada.account["handle"] == "ada"
    assert ada.account["email"] == "ada@example.org"
    assert ada.account["time_zone"] == "Europe/Prague"
    assert (ada.account["plays"], ada.account["first_play_at"]) == (0, None)
    assert sign_in("ada", time_zone="America/New_York").account == ada.account
    assert ada.get("/me").json() == ada.account


def test_two_first_sign_ins_at_once_make_one_account(
    client: TestClient, emulator: Emulator, sessions: Sessions
) -> None:
    _, token = emulator.sign_up("ada")

    def open_session(_: int) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/api/v1/auth/session", json={"time_zone": "UTC"}, headers=headers)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(open_session, range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    with sessions() as session:
        assert len(session.scalars(select(User)).all()) == 1


def test_people_with_the_same_name_get_different_handles(sign_in: SignIn, emulator: Emulator) -> None:
    emulator.sign_up("zoe-1", "Zoë van Dijk")
    emulator.sign_up("zoe-2", "Zoe\u0308 van Dijk")
    assert sign_in("zoe-1").handle == "zoe-van-dijk"
    assert sign_in("zoe-2").handle == "zoe-van-dijk-2"
    assert sign_in("zoe-1").account["display_name"] == "Zoë van Dijk"


@pytest.mark.parametrize(("name", "said", "handle", "shown"), [
    ("hebrew", "נועה", r"listener-\w{4}", "נועה"),
    ("family", "👩‍👩‍👧", r"listener-\w{4}", None),
    ("reserved", "Admin", "admin-listener", "Admin"),
    ("zero", "a\u200bd\u202ea", "ada", "ada"),
    ("none", "", r"listener-\w{4}", None),
])  # fmt: skip
def test_any_name_gets_a_plain_handle(
    sign_in: SignIn, emulator: Emulator, name: str, said: str, handle: str, shown: str | None
) -> None:
    """Nothing of it is part of the e-mail address, which is nobody else's to read."""
    emulator.sign_up(f"secret-{name}", said)
    account = sign_in(f"secret-{name}").account
    assert re.fullmatch(handle, account["handle"])
    assert "secret" not in account["display_name"]
    assert "\u202e" not in account["display_name"]
    if shown is not None:
        assert account["display_name"] == shown
    if not said:
        assert account["display_name"] == account["handle"]


def test_an_account_is_needed(client: TestClient, emulator: Emulator) -> None:
    _, token = emulator.sign_up("ada")
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:tonearm:problem:no-account-yet"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "localtime", "Europe/Prague\u0000", "../etc/passwd"])
def test_an_unknown_time_zone_is_refused(client: TestClient, emulator: Emulator, zone: str) -> None:
    _, token = emulator.sign_up("ada")
    headers = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/v1/auth/session", json={"time_zone": zone}, headers=headers).status_code == 422


def test_changes_are_kept(listener: Listener) -> None:
    change = {
        "handle": "Ada-L", "display_name": "Ada 👩‍💻 עדה", "may_train": False, "may_narrate": False,
        "may_compare": True, "discoverable": False,
    }  # fmt: skip
    answer = listener.patch("/me", change)
    assert answer.status_code == 200
    assert answer.json().items() >= change.items()
    assert listener.get("/me").json() == answer.json()


@pytest.mark.parametrize("field", ["id", "is_admin", "firebase_uid", "data_version", "email", "ml_key", "plays"])
def test_what_is_not_ones_to_change_is_refused(listener: Listener, field: str) -> None:
    assert listener.patch("/me", {field: 1}).status_code == 422


@pytest.mark.parametrize(
    "handle",
    ["ad", "-ada", "a" * 31, "ada lovelace", "аda", "ad\u200ba", "admin", "ADMIN", "ａｄｍｉｎ", "a/b", "a\u0000b"],
)
def test_handles_outside_the_rule_are_refused(listener: Listener, handle: str) -> None:
    answer = listener.patch("/me", {"handle": handle})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("same", ["BEN", "ben", "Ｂｅｎ"])
def test_a_taken_handle_stays_taken(sign_in: SignIn, same: str) -> None:
    sign_in("ben")
    ada = sign_in("ada")
    assert ada.patch("/me", {"handle": same}).status_code == 409
    assert ada.get("/me").json()["handle"] == "ada"


def test_another_time_zone_makes_kept_answers_old(listener: Listener) -> None:
    before = listener.account["data_version"]
    assert listener.patch("/me", {"time_zone": "Asia/Kathmandu"}).json()["data_version"] == before + 1
    assert listener.patch("/me", {"time_zone": "Asia/Kathmandu"}).json()["data_version"] == before + 1


def test_deleting_the_account_leaves_nothing_behind(
    sign_in: SignIn, emulator: Emulator, settings: Settings, sessions: Sessions
) -> None:
    somebody, witness = sign_in(emulator.sign_up_somebody()), sign_in("ben")
    settings.uploads.dir.mkdir(parents=True)
    with sessions.begin() as session:
        uploads = fill_every_table(session, somebody.id, witness.id)
        fill_every_table(session, witness.id, somebody.id)
    for name in uploads:
        (settings.uploads.dir / name).write_bytes(b"an export")

    assert somebody.delete("/me").status_code == 204

    for table in Base.metadata.sorted_tables:
        for column in ("user_id", "author_id", "follower_id", "followed_id", "blocker_id", "blocked_id"):
            if column in table.columns:
                with sessions() as session:
                    left = session.scalar(text(f"SELECT count(*) FROM {table} WHERE {column} = {somebody.id}"))
                    assert left == 0, f"{table.name}.{column}"
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM users")) == 1
        assert session.scalar(text("SELECT count(*) FROM plays")) == 1
        assert session.scalar(text("SELECT count(*) FROM ml.plays")) == 1
        told_by_them = f"SELECT count(*) FROM notifications WHERE payload ->> 'actor_id' = '{somebody.id}'"
        assert session.scalar(text(told_by_them)) == 0
    assert not any((settings.uploads.dir / name).exists() for name in uploads)
    assert witness.get("/me").status_code == 200


def test_every_table_of_a_listener_is_known_to_the_test_above(session_tables: set[str]) -> None:
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(column.name in {"user_id", "author_id", "follower_id", "blocker_id"} for column in table.columns)
    }
    assert named == session_tables


@pytest.fixture
def session_tables(sign_in: SignIn, sessions: Sessions) -> set[str]:
    """The tables that `fill_every_table` really fills."""
    ada, ben = sign_in("ada"), sign_in("ben")
    filled = set()
    with sessions.begin() as session:
        fill_every_table(session, ada.id, ben.id)
    with sessions() as session:
        for name in inspect(session.connection()).get_table_names():
            columns = {column["name"] for column in inspect(session.connection()).get_columns(name)}
            for column in columns & {"user_id", "author_id", "follower_id", "blocker_id"}:
                if not name.startswith("plays_p") and session.scalar(
                    text(f"SELECT count(*) FROM {name} WHERE {column} = {ada.id}")
                ):
                    filled.add(name)
    return filled


def test_a_deleted_sign_in_is_removed_and_opens_nothing(
    sign_in: SignIn, emulator: Emulator, settings: Settings
) -> None:
    somebody = sign_in(emulator.sign_up_somebody())
    assert somebody.delete("/me").status_code == 204
    worker = Worker(settings, handlers={"forget_sign_in": forget_sign_in})
    assert worker.do_one() is True
    assert somebody.get("/me").status_code in {401, 403}
    assert somebody.post("/auth/session", {"time_zone": "UTC"}).status_code == 401


def test_a_page_left_open_does_not_bring_a_deleted_account_back(
    sign_in: SignIn, emulator: Emulator, settings: Settings, sessions: Sessions
) -> None:
    """It opened a new, empty account, and the sign-in of whoever had left stayed for good."""
    somebody = sign_in(emulator.sign_up_somebody())
    assert somebody.delete("/me").status_code == 204
    again = somebody.post("/auth/session", {"time_zone": "UTC"})
    assert (again.status_code, again.json()["detail"]) == (401, "This account ended a moment ago.")
    assert somebody.delete("/me").status_code == 204, "whoever did not get the first answer asks again"
    with sessions.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM users")) == 0
        assert session.scalar(text("SELECT count(*) FROM jobs WHERE kind = 'forget_sign_in'")) == 1
    Worker(settings, handlers={"forget_sign_in": forget_sign_in}).do_one()
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET finished_at = now() - interval '2 hours'"))
        forget_finished_jobs(session, settings, InferenceClient(settings.inference))
        left = session.scalars(text("SELECT payload FROM jobs WHERE kind = 'forget_sign_in'")).all()
    assert left == [], "nothing names a person who is gone"


def test_a_change_that_meets_the_end_of_the_account_is_told_so(listener: Listener, sessions: Sessions) -> None:
    """It was an error of ours."""
    with sessions.begin() as leaving, ThreadPoolExecutor(1) as pool:
        leaving.execute(text(f"SELECT FROM users WHERE id = {listener.id} FOR UPDATE"))
        change = pool.submit(listener.patch, "/me", {"display_name": "Ada"})
        while not leaving.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            time.sleep(0.01)
        delete_user(leaving, listener.id)
        leaving.commit()
        assert change.result(timeout=20).status_code == 409


def test_a_disabled_person_is_signed_out(sign_in: SignIn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform_api.core.security.VERIFIED_FOR_S", 0)
    somebody = sign_in(emulator.sign_up_somebody())
    assert somebody.get("/me").status_code == 200
    emulator.change(somebody.uid, disableUser=True)
    assert somebody.get("/me").status_code == 401


def test_a_revoked_token_opens_nothing(sign_in: SignIn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform_api.core.security.VERIFIED_FOR_S", 0)
    somebody = sign_in(emulator.sign_up_somebody())
    later = int(datetime.now(UTC).timestamp()) + 5
    emulator.change(somebody.uid, validSince=str(later))
    assert somebody.get("/me").status_code == 401
