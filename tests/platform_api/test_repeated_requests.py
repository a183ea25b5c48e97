"""A request that is repeated because its answer was lost makes nothing twice."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.services.inference.client import InferenceClient
from platform_api.services.kept_answers import forget_old_answers
from tests.support.histories import a_day_of_plays, extended_zip, work
from tests.support.people import Listener

SignIn = Callable[..., Listener]
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
OTHER_KEY = {"Idempotency-Key": "5f5b1c0e-52a2-4b0e-9d0c-6c7a1f0d3b52"}


@dataclass(frozen=True)
class Making:
    """A request that makes a row of `table`, and another one like it."""

    path: str
    table: str
    body: Any
    other: Any

    def ask(self, listener: Listener, headers: dict[str, str], *, other: bool = False) -> httpx2.Response:
        body = self.other if other else self.body
        if isinstance(body, bytes):
            return listener.post(self.path, content=body, headers=headers)
        return listener.post(self.path, body, headers=headers)


MAKING = [
    Making("/playlists", "playlists", {"name": "Evenings"}, {"name": "Mornings"}),
    Making("/posts", "posts", {"text": "look", "span": "2024"}, {"text": "listen"}),
    Making("/posts/{post}/comments", "comments", {"text": "yes"}, {"text": "no"}),
    Making("/shares", "shares", {"span": "2024"}, {"span": "2023"}),
    Making("/tokens", "api_tokens", {"name": "phone"}, {"name": "desk"}),
    Making("/imports?file_name=a.zip", "imports", extended_zip(a_day_of_plays(3)), extended_zip(a_day_of_plays(4))),
]


@pytest.fixture(params=MAKING, ids=lambda making: making.table)
def making(request: pytest.FixtureRequest, listener: Listener) -> Making:
    made: Making = request.param
    if "{post}" not in made.path:
        return made
    post = listener.post("/posts", {"text": "what do you say?"}).json()["id"]
    return Making(made.path.format(post=post), made.table, made.body, made.other)


def count(sessions: Sessions, table: str) -> int:
    with sessions() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_a_repeated_request_is_told_the_first_answer(listener: Listener, sessions: Sessions, making: Making) -> None:
    before = count(sessions, making.table)
    first, again = (making.ask(listener, KEY) for _ in range(2))
    assert first.status_code in {201, 202}
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert count(sessions, making.table) == before + 1
    assert making.ask(listener, OTHER_KEY).status_code == first.status_code
    assert making.ask(listener, {}).status_code == first.status_code
    assert count(sessions, making.table) == before + 3


def test_a_key_belongs_to_one_request(listener: Listener, sessions: Sessions, making: Making) -> None:
    assert making.ask(listener, KEY).status_code < 300
    made = count(sessions, making.table)
    other = making.ask(listener, KEY, other=True)
    assert (other.status_code, other.json()["type"]) == (422, "urn:tonearm:problem:key-of-another-request")
    assert count(sessions, making.table) == made


def test_a_key_is_ones_own(listener: Listener, sign_in: SignIn) -> None:
    ben = sign_in("ben")
    mine, his = (asker.post("/tokens", {"name": "phone"}, headers=KEY).json() for asker in (listener, ben))
    assert mine["token"] != his["token"]


def test_the_same_words_under_another_post_are_another_request(listener: Listener) -> None:
    one, two = (listener.post("/posts", {"text": words}).json()["id"] for words in ("one", "two"))
    assert listener.post(f"/posts/{one}/comments", {"text": "yes"}, headers=KEY).status_code == 201
    assert listener.post(f"/posts/{two}/comments", {"text": "yes"}, headers=KEY).status_code == 422


@pytest.fixture
def first_under_way(listener: Listener, sessions: Sessions) -> Iterator[None]:
    """Somebody else stands where the first request stands until its transaction ends."""
    name = f"once {listener.id} {hashlib.sha256(KEY['Idempotency-Key'].encode()).hexdigest()}"
    with sessions.begin() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
        yield


@pytest.mark.usefixtures("first_under_way")
def test_while_the_first_is_under_way_the_second_is_told_so(
    listener: Listener, sessions: Sessions, making: Making
) -> None:
    before = count(sessions, making.table)
    answer = making.ask(listener, KEY)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tonearm:problem:still-under-way")
    assert count(sessions, making.table) == before


def test_what_failed_may_be_tried_again(listener: Listener, sessions: Sessions) -> None:
    """A refusal keeps nothing: the same key serves the request that succeeds."""
    assert listener.post("/playlists", {"name": "x", "track_ids": [10**9]}, headers=KEY).status_code == 422
    assert count(sessions, "kept_answers") == 0
    assert listener.post("/playlists", {"name": "x"}, headers=KEY).status_code == 201


def test_an_upload_that_was_not_needed_takes_no_room(listener: Listener, settings: Settings) -> None:
    making = MAKING[-1]
    assert making.path.startswith("/imports")
    for _ in range(3):
        assert making.ask(listener, KEY).status_code == 202
    assert sum(path.is_file() for path in settings.uploads.dir.rglob("*")) == 1
    work(settings)
    (done,) = listener.get("/imports").json()
    assert (done["state"], done["totals"]["accepted"]) == ("done", 3)


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_keys_that_are_none_are_refused(listener: Listener, key: str) -> None:
    answer = listener.post("/playlists", {"name": "x"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422


def test_what_is_kept_tells_no_token(listener: Listener, sessions: Sessions) -> None:
    """Who reads the database, even with the server's secret, has neither the token nor the key that opens it."""
    made = listener.post("/tokens", {"name": "phone"}, headers=KEY).json()
    with sessions() as session:
        (kept,) = session.execute(text("SELECT * FROM kept_answers")).mappings()
    whole = b" ".join(bytes(value) for value in kept.values() if isinstance(value, bytes | memoryview))
    assert made["token"].encode() not in whole
    assert KEY["Idempotency-Key"].encode() not in whole


def test_an_answer_that_cannot_be_read_any_more_makes_nothing_twice(listener: Listener, sessions: Sessions) -> None:
    assert listener.post("/playlists", {"name": "x"}, headers=KEY).status_code == 201
    with sessions.begin() as session:
        session.execute(text("UPDATE kept_answers SET answer_encrypted = 'of another secret'"))
    answer = listener.post("/playlists", {"name": "x"}, headers=KEY)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tonearm:problem:cannot-be-told-again")
    assert count(sessions, "playlists") == 1


def test_answers_are_forgotten_after_a_day(listener: Listener, sessions: Sessions, settings: Settings) -> None:
    for headers in (KEY, OTHER_KEY):
        assert listener.post("/playlists", {"name": "x"}, headers=headers).status_code == 201
    one = "(SELECT min(key_sha256::text)::bytea FROM kept_answers)"
    with sessions.begin() as session:
        session.execute(text(f"UPDATE kept_answers SET made_at = now() - interval '25 hours' WHERE key_sha256 = {one}"))
    inference = InferenceClient(settings.inference)
    with sessions.begin() as session:
        forget_old_answers(session, settings, inference)
    inference.close()
    assert count(sessions, "kept_answers") == 1
