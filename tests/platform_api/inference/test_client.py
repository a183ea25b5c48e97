"""CHECKS 22 to 24: a model server that is away, slow, broken or lying makes answers plainer, never wrong or late."""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from platform_api.services.inference import client as client_module
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable, RequestRefused
from tests.platform_api.inference.model_server import (
    ModelServer,
    answer,
    answering,
    dripping,
    reset,
    slow,
    write_manifest,
)


class Chances(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    chances: list[float]


def two_chances(answer: Chances) -> None:
    if len(answer.chances) != 2:
        raise ValueError("two were asked for")


GOOD = answering({"chances": [0.25, 0.5], "model": "habit", "bundle": "abc"})


def ask(client: InferenceClient) -> Chances:
    return client.ask("habit", b"{}", Chances, check=two_chances).answer


def fails(client: InferenceClient) -> tuple[str, float]:
    """The outcome of a call that must fail, and the seconds it took."""
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable) as caught:
        ask(client)
    return caught.value.outcome, time.monotonic() - begun


def test_asks_the_published_version_and_says_which_it_was(client: InferenceClient, server: ModelServer) -> None:
    server.usual = GOOD
    answered = client.ask("habit", b"{}", Chances, check=two_chances)
    assert answered.answer.chances == [0.25, 0.5]
    assert (answered.model.name, answered.model.version, answered.model.is_fallback) == ("habit", "3", False)
    assert server.calls == ["/predictions/habit/3"]
    assert set(server.request_headers) == {"Host", "Authorization", "Content-Length"}


def test_a_switched_version_is_asked_at_once(client: InferenceClient, server: ModelServer, tmp_path: Path) -> None:
    server.usual = GOOD
    ask(client)
    write_manifest(tmp_path / "manifest.json", {"habit": "12"})
    ask(client)
    assert server.calls == ["/predictions/habit/3", "/predictions/habit/12"]


def test_a_broken_manifest_keeps_the_version_that_was_served(
    client: InferenceClient, server: ModelServer, tmp_path: Path
) -> None:
    server.usual = GOOD
    ask(client)
    (tmp_path / "manifest.json").write_text('{"models": {"habit"')
    ask(client)
    assert server.calls == ["/predictions/habit/3"] * 2


def test_a_model_that_was_never_published_is_not_asked(client: InferenceClient, server: ModelServer) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        client.ask("recommender", b"{}", Chances)
    assert caught.value.outcome == "unpublished"
    assert not server.calls


def test_server_down_is_known_within_300_ms(client: InferenceClient, server: ModelServer) -> None:
    server.close()
    outcome, seconds = fails(client)
    assert outcome == "away"
    assert seconds < 0.3
    assert not client.is_up()


@pytest.mark.parametrize("behaviour", [slow(3), dripping], ids=["silent", "dripping"])
def test_slow_answers_end_at_the_deadline(client: InferenceClient, server: ModelServer, behaviour: object) -> None:
    server.usual = behaviour  # type: ignore[assignment]
    outcome, seconds = fails(client)
    assert outcome == "late"
    assert 0.7 < seconds < 0.9
    assert len(server.calls) == 1, "there is no time left for a second try"


@pytest.mark.parametrize("trouble", [reset, answering({"code": 503}, status=503)], ids=["reset", "503"])
def test_one_retry_saves_a_passing_trouble(client: InferenceClient, server: ModelServer, trouble: object) -> None:
    server.behaviours = [trouble, GOOD]  # type: ignore[list-item]
    assert ask(client).chances == [0.25, 0.5]
    assert len(server.calls) == 2


@pytest.mark.parametrize("trouble", [reset, answering({"code": 503}, status=503)], ids=["reset", "503"])
def test_never_more_than_one_retry(client: InferenceClient, server: ModelServer, trouble: object) -> None:
    server.usual = trouble  # type: ignore[assignment]
    outcome, seconds = fails(client)
    assert outcome == "away"
    assert seconds < 0.8
    assert len(server.calls) == 2


def test_an_expired_key_is_renewed_before_it_is_used(client: InferenceClient, server: ModelServer) -> None:
    server.usual = GOOD
    server.write_keys("old", timedelta(seconds=-5))
    ask(client)
    assert server.renewals == 1
    assert len(server.calls) == 1


def test_a_refused_key_is_renewed_and_the_call_repeated(client: InferenceClient, server: ModelServer) -> None:
    server.usual = GOOD
    server.key = "changed behind our back"
    ask(client)
    assert server.renewals == 1
    assert len(server.calls) == 2


def test_a_key_renewed_by_another_process_is_found_in_the_file(client: InferenceClient, server: ModelServer) -> None:
    server.usual = GOOD
    ask(client)
    server.write_keys("renewed elsewhere", timedelta(hours=1))
    ask(client)
    assert server.renewals == 0


def test_health_question_survives_a_refused_key(client: InferenceClient, server: ModelServer) -> None:
    assert client.is_up()
    server.key = "changed behind our back"
    assert client.is_up()


@pytest.mark.parametrize(
    "body",
    [
        b'{"chances": [NaN, 0.5]}',
        b'{"chances": [1e999, 0.5]}',
        b'{"chances": [0.5]}',
        b'{"chances": "many"}',
        b"<html><body>Bad gateway</body></html>",
        b"",
    ],
    ids=["NaN", "infinite", "wrong length", "wrong type", "HTML", "empty"],
)
def test_answers_that_cannot_be_true_are_rejected_and_counted(
    client: InferenceClient, server: ModelServer, body: bytes
) -> None:
    server.usual = lambda handler, _: answer(handler, 200, body, "text/html")
    outcome, _ = fails(client)
    assert outcome == "rejected"
    assert client.counts() == {"habit": {"rejected": 1}}
    assert len(server.calls) == 1, "the same question would bring the same answer"


def test_after_repeated_failures_the_model_is_left_alone_for_a_while(
    client: InferenceClient, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.4)
    server.usual = answering({}, status=500)
    for _ in range(5):
        assert fails(client)[0] == "away"
    assert len(server.calls) == client_module.FAILURES_BEFORE_PAUSE
    server.usual = GOOD
    assert fails(client)[1] < 0.05
    time.sleep(0.45)
    assert ask(client).chances == [0.25, 0.5]


def test_a_refused_request_says_nothing_about_the_model(client: InferenceClient, server: ModelServer) -> None:
    server.usual = answering({"detail": "no plays"}, status=422)
    for _ in range(client_module.FAILURES_BEFORE_PAUSE + 1):
        with pytest.raises(RequestRefused):
            ask(client)
    server.usual = GOOD
    assert ask(client).chances == [0.25, 0.5]


def test_calls_of_several_threads_overlap(client: InferenceClient, server: ModelServer) -> None:
    def after_a_while(handler: object, _: bytes) -> None:
        time.sleep(0.2)
        answer(handler, 200, json.dumps({"chances": [0.0, 1.0]}).encode())  # type: ignore[arg-type]

    server.usual = after_a_while
    begun = time.monotonic()
    threads = [threading.Thread(target=ask, args=(client,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 0.6
    assert client.counts() == {"habit": {"answered": 8}}
