"""Every path below /1, with every wrong key; and what scrobblers send that they should not."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from platform_api.api.endpoints import listenbrainz as endpoint
from platform_api.core.errors import StoreFull
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from platform_api.models import ApiToken
from platform_api.services.accounts.tokens import digest
from platform_api.services.limits import Limit
from platform_api.services.scrobbling import submitting
from platform_api.utils.cache import Cache
from tests.platform_api.test_authorisation import BY_TOKEN, RULES
from tests.support.histories import extended_row, listen, write_rows
from tests.support.people import Emulator, Listener

NOW = datetime.now(UTC)
START = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def token(listener: Listener) -> str:
    return str(listener.post("/tokens", {"name": "phone"}).json()["token"])


def send(client: TestClient, token: str, body: Any, path: str = "/1/submit-listens") -> tuple[int, dict[str, Any]]:
    """The status and the answer; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(path, content=content, headers={"Authorization": f"Token {token}"})
    told: dict[str, Any] = answer.json()
    return answer.status_code, told


def single(**change: Any) -> dict[str, Any]:
    """One listen; `track` changes what is told of the track, `more` its additional_info."""
    told = listen(START)
    told["track_metadata"]["additional_info"].update(change.pop("more", {}))
    told["track_metadata"].update(change.pop("track", {}))
    return {"listen_type": "single", "payload": [{**told, **change}]}


def test_the_token_itself_is_kept_nowhere(listener: Listener, token: str, sessions: Sessions) -> None:
    assert token not in listener.get("/tokens").text
    with sessions() as session:
        (kept,) = session.scalars(select(ApiToken)).all()
        assert kept.token_sha256 == digest(token)
        assert token not in str(vars(kept))


def test_a_sign_in_is_no_token_and_a_token_is_no_sign_in(client: TestClient, listener: Listener, token: str) -> None:
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get("/api/v1/me", headers={"Authorization": f"Token {token}"}).status_code == 401
    assert send(client, listener.token, single())[0] == 401


def test_without_the_right_token_nothing_below_1_opens(
    client: TestClient, emulator: Emulator, sign_in: Callable[..., Listener]
) -> None:
    somebody = sign_in(emulator.sign_up_somebody())
    gone = somebody.post("/tokens", {"name": "old"}).json()["token"]
    assert somebody.delete("/me").status_code == 204
    routes = [route.split(" ") for route, rule in RULES.items() if rule == BY_TOKEN]
    assert len(routes) == 8
    for method, path in routes:
        for header in (None, "", "Token", "Token ", "Token x", f"Token {gone}", "Token " + "x" * 5000, "Basic YTpi"):
            headers = {} if header is None else {"Authorization": header}
            answer = client.request(method, path.replace("{user_name}", "ada"), headers=headers, content=b"{}")
            if path == "/1/validate-token":
                assert answer.status_code in (200, 400)
                assert answer.json().get("valid") is not True
            else:
                assert answer.status_code == 401, (path, header)
                assert answer.json().keys() == {"code", "error"}


BAD: list[tuple[Any, str]] = [
    (b"", "Cannot parse JSON document"),
    (b"<html><body>502 Bad Gateway</body></html>", "Cannot parse JSON document"),
    (b"\xff\xfe{}", "Cannot parse JSON document"),
    (b"[" * 100_000, "Cannot parse JSON document"),
    (b"[]", "Top level of JSON document"),
    ({}, "Invalid JSON document submitted."),
    ({"listen_type": "single", "payload": {}}, "should be a list"),
    ({"listen_type": "single", "payload": []}, "does not contain any listens"),
    ({"listen_type": "single", "payload": [None]}, "Listen is empty"),
    ({"listen_type": "twice", "payload": [listen(START)]}, "valid listen_type"),
    ({"listen_type": ["single"], "payload": [listen(START)]}, "valid listen_type"),
    ({"listen_type": "single", "payload": [listen(START)] * 2}, "should contain only one"),
    ({"listen_type": "import", "payload": [listen(START)] * 1001}, "more than 1000"),
    (single(listened_at=int((NOW + timedelta(hours=2)).timestamp())), "too high"),
    (single(listened_at=int(NOW.timestamp() * 1e9)), "too high"),
    (single(listened_at=1_000_000_000), "too low"),
    (single(listened_at="yesterday"), "int value"),
    (single(listened_at="--5"), "int value"),
    (single(listened_at="9" * 5000), "int value"),
    (single(listened_at=None), "int value"),
    (single(listened_at=True), "int value"),
    (single(extra=1), "may only contain"),
    (single(track_metadata=None), "null value"),
    (single(track_metadata="Song"), "null value"),
    (single(track={"artist_name": ["A", "B"]}), "single string"),
    (single(track={"track_name": " "}), "is empty"),
    (single(track={"track_name": None}), "required field"),
    (single(track={"track_name": "So\0ng"}), "unicode null"),
    (single(more={"anything": [{"deep\0": 1}]}), "unicode null"),
    (single(more={"tags": ["x"] * 51}), "more than 50"),
    (single(more={"tags": ["x" * 65]}), "longer than 64"),
    (single(more={"duration": 1, "duration_ms": 1000}), "both duration"),
    (single(more={"duration_ms": -5}), "positive integer"),
    (single(more={"duration_ms": "long"}), "positive integer"),
    (single(more={"duration": 10**9}), "too large"),
    (single(more={"recording_mbid": "not-one"}), "MBID"),
    (single(more={"artist_mbids": "not-one"}), "MBID"),
    (single(more={"padding": "x" * 11_000}), "too large"),
    ({"listen_type": "playing_now", "payload": [listen(START)]}, "must not contain listened_at"),
]


def test_bad_submissions_are_refused_in_listenbrainz_words(client: TestClient, listener: Listener, token: str) -> None:
    for body, error in BAD:
        status, told = send(client, token, body)
        assert (status, told["code"]) == (400, 400), body
        assert error in told["error"], body
    assert listener.get("/me").json()["plays"] == 0


def test_half_a_character_is_refused(client: TestClient, token: str) -> None:
    body = json.dumps(single(track={"track_name": "Song \\ud800"})).replace("\\\\ud800", "\\ud800").encode()
    assert send(client, token, body)[0] == 400


@pytest.mark.parametrize("moment", ["--5", "9" * 5000, 253_402_300_799, -62_135_596_800, 1e300])
def test_moments_that_are_none_are_refused_everywhere(client: TestClient, token: str, moment: object) -> None:
    named = {"listened_at": moment, "recording_msid": "6f2d4a3e-6d0c-5f55-9d0b-5c5f3a1d7b11"}
    assert send(client, token, named, "/1/delete-listen")[0] == 400
    assert send(client, token, {"ts": moment}, "/1/latest-import")[0] == (200 if isinstance(moment, int) else 400)


def test_a_deleted_listen_stays_deleted_and_can_be_taken_back(
    client: TestClient, listener: Listener, token: str
) -> None:
    """As if deleted on the page: before, the next one that told it brought it back, and nothing else could."""
    assert send(client, token, single())[0] == 200
    path = f"/1/user/{listener.handle}/listens"
    (told,) = client.get(path, headers={"Authorization": f"Token {token}"}).json()["payload"]["listens"]
    named = {"listened_at": told["listened_at"], "recording_msid": told["recording_msid"]}
    assert send(client, token, named, "/1/delete-listen") == (200, {"status": "ok"})
    assert send(client, token, single())[0] == 200
    assert listener.get("/plays").json()["items"] == []
    (change,) = listener.get("/plays/changes").json()["items"]
    assert (change["kind"], change["plays"]) == ("deleted", 1)
    assert listener.delete(f"/plays/changes/{change['id']}").status_code == 204
    assert len(listener.get("/plays").json()["items"]) == 1


def test_a_body_beyond_all_limits_is_not_read(client: TestClient, token: str) -> None:
    status, told = send(client, token, b" " * 10_300_000)
    assert (status, told["code"]) == (413, 413)


def test_a_thousand_at_once_and_what_is_allowed_for_once(client: TestClient, listener: Listener, token: str) -> None:
    """What real clients send: an empty album (mopidy), seconds as text, a length with a fraction (a browser)."""
    many = [listen(START + timedelta(minutes=at), at % 50) for at in range(1000)]
    assert send(client, token, {"listen_type": "import", "payload": many}) == (200, {"status": "ok"})
    for at, odd in enumerate([
        single(listened_at=str(int(START.timestamp()) + 90_000), track={"release_name": ""}),
        single(listened_at=START.timestamp() + 91_000.7, more={"duration": 201.5, "recording_mbid": ""}),
        single(listened_at=int(START.timestamp()) + 92_000, more={"artist_names": ["Artist 0", "Guest"]}),
    ]):  # fmt: skip
        assert send(client, token, odd) == (200, {"status": "ok"}), at
    assert listener.get("/me").json()["plays"] == 1003


def test_addresses_put_together_in_other_ways(client: TestClient, token: str) -> None:
    for path in ("/1/submit-listens/", "//1/submit-listens", "/1/1/submit-listens", "/1//submit-listens"):
        assert send(client, token, single(), f"{client.base_url}{path}") == (200, {"status": "ok"}), path


def test_a_browser_on_another_page_may_send_with_a_token(client: TestClient, token: str) -> None:
    asked = client.options("/1/submit-listens", headers={"Origin": "https://open.spotify.com"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in asked.headers
    answer = client.get("/1/validate-token", headers={"Authorization": f"Token {token}", "Origin": "https://a.example"})
    assert (answer.json()["valid"], answer.headers["access-control-allow-origin"]) == (True, "*")


def test_nothing_else_below_1(client: TestClient, token: str) -> None:
    for path in ("/1/", "/1/playlist/x", "/1/feedback/recording-feedback"):
        answer = client.get(path, headers={"Authorization": f"Token {token}"})
        assert answer.status_code == 404, path


def test_the_limit_is_told_and_kept(client: TestClient, token: str) -> None:
    headers = {"Authorization": f"Token {token}"}
    first = client.get("/1/validate-token", headers=headers).headers
    assert (first["x-ratelimit-limit"], first["x-ratelimit-remaining"]) == ("60", "59")
    assert 1 <= int(first["x-ratelimit-reset-in"]) <= 10
    answers = [client.get("/1/validate-token", headers=headers) for _ in range(125)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json() == {"code": 429, "error": "Please wait a moment and try again."}
    assert {"retry-after", "x-ratelimit-reset-in"} <= refused[0].headers.keys()
    assert refused[0].headers["x-ratelimit-remaining"] == "0"


@pytest.mark.parametrize("full", [True, False], ids=["disk full", "too fast"])
def test_a_listen_is_never_refused_so_that_it_is_dropped(
    client: TestClient, token: str, monkeypatch: pytest.MonkeyPatch, *, full: bool
) -> None:
    """Navidrome sends again after 500 and 503 only; Jellyfin drops a listen that met 429, too."""

    def refuse(*_: object) -> None:
        raise StoreFull

    if full:
        monkeypatch.setattr(submitting, "submit", refuse)
    else:
        monkeypatch.setattr(endpoint, "PER_TOKEN", Limit("listenbrainz", 0, 10))
    headers = {"Authorization": f"Token {token}"}
    answer = client.post("/1/submit-listens/", json=single(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, 503)
    assert int(answer.headers["retry-after"]) >= 1
    assert {"x-ratelimit-remaining", "x-ratelimit-reset-in"} <= answer.headers.keys()
    if not full:
        assert client.get("/1/validate-token", headers=headers).status_code == 429


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({"duration_ms": 200_000}, 200),
        ({"duration": 200, "duration_played": 3}, 200),
        ({"duration_played": 3}, 600),
        ({}, 600),
    ],
)
def test_what_plays_is_shown_until_its_track_should_be_over(
    client: TestClient, token: str, monkeypatch: pytest.MonkeyPatch, more: dict[str, int], seconds: int
) -> None:
    kept: list[int] = []
    monkeypatch.setattr(Cache, "keep", lambda _self, _key, _value, lasts_s: kept.append(lasts_s))
    told = {"track_name": "a", "artist_name": "b", "additional_info": more}
    assert send(client, token, {"listen_type": "playing_now", "payload": [{"track_metadata": told}]})[0] == 200
    assert kept == [seconds]


def test_asked_for_what_is_newer_than_the_newest_there_is_nothing(
    client: TestClient, listener: Listener, token: str, sessions: Sessions
) -> None:
    """A moment is told in whole seconds; a play of an export begins between two."""
    with sessions.begin() as session:
        rows = [extended_row(START + timedelta(minutes=5 * at), at, ms_played=200_400) for at in range(3)]
        write_rows(session, listener.id, rows)

    def told(query: str) -> list[int]:
        path = f"/1/user/{listener.handle}/listens?{query}"
        answer = client.get(path, headers={"Authorization": f"Token {token}"}).json()["payload"]
        return [each["listened_at"] for each in answer["listens"]]

    newest, middle, oldest = told("")
    assert told(f"min_ts={newest}") == []
    assert told(f"min_ts={oldest}&max_ts={newest}") == [middle]
    assert told(f"min_ts={newest - 1}") == [newest]


def test_the_latest_import_only_moves_on(client: TestClient, listener: Listener, token: str) -> None:
    def latest() -> int:
        path = f"/1/latest-import?user_name={listener.handle}"
        return int(client.get(path, headers={"Authorization": f"Token {token}"}).json()["latest_import"])

    assert latest() == 0
    for ts in (1_700_000_000, 1_600_000_000):
        assert send(client, token, {"ts": ts}, "/1/latest-import")[0] == 200
        assert latest() == 1_700_000_000
    assert send(client, token, {"ts": "soon"}, "/1/latest-import")[0] == 400


def test_the_same_listens_from_many_at_once_are_stored_once(client: TestClient, listener: Listener, token: str) -> None:
    body = {"listen_type": "import", "payload": [listen(START + timedelta(minutes=at), at) for at in range(40)]}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(client, token, body), range(8)))
    assert answers == [(200, {"status": "ok"})] * 8
    assert listener.get("/me").json()["plays"] == 40
    (ledger,) = listener.get("/imports").json()
    assert (ledger["totals"]["rows"], ledger["totals"]["duplicate"]) == (320, 280)


def test_without_redis_listens_are_kept_and_what_plays_is_not(
    settings: Settings, token: str, sessions: Sessions
) -> None:
    away = settings.model_copy(update={"redis": settings.redis.model_validate({"url": "redis://127.0.0.1:9/0"})})
    with TestClient(create_app(away)) as client:
        assert send(client, token, single()) == (200, {"status": "ok"})
        now = {"listen_type": "playing_now", "payload": [{"track_metadata": {"track_name": "a", "artist_name": "b"}}]}
        assert send(client, token, now) == (200, {"status": "ok"})
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM plays")) == 1
