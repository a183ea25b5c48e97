"""Watches what supervisor cannot see: servers that run and do not work, accounts kept in memory, supervisor itself.

- TorchServe tries for 300 s to start a worker that cannot come back, says all the while that it is well, and then gives
  it up for good: it is restarted long before. What a restart does not mend is restarted ever more seldom.
- A server that supervisor has given up on is started again, more slowly.
- The auth emulator's accounts are saved whenever they change.
- Without supervisor (killed) nothing would be restarted any more: the stack is brought up again, which adopts nothing
  and restarts everything.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stack import environment as environments
from stack.accounts import Keeper, keeper_of
from stack.environment import ROOT, Environment
from stack.errors import StackError
from stack.processes import MARK
from stack.servers import Server
from stack.supervisor import Process, Supervisor
from stack.system import describe

EVERY_S = 2.0
UNWELL_S = 30.0
"""How long a server may be running and not ready before it is restarted."""
START_GRACE_S = 180.0
"""TorchServe loads every model before it is ready; on a busy machine that takes its time."""
LONGEST_PATIENCE_S = 3600.0
RETRY_S = 60.0
TRIES = 120
WATCHED = ("inference", "mlflow", "auth", "web")
"""Stateless towards the outside, or quick to come back; the database and the API look after themselves."""

log = logging.getLogger("stack.watch")


@dataclass
class Health:
    """What the watch remembers of one server."""

    process: int = 0
    was_ready: bool = False
    unwell_since: float | None = None
    retried_at: float = field(default=0.0)
    restarts: int = 0
    """In a row, none of which made it well."""


class Watch:
    """`look()` once is one round; it is called every two seconds."""

    def __init__(self, system: Mapping[str, Server], supervisor: Supervisor, keeper: Keeper | None = None) -> None:
        self._system = system
        self._supervisor = supervisor
        self._keeper = keeper
        self._health: dict[str, Health] = {}

    def look(self) -> None:
        """Raises StackError when supervisor does not answer."""
        processes = self._supervisor.processes()
        if not processes:
            raise StackError("supervisor does not answer")
        for name, server in self._system.items():
            process = processes.get(name)
            if process is not None:
                self._tend(server, process)
        auth = processes.get("auth")
        if self._keeper is not None and auth is not None and auth.state == "RUNNING" and "auth" in self._system:
            self._keep_accounts(self._keeper, auth.pid)

    def _tend(self, server: Server, process: Process) -> None:
        now = time.monotonic()
        health = self._health.setdefault(server.name, Health())
        if process.state == "FATAL" and now - health.retried_at > RETRY_S:
            health.retried_at = now
            log.error("ALARM %s kept dying; starting it again", server.name)
            self._supervisor.start(server.name)
        if server.name not in WATCHED or process.state != "RUNNING":
            return
        if process.pid != health.process:
            self._health[server.name] = health = Health(process.pid, False, None, health.retried_at, health.restarts)
        missing = (server.well or server.ready)()
        if missing is None:
            health.was_ready, health.unwell_since, health.restarts = True, None, 0
            return
        health.unwell_since = health.unwell_since or now
        patience = UNWELL_S if health.was_ready else min(START_GRACE_S * 2**health.restarts, LONGEST_PATIENCE_S)
        if now - health.unwell_since > patience:
            log.error("ALARM %s runs and is not ready for %.0f s (%s); restarting it", server.name, patience, missing)
            health.restarts += 1
            self._supervisor.restart(server.name)

    def _keep_accounts(self, keeper: Keeper, process: int) -> None:
        try:
            if keeper.keep(process):
                log.info("saved the accounts")
        except OSError as error:
            log.warning("the accounts could not be read: %s", error)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    environment = environments.resolve(running=lambda _: True)
    supervisor, parent = Supervisor(environment.place), os.getppid()
    watch = Watch(describe(environment), supervisor, keeper_of(environment))
    log.info("watching %s", ", ".join(WATCHED))
    while os.getppid() == parent:
        try:
            watch.look()
        except StackError as error:
            log.warning("%s", error)
        time.sleep(EVERY_S)
    log.error("ALARM supervisor is gone; bringing the stack up again")
    bring_up(environment)


def bring_up(environment: Environment) -> None:
    """Starts `up` on its own feet: this process ends, and a mark would make the new stack end it as a straggler. What
    hinders it (a full disk, say) may pass, so it tries for an hour.
    """
    variables = {key: value for key, value in os.environ.items() if key != MARK}
    names = [path.stem for path in sorted(Path(environment.place.run).glob("*.json"))]
    with (environment.place.logs / "up.log").open("ab") as output:
        subprocess.Popen(
            [sys.executable, "-m", "stack", "up", "--only", ",".join(names), "--tries", str(TRIES)],
            cwd=ROOT,
            env=variables,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


if __name__ == "__main__":
    main()
