"""What every request meets: error documents, headers, limits on bodies, and parts that are away."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import orjson
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from platform_api.api.deps import SessionDep, SessionsDep
from platform_api.core.errors import DatabaseUnavailable
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from tests.support.live import serving
from tests.support.people import Emulator, Listener

PROBLEM = "application/problem+json"


@pytest.fixture
def odd_client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(add_odd_routes(settings), raise_server_exceptions=False) as client:
        yield client


def add_odd_routes(settings: Settings) -> FastAPI:
    """An application with routes that go wrong."""
    app = create_app(settings)

    @app.get("/api/v1/bug")
    def bug() -> None:
        raise RuntimeError("a secret detail")

    @app.get("/api/v1/late")
    def late(session: SessionDep) -> dict[str, str]:
        """Its commit fails: the constraint is checked at the end of the transaction."""
        session.execute(text("CREATE TABLE late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)"))
        session.execute(text("INSERT INTO late VALUES (1), (1)"))
        return {"said": "it worked"}

    @app.get("/api/v1/two")
    def two(session: SessionDep, sessions: SessionsDep) -> None:
        """Needs a second connection beside the first."""
        session.execute(text("SELECT 1"))
        with sessions() as second:
            second.execute(text("SELECT 1"))

    @app.get("/api/v1/database-says/{sqlstate}")
    def database_says(session: SessionDep, sqlstate: str) -> None:
        session.execute(text("CREATE TABLE half_done (id int)"))
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$"))

    return app


def test_an_unforeseen_error_is_a_plain_problem(odd_client: TestClient) -> None:
    answer = odd_client.get("/api/v1/bug")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert "secret" not in answer.text


def test_a_failed_commit_is_never_a_success(odd_client: TestClient) -> None:
    answer = odd_client.get("/api/v1/late")
    assert answer.status_code == 409
    assert "it worked" not in answer.text


@pytest.mark.parametrize(
    ("sqlstate", "status"),
    [
        ("40P01", 503), ("40001", 503), ("53100", 507), ("57P01", 503), ("22003", 422), ("23505", 409), ("23503", 404),
        ("23514", 500),
    ],
    ids=[
        "deadlock", "serialisation", "disk full", "restart", "number out of range", "there already", "gone",
        "our mistake",
    ],
)  # fmt: skip
def test_what_the_database_says_is_told_in_words(
    odd_client: TestClient, sessions: Sessions, sqlstate: str, status: int
) -> None:
    answer = odd_client.get(f"/api/v1/database-says/{sqlstate}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    with sessions() as session:
        assert session.scalar(text("SELECT to_regclass('half_done')")) is None


def test_when_every_connection_is_in_use_the_rest_are_told_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform_api.db.session.POOL_TIMEOUT_S", 0.2)
    small = settings.model_copy(update={"database": settings.database.model_copy(update={"pool_size": 1})})
    with TestClient(add_odd_routes(small)) as client:
        answers = [client.get("/api/v1/two") for _ in range(2)]
    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [
        (503, DatabaseUnavailable.type_name())
    ] * 2
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nowhere", 404), ("PUT", "/api/v1/me", 405), ("GET", "/api/v1/people?query=", 401)],
)
def test_refusals_are_problems(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert {"type", "title", "status", "detail"} <= answer.json().keys()


def test_an_invalid_request_names_its_fields(listener: Listener) -> None:
    answer = listener.post("/playlists", {"name": 7, "track_ids": "no"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"body.name", "body.track_ids"}


def test_headers_on_every_answer(client: TestClient) -> None:
    for path in ("/healthz", "/api/v1/config", "/api/v1/me", "/api/v1/nowhere"):
        headers = client.get(path, headers={"Origin": "https://evil.example"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert len(headers["x-request-id"]) == 32
        assert not [name for name in headers if name.startswith("access-control-")]


def test_a_foreign_origin_is_not_granted_anything(client: TestClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    answer = client.options("/api/v1/me", headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_well_formed_request_id_is_kept(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abcdef-123456"}).headers["x-request-id"] == "abcdef-123456"
    assert client.get("/healthz", headers={"X-Request-ID": "x\ty"}).headers["x-request-id"] != "x\ty"


def test_no_log_holds_what_opens_a_door(listener: Listener, client: TestClient, sessions: Sessions) -> None:
    token = "t" * 32
    with capture_logs() as logs:
        ticket = listener.post("/export/link").json()["url"]
        assert client.get(ticket).status_code == 200
        for path in (f"/s/{token}", f"/s/{token}/", f"/api/v1/shares/{token}/card.png", "/api/v1/people/a-handle"):
            client.get(path)
    told = [line["path"] for line in logs if line["event"] == "request"]
    assert {"/api/v1/export/link", "/api/v1/export/…", "/s/…", "/api/v1/people/a-handle"} <= set(told)
    assert not any(token in path or ticket.rpartition("/")[2] in path for path in told)

    with sessions() as session, pytest.raises(SQLAlchemyError) as trouble:
        session.execute(text("SELECT :secret FROM nowhere"), {"secret": token})
    assert token not in str(trouble.value)


def test_who_vanishes_is_noticed(sessions: Sessions) -> None:
    """A database or a worker whose machine is gone says no word: both ends have to look."""
    with sessions() as session:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        asked = connection.info.get_parameters()
        assert (asked["tcp_user_timeout"], asked["keepalives_idle"]) == ("10000", "10")
        kept = {
            name: session.scalar(text(f"SHOW {name}"))
            for name in ("tcp_keepalives_idle", "idle_in_transaction_session_timeout", "statement_timeout")
        }
    assert kept == {
        "tcp_keepalives_idle": "60", "idle_in_transaction_session_timeout": "5min", "statement_timeout": "30s",
    }  # fmt: skip


def test_bodies_are_limited_by_their_length_and_by_what_arrives(listener: Listener) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(40):
            yield b"x" * 65_536

    stated = listener.client.post("/api/v1/posts", content=b"x" * (2**20 + 1), headers=listener.headers)
    streamed = listener.client.post("/api/v1/posts", content=chunks(), headers=listener.headers)
    assert [stated.status_code, streamed.status_code] == [413, 413]
    assert {stated.headers["content-type"], streamed.headers["content-type"]} == {PROBLEM}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 5000, b'{"text": NaN}', b"null"]
)
def test_bodies_that_are_no_json_are_refused(listener: Listener, body: bytes) -> None:
    headers = {**listener.headers, "Content-Type": "application/json"}
    assert listener.client.post("/api/v1/posts", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize(
    "path", ["/posts/99999999999999999999", "/posts/0", "/playlists/x", "/people/%00", "/posts/-1"]
)
def test_ids_that_cannot_exist(listener: Listener, path: str) -> None:
    answer = listener.get(path)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == PROBLEM


def parts(client: TestClient) -> dict[str, str]:
    answer = client.get("/api/v1/status")
    assert answer.status_code == 200
    assert all(part["detail"].endswith(".") for part in answer.json()["parts"])
    return {part["name"]: part["state"] for part in answer.json()["parts"]}


def test_status_names_what_is_up(client: TestClient, sessions: Sessions) -> None:
    assert parts(client) == {"database": "up", "cache": "up", "model_server": "down", "worker": "down"}
    with sessions.begin() as session:
        session.execute(text("INSERT INTO worker_heartbeats (name) VALUES ('w')"))
    assert parts(client)["worker"] == "up"
    with sessions.begin() as session:
        session.execute(text("UPDATE worker_heartbeats SET seen_at = now() - interval '1 minute'"))
    assert parts(client)["worker"] == "down"
    assert client.get("/readyz").status_code == 200


@pytest.fixture
def stranded_client(settings: Settings) -> Iterator[TestClient]:
    """An application whose database and cache are away."""
    away = settings.model_copy(
        update={
            "database": settings.database.model_validate({"url": "postgresql+psycopg://nobody@127.0.0.1:9/none"}),
            "redis": settings.redis.model_validate({"url": "redis://127.0.0.1:9/0"}),
        }
    )
    with TestClient(create_app(away)) as client:
        yield client


def test_without_its_stores_the_api_says_so(stranded_client: TestClient, emulator: Emulator) -> None:
    assert set(parts(stranded_client).values()) == {"down"}
    _, token = emulator.sign_up("ada")
    answer = stranded_client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert int(answer.headers["retry-after"]) > 0
    assert stranded_client.get("/readyz").status_code == 503
    assert stranded_client.get("/healthz").status_code == 200
    assert stranded_client.get("/api/v1/config").status_code == 200


def test_a_restarted_database_costs_no_request(listener: Listener, sessions: Sessions) -> None:
    assert listener.get("/me").status_code == 200
    with sessions() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert listener.get("/me").status_code == 200


def test_the_demo_is_offered_in_development_only(settings: Settings, tmp_path: Path) -> None:
    people = [
        {"handle": name, "display_name": name, "email": f"{name}@tonearm.example", "password": "p", "time_zone": "UTC",
         "main": name == "ines"}
        for name in ("marek", "ines")
    ]  # fmt: skip
    file = tmp_path / "listeners.json"
    file.write_bytes(orjson.dumps(people))
    offered = {}
    for environment in ("development", "test", "production"):
        changed = settings.app.model_copy(update={"environment": environment, "demo_file": file})
        with TestClient(create_app(settings.model_copy(update={"app": changed}))) as client:
            offered[environment] = client.get("/api/v1/config").json()["demo"]
    assert offered["development"]["email"] == "ines@tonearm.example"
    assert [person["handle"] for person in offered["development"]["listeners"]] == ["marek", "ines"]
    assert (offered["test"], offered["production"]) == (None, None)


def test_config_tells_the_browser_how_to_sign_in(client: TestClient, emulator: Emulator) -> None:
    firebase = client.get("/api/v1/config").json()["firebase"]
    assert firebase == {
        "project_id": "demo-tonearm", "api_key": "demo-key", "auth_emulator_url": f"http://{emulator.host}",
        "google_enabled": False,
    }  # fmt: skip


def test_too_fast_is_told_to_wait(sign_in: Callable[..., Listener]) -> None:
    ada, ben = sign_in("ada"), sign_in("ben")
    answers = [ada.post("/posts", {"text": str(number)}) for number in range(61)]
    late = answers[-1]
    assert {answer.status_code for answer in answers[:-1]} <= {201, 429}
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 3600
    spoofed = ada.request("POST", "/posts", json={"text": "x"}, headers={"X-Forwarded-For": "10.9.8.7"})
    assert spoofed.status_code == 429
    assert ben.post("/posts", {"text": "hi"}).status_code == 201


def test_an_address_is_the_connections_whatever_a_header_claims(settings: Settings) -> None:
    """Over a real socket: a new forwarded address with each request does not make a new visitor.

    240 in a minute are allowed; the requests may fall into two minutes.
    """
    with serving(create_app(settings)) as address, httpx.Client(base_url=address) as visitor:
        answers: list[int] = []
        while 429 not in answers and len(answers) < 2 * 240 + 2:
            at = len(answers)
            claimed = f"10.{at % 250}.7.9"
            headers = {"X-Forwarded-For": f"{claimed}, 127.0.0.1", "X-Real-IP": claimed, "Forwarded": f"for={claimed}"}
            answers.append(visitor.get("/api/v1/shares/none", headers=headers).status_code)
    assert 429 in answers
    assert "--no-proxy-headers" in Path("stack/servers.py").read_text()


def test_the_limit_holds_while_redis_is_away(settings: Settings, emulator: Emulator) -> None:
    away = settings.model_copy(update={"redis": settings.redis.model_validate({"url": "redis://127.0.0.1:9/0"})})
    with TestClient(create_app(away)) as client:
        _, token = emulator.sign_up("ada")
        headers = {"Authorization": f"Bearer {token}"}
        began = time.monotonic()
        answers = [
            client.post("/api/v1/auth/session", json={"time_zone": "UTC"}, headers=headers).status_code
            for _ in range(130)
        ]
        assert time.monotonic() - began < 60
    assert 429 in answers
    assert answers[0] == 200


def test_importing_the_application_does_nothing() -> None:
    assert isinstance(create_app(Settings()), FastAPI)
