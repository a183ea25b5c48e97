"""One start: what is restarted after an update, in which order, and what it says when it cannot go on."""

import argparse
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest

from stack import __main__ as commands
from stack import environment as environments
from stack import install, migrations, preflight, servers, sources, supervision
from stack.environment import Environment, Place
from stack.errors import StackError, StoppedMeanwhile
from stack.launch import Launch
from stack.postgres import other_database
from stack.probes import libpq
from stack.servers import Server
from stack.supervisor import Process
from stack.system import describe

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def environment(own_place: None) -> Environment:  # noqa: ARG001
    environment = environments.resolve()
    environment.place.run.mkdir()
    environment.place.logs.mkdir()
    return environment


def nothing(*_: object) -> None:
    return


class FakeSupervisor:
    """Remembers what was asked of it; everything runs that it was told to start."""

    def __init__(self, *running: str) -> None:
        self.pids = dict.fromkeys(running, 1)
        self.asked: list[str] = []

    def processes(self) -> dict[str, Process]:
        return {name: Process(name, "RUNNING" if pid else "STOPPED", pid, 9) for name, pid in self.pids.items()}

    def stop(self, name: str) -> None:
        self.asked.append(f"stop {name}")
        self.pids[name] = 0

    def start(self, name: str) -> None:
        self.asked.append(f"start {name}")
        self.pids[name] = 2


def a_server(environment: Environment, name: str, code: str, *, migrated: bool = True) -> Server:
    launch = Launch(name, str(environment.place.data), ["/bin/true"], {}, "/", code=code)
    return Server(name, launch, lambda: None, migrated=migrated)


def test_old_code_does_not_meet_the_new_schema(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update: what runs old code stops, then the schema changes, then it starts; the rest runs on."""
    system = {
        "mlflow": a_server(environment, "mlflow", "old", migrated=False),
        "api": a_server(environment, "api", "new"),
        "worker": a_server(environment, "worker", "new"),
    }
    for name in system:
        a_server(environment, name, "old").launch.write(environment.place.run / f"{name}.json")
    supervisor = FakeSupervisor(*system)
    monkeypatch.setattr(migrations, "up_to_date", lambda _: False)
    monkeypatch.setattr(migrations, "migrate", lambda _: supervisor.asked.append("migrate"))
    start = supervision._Start(environment, system, supervisor, nothing, list(system))  # type: ignore[arg-type]
    start.run()
    assert supervisor.asked == ["stop api", "stop worker", "migrate", "start api", "start worker"]


def test_a_stack_that_is_stopped_while_it_starts_says_so(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = {"api": a_server(environment, "api", "new", migrated=False)}
    supervisor = FakeSupervisor("api")
    monkeypatch.setattr(supervisor, "start", lambda _: supervisor.pids.clear())
    supervisor.pids["api"] = 0
    with pytest.raises(StoppedMeanwhile):
        supervision._Start(environment, system, supervisor, nothing, ["api"]).run()  # type: ignore[arg-type]


def test_every_server_is_restarted_when_what_it_runs_from_changed(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def codes() -> dict[str, str]:
        return {name: server.launch.code for name, server in describe(environment).items()}

    assert all(codes().values()), "each says which code it runs"
    root = tmp_path / "checkout"
    for name in (*sources.LOCKS, "platform_api/x.py", "stack/x.py", "serving/config/log4j2.xml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("before")
    for name in ("stack/auth_emulator/serve.cjs", "frontend/vite.config.ts"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("before")
        (root / name).with_name("package-lock.json").write_text("before")
    monkeypatch.setattr(sources, "ROOT", root)

    def changed_by(name: str) -> set[str]:
        before = codes()
        (root / name).write_text("after")
        return {server for server, code in codes().items() if before[server] != code}

    assert changed_by("platform_api/x.py") == {"api", "worker"}
    assert changed_by("requirements.lock") == {"api", "worker", "mlflow", "inference"}
    assert changed_by("stack/auth_emulator/serve.cjs") == {"auth"}
    assert changed_by("frontend/vite.config.ts") == {"web"}


@pytest.mark.parametrize(
    ("free_gb", "begun", "says"),
    [(10, False, ""), (2, False, "needs 3"), (2, True, "warns"), (0.1, True, "could not write")],
)
def test_a_small_disk_stops_no_stack_that_ran_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_gb: float, *, begun: bool, says: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free_gb * preflight.GIGABYTE))
    told: list[str] = []
    if says in ("", "warns"):
        preflight.check_disk(tmp_path, lambda _, news: told.append(news), begun=begun)
        assert len(told) == (says == "warns")
    else:
        with pytest.raises(StackError, match=says):
            preflight.check_disk(tmp_path, nothing, begun=begun)


def test_the_watch_tries_until_it_works_or_somebody_stops_it(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "RETRY_S", 0.0)
    launch_file = environment.place.run / "api.json"
    launch_file.touch()
    troubles: list[Exception] = [StackError("the disk is full"), StackError("the disk is full")]

    def up(*_: object) -> Environment:
        if troubles:
            raise troubles.pop()
        return environment

    monkeypatch.setattr(supervision, "up", up)
    asked = argparse.Namespace(only=None, tries=3)
    assert commands.up(asked) == 0
    troubles += [StackError("the disk is full")] * 9
    with pytest.raises(StackError, match="full"):
        commands.up(asked)
    assert len(troubles) == 6
    launch_file.unlink()  # as `down` does
    with pytest.raises(StoppedMeanwhile):
        commands.up(asked)
    assert len(troubles) == 5


def test_a_folder_of_music_that_is_not_there_is_said(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    preflight.check_library(environment, lambda *news: told.append(" ".join(news)))
    assert told == [], "nobody named one"
    monkeypatch.setenv("AUDIO_LIBRARY_DIR", "~/no such music")
    monkeypatch.setenv("HOME", "/home/ada")
    preflight.check_library(environments.resolve(), lambda *news: told.append(" ".join(news)))
    assert told == ["worker finds no folder /home/ada/no such music (AUDIO_LIBRARY_DIR)"]


def test_a_role_that_may_make_no_database_is_told_what_to_do(
    postgres_url: str, environment: Environment, tmp_path: Path
) -> None:
    """Of a database of one's own."""
    with psycopg.connect(libpq(postgres_url), autocommit=True) as connection:
        connection.execute("CREATE ROLE modest LOGIN PASSWORD 'x'")
        head, _, tail = postgres_url.partition("://")
        theirs = f"{head}://modest:x@{tail.rpartition('@')[2]}?application_name=a/b"
        mlflow = servers.mlflow(tmp_path / "mlflow", 1, theirs, environment)
        assert mlflow.prepare
        with pytest.raises(StackError, match=r"CREATE DATABASE mlflow") as refusal:
            mlflow.prepare()
        assert "\n" not in str(refusal.value)
        connection.execute("CREATE DATABASE mlflow OWNER modest")
        connection.execute("REVOKE CONNECT ON DATABASE postgres FROM public")
        try:
            mlflow.prepare()
        finally:
            connection.execute("GRANT CONNECT ON DATABASE postgres TO public")
            connection.execute("DROP DATABASE mlflow")
            connection.execute("DROP ROLE modest")
    assert other_database("postgresql://h/a?b=/c", "d") == "postgresql://h/d?b=/c"


def test_a_virtual_environment_interrupted_at_birth_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PYTHON", tmp_path / "bin" / "python")
    assert install.has_pip() is False
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    assert install.has_pip() is False
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    assert install.has_pip() is True


def test_what_the_stack_keeps_is_its_owners_only(tmp_path: Path) -> None:
    place = Place(tmp_path / "data")
    place.data.mkdir(mode=0o755)
    environments.keep_private(place.data)
    assert place.data.stat().st_mode & 0o066 == 0


@pytest.mark.parametrize("behind", ["true", "false", None])
def test_a_visitor_is_whom_a_proxy_names_only_where_the_operator_says_so(
    monkeypatch: pytest.MonkeyPatch, environment: Environment, behind: str | None
) -> None:
    if behind is not None:
        monkeypatch.setenv("WEB_BEHIND_PROXY", behind)
    command = describe(environments.resolve())["api"].launch.command
    assert environment.place == environments.resolve().place
    assert ("--no-proxy-headers" in command) == (behind != "true")
    assert ("--forwarded-allow-ips" in command) == (behind == "true")
