"""Bringing the stack up in the order of its needs, taking it down, and saying how it is."""

import fcntl
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stack import accounts, migrations, postgres, preflight
from stack import environment as environments
from stack.environment import Environment, Place
from stack.errors import StackError, StoppedMeanwhile
from stack.launch import Launch
from stack.preflight import Report
from stack.processes import end, marked
from stack.servers import Server
from stack.supervisor import Supervisor
from stack.system import NAMES, describe, with_needs

POLL_S = 0.1
FAILED_STARTS = 3
RUNNING = ("STARTING", "RUNNING", "BACKOFF")


@dataclass(frozen=True)
class Line:
    """One server as `status` shows it."""

    name: str
    state: str
    """ready, starting, stopped, failed or elsewhere."""
    detail: str
    pid: int
    up_s: int
    address: str


def up(wanted: list[str] | None, report: Report) -> Environment:
    """Starts what is wanted and what it needs; returns when all of it is ready.

    What runs already with the same launch file is left alone; what was changed is restarted. Raises StackError with
    the end of the log when a server keeps dying or is not ready in its time.
    """
    place = environments.find_place(environments.given())
    environments.keep_private(place.data)
    preflight.check_disk(place.data, report, begun=place.environment_file.exists())
    with _one_at_a_time(place):
        if not Supervisor(place).answers():
            _end_stragglers(place)
        alive = {name for name, process in Supervisor(place).processes().items() if process.state in RUNNING}
        environment = environments.resolve(running=alive.__contains__)
        system = describe(environment)
        names = with_needs(system, wanted or list(NAMES))
        environments.write(environment)
        supervisor = Supervisor(place)
        supervisor.begin(system.values())
        preflight.check_external(environment, report)
        preflight.check_library(environment, report)
        _Start(environment, system, supervisor, report, names).run()
    return environment


def down() -> list[str]:
    """Stops everything of this DATA_DIR, whatever state it is in. Returns the names of stragglers it had to end."""
    place = environments.find_place(environments.given())
    supervisor = Supervisor(place)
    if "auth" in supervisor.processes():
        for name in ("watch", "web"):  # nobody signs up any more, and nobody else keeps the accounts
            supervisor.stop(name)
        with suppress(OSError, StackError):
            accounts.keeper_of(environments.resolve(running=lambda _: True)).keep(supervisor.processes()["auth"].pid)
    supervisor.finish()
    stragglers = _end_stragglers(place)
    left = [process for process in marked(place.data) if process.is_running()]
    if left:
        raise StackError(f"Still running and not ours to end: {', '.join(str(process.pid) for process in left)}.")
    for launch_file in place.run.glob("*.json"):  # they hold passwords, and say what is to be brought up again
        launch_file.unlink()
    return stragglers


def status() -> list[Line]:
    environment = environments.resolve(running=lambda _: True)
    processes = Supervisor(environment.place).processes()
    lines = [
        Line(name, "elsewhere", "", 0, 0, environment.variables.get(environments.REPLACED_BY[name][0], ""))
        for name in environment.external
    ]
    for name, server in describe(environment).items():
        process = processes.get(name)
        if process is None or process.state in ("STOPPED", "EXITED"):
            lines.append(Line(name, "stopped", "", 0, 0, ""))
        elif process.state == "FATAL":
            lines.append(Line(name, "failed", "keeps dying; see its log", 0, 0, ""))
        else:
            missing = server.ready() if process.state == "RUNNING" else "is starting"
            state = "ready" if missing is None else "starting"
            lines.append(Line(name, state, missing or "", process.pid, process.up_s, _shown(server.address)))
    return sorted(lines, key=lambda line: NAMES.index(line.name))


class _Start:
    """One run of `up`: starts each server when what it needs is ready, several at once where nothing forbids it."""

    def __init__(
        self,
        environment: Environment,
        system: dict[str, Server],
        supervisor: Supervisor,
        report: Report,
        names: list[str],
    ) -> None:
        self._environment, self._system, self._supervisor, self._report = environment, system, supervisor, report
        self._names = names
        self._ready: set[str] = set()
        self._started: dict[str, float] = {}
        self._pids: dict[str, set[int]] = {}
        self._migrated = False

    def run(self) -> None:
        while len(self._ready) < len(self._names):
            for name in self._names:
                if name not in self._started and self._may_start(name):
                    self._start(name)
            self._look()
            if len(self._ready) < len(self._names):
                time.sleep(POLL_S)

    def _may_start(self, name: str) -> bool:
        server = self._system[name]
        return all(need in self._ready or need not in self._system for need in server.needs)

    def _start(self, name: str) -> None:
        server = self._system[name]
        if server.migrated and not self._migrated:
            self._migrate()
        running = self._still_runs(name)
        if not running and server.prepare:
            server.prepare()
        server.launch.write(self._launch_file(name))
        if not running:
            self._report(name, "starting")
            self._supervisor.start(name)
        self._started[name] = time.monotonic()

    def _still_runs(self, name: str) -> bool:
        """Whether it runs as it is to run; what runs otherwise is stopped."""
        process = self._supervisor.processes().get(name)
        if process is None or process.state not in RUNNING:
            return False
        launch_file = self._launch_file(name)
        if launch_file.exists() and launch_file.read_text() == self._system[name].launch.text():
            return True
        self._supervisor.stop(name)
        return False

    def _launch_file(self, name: str) -> Path:
        return self._environment.place.run / f"{name}.json"

    def _migrate(self) -> None:
        """Old code must not meet the new schema: what will be restarted is stopped first."""
        if not migrations.up_to_date(self._environment):
            for name in self._names:
                if self._system[name].migrated:
                    self._still_runs(name)
            self._report("database", "migrating")
            migrations.migrate(self._environment)
        self._migrated = True

    def _look(self) -> None:
        processes = self._supervisor.processes()
        for name, since in self._started.items():
            if name in self._ready:
                continue
            if name not in processes:
                raise StoppedMeanwhile
            server, process = self._system[name], processes[name]
            missing = server.ready() if process.state in ("STARTING", "RUNNING") else "is not running"
            if missing is None and process.state == "RUNNING":
                self._ready.add(name)
                self._after(name)
                self._report(name, "ready")
                continue
            pids = self._pids.setdefault(name, set())
            pids.update({process.pid} - {0})
            late = time.monotonic() - since > server.patience_s
            if process.state == "FATAL" or len(pids) > FAILED_STARTS or late:
                why = f"not ready after {server.patience_s} s ({missing})" if late else "keeps dying"
                raise StackError(f"{name} {why}. The end of its log:\n{_tail(self._environment.place, name)}")

    def _after(self, name: str) -> None:
        if name == "database":
            url, secrets = self._environment.variables["DATABASE_URL"], self._environment.secrets
            postgres.ensure_database(url, "tonearm")
            postgres.ensure_login(url, "trainer", secrets["trainer"])


def _end_stragglers(place: Place) -> list[str]:
    """Ends what lives on without its supervisor, each server by its own signal; returns their names.

    They would hold the ports, and a start would evade to others.
    """
    if not marked(place.data):
        return []
    found = []
    for path in sorted(place.run.glob("*.json")):
        launch = Launch.read(path)
        processes = marked(place.data, launch.name)
        found += [launch.name] if processes else []
        end(processes, signal.Signals[f"SIG{launch.stop_signal}"])
    rest = marked(place.data)
    end(rest)
    return found + sorted({process.name() for process in rest if process.is_running()})


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    with (place.data / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tail(place: Place, name: str, lines: int = 15) -> str:
    log = place.logs / f"{name}.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def _shown(address: str) -> str:
    """An address without its password."""
    head, separator, tail = address.rpartition("@")
    return tail if separator and head else address
