"""The whole stack, started as a person starts it: killed piece by piece, started twice, stopped without a trace."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from stack.environment import ROOT, Place, recorded
from stack.probes import libpq
from stack.processes import marked
from stack.supervisor import Process, Supervisor
from stack.system import NAMES

BACK_WITHIN_S = 60.0
KILLED = tuple(name for name in NAMES if name != "watch")


@dataclass(frozen=True)
class RunningStack:
    data: Path
    variables: dict[str, str]

    def command(self, *arguments: str, seconds: float = 400) -> subprocess.CompletedProcess[str]:
        # Not the whole of os.environ: an emulator that other tests run would be taken for a server of one's own.
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment["DATA_DIR"] = str(self.data)
        environment["INFERENCE_MANIFEST"] = str(self.data / "model_store" / "manifest.json")
        return subprocess.run(
            [sys.executable, "-m", "stack", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def process(self, name: str) -> Process:
        return Supervisor(Place(self.data)).processes()[name]

    def query(self, statement: str) -> object:
        with psycopg.connect(libpq(self.variables["DATABASE_URL"]), autocommit=True) as connection:
            answer = connection.execute(statement)
            return answer.fetchone() if answer.description else None


@pytest.fixture(scope="module")
def stack() -> Iterator[RunningStack]:
    """Everything up, the demo's Spotify too, in a folder whose path is longer than a Unix address may be."""
    outside = Path(tempfile.mkdtemp(prefix="tonearm-stack-"))
    data = outside / "a-folder-with-a-long-name-as-some-people-have-them" / "and-one-more-below-it" / "data"
    data.mkdir(parents=True)
    Place(data).demo_mark.touch()
    unstarted = RunningStack(data, {})
    try:
        started = unstarted.command("up")
        assert started.returncode == 0, started.stdout + started.stderr
        yield RunningStack(data, recorded(Place(data)))
    finally:
        unstarted.command("down")
        shutil.rmtree(outside)


@pytest.fixture(scope="module", autouse=True)
def _something_to_lose(stack: RunningStack) -> None:
    stack.query("CREATE TABLE kept (word text)")
    stack.query("INSERT INTO kept VALUES ('here')")
    sign_up(stack, "ada@example.com")
    created = httpx.post(
        f"{stack.variables['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/experiments/create", json={"name": "kept"}, timeout=30
    )
    assert created.status_code == 200
    _until(lambda: "ada@example.com" in _kept_accounts(stack), 15, "the watch saves a new account")


def test_the_page_and_the_api_answer_on_one_address(stack: RunningStack) -> None:
    page = httpx.get(stack.variables["APP_PUBLIC_URL"])
    assert page.status_code == 200
    assert "<div id=" in page.text
    assert httpx.get(f"{stack.variables['APP_PUBLIC_URL']}/api/v1/config").status_code == 200


def test_nothing_listens_beyond_this_machine(stack: RunningStack) -> None:
    listening = {
        connection.laddr.ip
        for process in marked(stack.data)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


@pytest.mark.parametrize("name", KILLED)
def test_a_killed_server_comes_back_with_what_it_kept(stack: RunningStack, name: str) -> None:
    before = stack.process(name).pid
    os.kill(before, signal.SIGKILL)
    _until(lambda: stack.process(name).pid not in (0, before), BACK_WITHIN_S, f"{name} is started again")
    ready = stack.command("wait", "--only", name, "--seconds", str(BACK_WITHIN_S))
    assert ready.returncode == 0, ready.stdout + ready.stderr

    assert stack.query("SELECT word FROM kept") == ("here",)
    assert "ada@example.com" in _emulator_accounts(stack)
    experiments = httpx.get(
        f"{stack.variables['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/experiments/get-by-name",
        params={"experiment_name": "kept"},
        timeout=30,
    )
    assert experiments.status_code == 200


def test_children_of_a_killed_server_do_not_outlive_its_successor(stack: RunningStack) -> None:
    """MLflow's uvicorn would keep the port."""
    parent = psutil.Process(stack.process("mlflow").pid)
    children = parent.children(recursive=True)
    parent.kill()
    _, alive = psutil.wait_procs(children, timeout=BACK_WITHIN_S)
    assert alive == []
    assert stack.command("wait", "--only", "mlflow").returncode == 0


def test_a_second_up_changes_nothing_and_is_quick(stack: RunningStack) -> None:
    before = {name: stack.process(name).pid for name in NAMES}
    began = time.monotonic()
    again = stack.command("up")
    assert again.returncode == 0, again.stdout + again.stderr
    assert time.monotonic() - began < 15
    assert {name: stack.process(name).pid for name in NAMES} == before


def test_a_killed_supervisor_is_replaced(stack: RunningStack) -> None:
    pid_file = stack.data / "run" / "supervisord.pid"
    before = pid_file.read_text()
    orphans = [psutil.Process(stack.process(name).pid) for name in NAMES]
    os.kill(int(before), signal.SIGKILL)
    _until(lambda: pid_file.read_text() != before, BACK_WITHIN_S, "another supervisor runs")
    ready = stack.command("wait", "--seconds", "120")
    assert ready.returncode == 0, ready.stdout + ready.stderr
    assert stack.query("SELECT word FROM kept") == ("here",)
    assert "ada@example.com" in _emulator_accounts(stack)
    assert [orphan.name() for orphan in orphans if orphan.is_running()] == [], "each has a successor"


def test_down_leaves_nothing_and_up_finds_everything_again(stack: RunningStack) -> None:
    Supervisor(Place(stack.data)).stop("watch")  # who signs up a moment before the end is kept all the same
    sign_up(stack, "late@example.com")
    stopped = stack.command("down")
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    assert stopped.stdout.strip() == "Stopped.", "supervisor stops everything itself"
    assert marked(stack.data) == []
    assert "late@example.com" in _kept_accounts(stack)
    assert stack.data.stat().st_mode & 0o066 == 0
    assert stack.command("down").returncode == 0, "stopping twice is fine"

    halfway = stack.command("up", "--only", "database,cache")
    assert halfway.returncode == 0, halfway.stdout + halfway.stderr
    assert stack.query("SELECT word FROM kept") == ("here",)
    assert stack.process("api").state == "STOPPED"
    assert stack.command("down").returncode == 0
    assert marked(stack.data) == []


def sign_up(stack: RunningStack, email: str) -> None:
    signed_up = httpx.post(
        f"http://{stack.variables['FIREBASE_AUTH_EMULATOR_HOST']}/identitytoolkit.googleapis.com/v1/accounts:signUp",
        params={"key": "demo-key"},
        json={"email": email, "password": "a long password", "returnSecureToken": True},
    )
    assert signed_up.status_code == 200


def _kept_accounts(stack: RunningStack) -> str:
    return (stack.data / "auth" / "accounts" / "accounts.json").read_text()


def _emulator_accounts(stack: RunningStack) -> str:
    emulator = f"http://{stack.variables['FIREBASE_AUTH_EMULATOR_HOST']}"
    return httpx.get(
        f"{emulator}/identitytoolkit.googleapis.com/v1/projects/demo-tonearm/accounts:batchGet",
        params={"maxResults": -1},
        headers={"Authorization": "Bearer owner"},
        timeout=30,
    ).text


def _until(condition: object, seconds: float, what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"within {seconds:.0f} s: {what}"
        time.sleep(0.1)
