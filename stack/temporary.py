"""Throw-away servers for tests: started in a folder on free ports, gone when the `with` block ends."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack import postgres, servers
from stack.errors import StackError
from stack.ports import LOOPBACK
from stack.processes import end, marked
from stack.servers import Server

PASSWORD = "for-a-test-only"


@contextmanager
def temporary_postgres(folder: Path) -> Iterator[str]:
    """An empty database `tonearm` owned by a superuser, as SQLAlchemy's address."""
    server = servers.database(folder, free_port(), PASSWORD, folder, settings={"fsync": "off"})
    with running(server, folder):
        url = postgres.other_database(server.address, "tonearm")
        postgres.ensure_database(url, "tonearm")
        yield url


@contextmanager
def temporary_valkey(folder: Path) -> Iterator[str]:
    """An empty cache, as redis:// address."""
    server = servers.cache(folder, free_port(), PASSWORD, folder)
    with running(server, folder):
        yield server.address


@contextmanager
def temporary_auth_emulator(folder: Path, project: str = "demo-tonearm") -> Iterator[str]:
    """An emulator without accounts, as host:port for FIREBASE_AUTH_EMULATOR_HOST."""
    server = servers.auth(folder, free_port(), project, folder)
    with running(server, folder):
        yield server.address.removeprefix("http://")


@contextmanager
def running(server: Server, folder: Path) -> Iterator[None]:
    """Starts `server` without supervisor, waits until it is ready, ends it. Its log is `folder/NAME.log`.

    Raises StackError with the end of the log when it dies or is not ready in its time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if server.prepare:
        server.prepare()
    launch_file = folder / f"{server.name}.json"
    server.launch.write(launch_file)
    log = folder / f"{server.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack.launch", str(launch_file)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).parent.parent,
        )
    try:
        _wait(server, process, log)
        yield
    finally:
        stop_signal = signal.Signals[f"SIG{server.launch.stop_signal}"]
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=server.stop_wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
        end(marked(folder, server.name), stop_signal)


def free_port(span: int = 1) -> int:
    """A port that the machine says is free, with the `span - 1` above it."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if all(_bindable(port + offset) for offset in range(span)):
            return port


def _bindable(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + server.patience_s
    missing = server.ready()
    while missing is not None:
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise StackError(f"{server.name} did not start ({missing}). The end of {log}:\n{tail}")
        time.sleep(0.05)
        missing = server.ready()
