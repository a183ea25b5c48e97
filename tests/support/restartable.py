"""A PostgreSQL of a test's own that can be stopped, killed and started again on the same address with what it kept."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stack import postgres, servers
from stack.servers import Server
from stack.temporary import PASSWORD, free_port, running


@dataclass
class RestartablePostgres:
    """`stop` ends connections as an update of the server does, `kill` as a power cut of its process does."""

    folder: Path
    server: Server
    _runs: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return postgres.other_database(self.server.address, "tonearm")

    def start(self) -> None:
        """Returns when it answers."""
        self._runs.enter_context(running(self.server, self.folder))

    def stop(self) -> None:
        self._runs.close()

    def kill(self) -> None:
        os.kill(int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self._runs.close()


@contextmanager
def restartable_postgres(folder: Path) -> Iterator[RestartablePostgres]:
    database = RestartablePostgres(
        folder, servers.database(folder, free_port(), PASSWORD, folder, settings={"fsync": "off"})
    )
    database.start()
    try:
        postgres.ensure_database(database.url, "tonearm")
        yield database
    finally:
        database.stop()
