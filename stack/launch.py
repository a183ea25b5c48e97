"""`python -m stack.launch SPEC`: becomes a server. Supervisor starts every process of the stack through this.

Reads the launch file (see `Launch`), ends what a killed predecessor left behind, runs the preparations, gives up root
where the server refuses it, and then replaces itself by the server: what supervisor watches is the server itself.
"""

import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stack.processes import MARK, end, mark, marked


@dataclass(frozen=True)
class Launch:
    """How to become one server."""

    name: str
    data: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    stop_signal: str = "TERM"
    before: Sequence[Sequence[str]] = field(default_factory=list)
    """Commands to run first, each time, under the same user."""
    user: str | None = None
    """Account to become when started as root."""
    code: str = ""
    """Digest of our own code that it runs; a start restarts a process whose launch file changed."""

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1)

    def write(self, path: Path) -> None:
        """Private: the environment holds the passwords."""
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(self.text())
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Launch":
        return cls(**json.loads(path.read_text()))

    def marked_environment(self) -> dict[str, str]:
        return {**self.environment, MARK: mark(Path(self.data), self.name)}


def become_user(name: str | None) -> None:
    """Drops root for good; does nothing for a process that is not root."""
    if name is None or os.geteuid() != 0:
        return
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main(path: str) -> None:
    launch = Launch.read(Path(path))
    data = Path(launch.data)
    end(marked(data, launch.name), signal.Signals[f"SIG{launch.stop_signal}"])
    environment = launch.marked_environment()
    os.chdir(launch.folder)
    become_user(launch.user)
    for command in launch.before:
        subprocess.run(command, check=True, env=environment)
    os.execve(launch.command[0], list(launch.command), environment)


if __name__ == "__main__":
    main(sys.argv[1])
