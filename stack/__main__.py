"""`python -m stack COMMAND`: the embedded stack from the command line. `--help` says which commands there are."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stack import accounts, keeping, supervision
from stack import environment as environments
from stack.environment import Environment, Place
from stack.errors import StackError, StoppedMeanwhile
from stack.supervisor import Supervisor
from stack.system import NAMES

BEGAN, RETRY_S = time.monotonic(), 30.0

console = Console(highlight=False)


def main() -> int:
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments))
    except StackError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1


def up(arguments: argparse.Namespace) -> int:
    environment = _tried(lambda: supervision.up(_names(arguments.only), _said), arguments.tries)
    web = environment.variables["APP_PUBLIC_URL"]
    mlflow = environment.variables.get("MLFLOW_TRACKING_URI", "")
    console.print(f"Tonearm: {web}\nRuns and models: {mlflow}")
    return 0


def _tried(action: Callable[[], Environment], times: int) -> Environment:
    """The first attempt that works. Raises the last one's StackError, and the first where the stack was stopped."""
    for left in reversed(range(times)):
        try:
            return action()
        except StackError as error:
            if not left or isinstance(error, StoppedMeanwhile):
                raise
            console.print(str(error), markup=False, soft_wrap=True)
            time.sleep(RETRY_S)
            if not any(_place().run.glob("*.json")):
                raise StoppedMeanwhile from error
    raise AssertionError(times)


def down(_: argparse.Namespace) -> int:
    ended = supervision.down()
    console.print("Stopped." if not ended else f"Stopped; {', '.join(ended)} had to be ended by hand.")
    return 0


def status(_: argparse.Namespace) -> int:
    """Exit status 0 when everything of ours that was started is ready."""
    lines = supervision.status()
    table = Table(box=None, pad_edge=False)
    for title in ("server", "state", "pid", "up", "address", ""):
        table.add_column(title)
    for line in lines:
        table.add_row(line.name, line.state, str(line.pid or ""), _duration(line.up_s), line.address, line.detail)
    console.print(table)
    return 0 if all(line.state in ("ready", "elsewhere") for line in lines) else 1


def logs(arguments: argparse.Namespace) -> int:
    """Shows the end of the logs and, with --follow, what comes."""
    place = _place()
    names = _names(arguments.only) or list(NAMES)
    files = [str(path) for path in (place.logs / f"{name}.log" for name in names) if path.exists()]
    if not files:
        raise StackError(f"There are no logs in {place.logs} yet.")
    follow = ["-F"] if arguments.follow else []
    os.execvp("tail", ["tail", "-n", str(arguments.lines), *follow, *files])


def wait(arguments: argparse.Namespace) -> int:
    """Waits until everything, or what is named, is ready."""
    deadline = time.monotonic() + arguments.seconds
    wanted = set(_names(arguments.only) or NAMES)
    while True:
        waiting = [
            line for line in supervision.status() if line.name in wanted and line.state not in ("ready", "elsewhere")
        ]
        if not waiting:
            return 0
        if time.monotonic() > deadline:
            names = ", ".join(f"{line.name} ({line.detail or line.state})" for line in waiting)
            raise StackError(f"Not ready: {names}")
        time.sleep(supervision.POLL_S)


def restart(arguments: argparse.Namespace) -> int:
    supervisor = Supervisor(_place())
    for name in arguments.names:
        if name not in NAMES:
            raise StackError(f"No server is called {name}; there are {', '.join(NAMES)}.")
        supervisor.restart(name)
    arguments.only = ",".join(arguments.names)
    return wait(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Becomes the given command, with the stack's addresses in its environment and this Python's tools first."""
    environment = environments.resolve(running=lambda _: True)
    if not environment.place.environment_file.exists():
        raise StackError("The stack was not started yet; start it with `make up`.")
    tools = str(Path(sys.executable).parent)
    variables = {**os.environ, **environments.TOLD_ALL, **environment.variables}
    variables["PATH"] = f"{tools}{os.pathsep}{variables.get('PATH', '')}"
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    os.execvpe(command[0], command, variables)


def backup(arguments: argparse.Namespace) -> int:
    keeping.backup(arguments.to, _said)
    console.print(f"Everything that cannot be made again is in {arguments.to}.", markup=False, soft_wrap=True)
    return 0


def restore(arguments: argparse.Namespace) -> int:
    keeping.restore(arguments.source, _said)
    console.print("Restored. Start it with `make up`.")
    return 0


def password(arguments: argparse.Namespace) -> int:
    """Prints a link with which somebody who forgot their password chooses a new one, once."""
    variables = environments.resolve(running=lambda _: True).variables
    if "FIREBASE_AUTH_EMULATOR_HOST" not in variables:
        raise StackError("The accounts are in your Firebase project: its sign-in page sends the message by itself.")
    address, project = f"http://{variables['FIREBASE_AUTH_EMULATOR_HOST']}", variables["FIREBASE_PROJECT_ID"]
    try:
        code = accounts.link_code(address, project, arguments.email)
    except OSError as error:
        raise StackError(f"{address} does not answer ({error}); start the stack with `make up`.") from error
    if code is None:
        raise StackError(f"Nobody is signed up as {arguments.email}.")
    console.print(f"{variables['APP_PUBLIC_URL']}/new-password?oobCode={code}", markup=False, soft_wrap=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    names = f"comma-separated, of {', '.join(NAMES)}"

    command = commands.add_parser("up", help="start everything, or some of it, and wait until it is ready")
    command.add_argument("--only", help=names)
    command.add_argument("--tries", type=int, default=1, help=f"how often, {RETRY_S:.0f} s apart, unless it is stopped")
    command.set_defaults(run=up)

    command = commands.add_parser("down", help="stop everything")
    command.set_defaults(run=down)

    command = commands.add_parser("status", help="what runs, where, and how it is")
    command.set_defaults(run=status)

    command = commands.add_parser("logs", help="the end of the logs")
    command.add_argument("--only", help=names)
    command.add_argument("--lines", type=int, default=20)
    command.add_argument("--follow", action="store_true")
    command.set_defaults(run=logs)

    command = commands.add_parser("wait", help="wait until everything, or some of it, is ready")
    command.add_argument("--only", help=names)
    command.add_argument("--seconds", type=float, default=60)
    command.set_defaults(run=wait)

    command = commands.add_parser("restart", help="restart servers and wait until they are ready")
    command.add_argument("names", nargs="+", metavar="NAME")
    command.add_argument("--seconds", type=float, default=60)
    command.set_defaults(run=restart)

    command = commands.add_parser("password", help="a link to a new password, for somebody who forgot theirs")
    command.add_argument("email", metavar="EMAIL")
    command.set_defaults(run=password)

    command = commands.add_parser("backup", help="copy everything that cannot be made again into a new folder")
    command.add_argument("to", metavar="TO", type=Path)
    command.set_defaults(run=backup)

    command = commands.add_parser("restore", help="put a backup where nothing is yet")
    command.add_argument("source", metavar="FROM", type=Path)
    command.set_defaults(run=restore)

    command = commands.add_parser("run", help="run a command with the stack's addresses in its environment")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(run=run)
    return parser


def _said(name: str, news: str) -> None:
    style = "dim" if news == "starting" else ""
    console.print(f"  {time.monotonic() - BEGAN:6.1f} s  {name:<10} {news}", style=style, markup=False)


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


def _place() -> Place:
    return environments.find_place(environments.given())


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if seconds else ""


if __name__ == "__main__":
    sys.exit(main())
