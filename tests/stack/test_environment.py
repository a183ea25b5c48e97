"""Which ports and addresses a start decides on, and what it takes from whom."""

import socket
import stat
from collections.abc import Iterator

import pytest

from stack import environment as environments
from stack.errors import StackError
from stack.ports import LOOPBACK, next_free
from stack.system import describe
from stack.temporary import free_port

pytestmark = pytest.mark.usefixtures("own_place")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken_port: int) -> None:
    assert next_free(taken_port, taken_port) > taken_port


def test_torchserve_gets_five_free_ports_in_a_row(taken_port: int) -> None:
    first = next_free(taken_port - 2, taken_port - 2, span=5)
    assert taken_port not in range(first, first + 5)


def test_a_port_that_was_asked_for_and_is_taken_is_refused_in_one_line(
    taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_PORT", str(taken_port))
    with pytest.raises(StackError, match=rf"^Port {taken_port} \(WEB_PORT\) belongs to another program") as refusal:
        environments.resolve()
    assert "\n" not in str(refusal.value)


def test_ports_stay_where_they_were_while_a_server_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("REDIS_PORT", str(port))
    environments.write(environments.resolve())
    monkeypatch.delenv("REDIS_PORT")
    with socket.socket() as ours:
        ours.bind((LOOPBACK, port))
        ours.listen()
        assert environments.resolve(running=lambda name: name == "cache").ports["REDIS_PORT"] == port


def test_a_running_server_moves_to_the_port_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    environments.write(environments.resolve())
    asked = free_port()
    monkeypatch.setenv("WEB_PORT", str(asked))
    moved = environments.resolve(running=lambda _: True)
    assert moved.ports["WEB_PORT"] == asked
    assert moved.variables["APP_PUBLIC_URL"].endswith(f":{asked}")


def test_a_server_named_by_its_variable_runs_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me:secret@db.example:5432/tonearm")
    environment = environments.resolve()
    assert environment.external == {"database"}
    assert environment.variables["DATABASE_URL"].endswith("@db.example:5432/tonearm")
    assert "TRAINING_DATABASE_URL" not in environment.variables


def test_a_service_account_switches_the_emulator_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIREBASE_CREDENTIALS_FILE", "/etc/tonearm/service-account.json")
    environment = environments.resolve()
    assert "auth" in environment.external
    assert "FIREBASE_AUTH_EMULATOR_HOST" not in environment.variables


def test_what_the_stack_wrote_itself_is_not_somebody_elses_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """`set -a; . stack.env; python -m stack up` must still start everything."""
    first = environments.resolve()
    environments.write(first)
    for name, value in environments.recorded(first.place).items():
        monkeypatch.setenv(name, value)
    assert environments.resolve().external == frozenset()


def test_passwords_are_made_once_and_are_private() -> None:
    first = environments.resolve()
    environments.write(first)
    assert environments.resolve().secrets == first.secrets
    for name in ("secrets.json", "stack.env"):
        assert stat.S_IMODE((first.place.data / name).stat().st_mode) == 0o600


def test_every_variable_survives_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIO_LIBRARY_DIR", "/music/it's loud & 100% mine")
    environment = environments.resolve()
    environments.write(environment)
    assert environments.recorded(environment.place).items() >= dict(environment.variables).items()


def test_the_stand_in_for_spotify_belongs_to_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = environments.resolve()
    assert "spotify" not in describe(plain)
    assert "SPOTIFY_CLIENT_ID" not in plain.variables
    plain.place.demo_mark.touch()
    demo = environments.resolve()
    assert describe(demo)["spotify"].address == demo.variables["SPOTIFY_ACCOUNTS_URL"]
    environments.write(demo)
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "an app of one's own")
    real = environments.resolve()
    assert "spotify" not in describe(real)
    assert "SPOTIFY_ACCOUNTS_URL" not in real.variables
