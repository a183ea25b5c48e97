"""supervisord: its configuration, starting it, and talking to it over its own socket."""

import http.client
import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import SupervisorTransport

from stack.environment import ROOT, Place
from stack.errors import StackError
from stack.processes import MARK, mark
from stack.servers import Server

START_PATIENCE_S, STOP_PATIENCE_S = 15, 120
FAULT_NOT_RUNNING, FAULT_ALREADY_STARTED = 70, 60
UNREACHABLE = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Process:
    """What supervisor says of one process."""

    name: str
    state: str
    """STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL."""
    pid: int
    up_s: int


class Supervisor:
    """One supervisord, the one of this DATA_DIR. Every call raises StackError where none answers."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.socket = place.sockets / "supervisor.sock"
        self.configuration = place.run / "supervisord.conf"

    def answers(self) -> bool:
        try:
            self._remote.getState()
        except (*UNREACHABLE, xmlrpc.client.Error):
            return False
        return True

    @property
    def _remote(self) -> Any:
        """A new connection for each call: the transport never recovers from one that failed."""
        transport = SupervisorTransport(serverurl=f"unix://{self.socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def begin(self, servers: Iterable[Server]) -> None:
        """Starts supervisord, or restarts one that was configured for other servers."""
        text = render(self.place, self.socket, servers)
        current = self.configuration.read_text() if self.configuration.exists() else None
        if self.answers():
            if text == current:
                return
            self.finish()
        for folder in (self.place.run, self.place.logs, self.socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self.configuration.write_text(text)
        environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
        environment[MARK] = mark(self.place.data, "supervisor")
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.configuration)],
            env=environment,
            cwd=ROOT,
            check=True,
        )
        self._wait_until_it_answers()

    def finish(self) -> None:
        """Stops every process in order and supervisord itself; does nothing where none runs."""
        if not self.answers():
            return
        daemon = psutil.Process(self._call("getPID"))
        self._call("shutdown")
        try:
            daemon.wait(timeout=STOP_PATIENCE_S)
        except psutil.TimeoutExpired as error:
            raise StackError(
                f"supervisor is still stopping after {STOP_PATIENCE_S} s; see {self.place.logs}."
            ) from error

    def start(self, name: str) -> None:
        self._call("startProcess", name, False, tolerate=FAULT_ALREADY_STARTED)

    def stop(self, name: str) -> None:
        self._call("stopProcess", name, True, tolerate=FAULT_NOT_RUNNING)

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def processes(self) -> dict[str, Process]:
        """Empty where no supervisord answers."""
        if not self.answers():
            return {}
        found = self._call("getAllProcessInfo")
        return {
            one["name"]: Process(one["name"], one["statename"], one["pid"], max(0, one["now"] - one["start"]))
            for one in found
        }

    def _call(self, method: str, *arguments: object, tolerate: int | None = None) -> Any:
        try:
            return getattr(self._remote, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == tolerate:
                return None
            raise StackError(f"supervisor refused {method} {' '.join(map(str, arguments))}: {fault}") from fault
        except UNREACHABLE as error:
            raise StackError("The stack is not running; start it with `make up`.") from error

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_PATIENCE_S
        while not self.answers():
            if time.monotonic() > deadline:
                raise StackError(f"supervisor did not start; see {self.place.logs}.")
            time.sleep(0.05)


def render(place: Place, socket: Path, servers: Iterable[Server]) -> str:
    """The configuration. Nothing starts by itself: `up` starts each when what it needs is ready."""
    run_as = "user=root\n" if os.geteuid() == 0 else ""
    head = f"""\
[unix_http_server]
file={_literal(socket)}
chmod=0600

[supervisord]
logfile={_literal(place.logs / "supervisord.log")}
logfile_maxbytes=5MB
logfile_backups=1
pidfile={_literal(place.run / "supervisord.pid")}
childlogdir={_literal(place.logs)}
directory={_literal(ROOT)}
umask=077
{run_as}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
    return head + "".join(_program(place, number, server) for number, server in enumerate(servers))


def _program(place: Place, number: int, server: Server) -> str:
    launch_file = place.run / f"{server.name}.json"
    command = shlex.join([sys.executable, "-m", "stack.launch", str(launch_file)])
    return f"""
[program:{server.name}]
command={_literal(command)}
priority={100 + number}
autostart=false
autorestart=true
startsecs=1
startretries=20
stopsignal={server.launch.stop_signal}
stopwaitsecs={server.stop_wait_s}
killasgroup=true
redirect_stderr=true
stdout_logfile={_literal(place.logs / f"{server.name}.log")}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
"""


def _literal(value: object) -> str:
    """supervisor expands `%(name)s` in values; a percent sign of a path must survive that."""
    return str(value).replace("%", "%%")
