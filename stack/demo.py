"""`make demo`, after setting up: start, make a town, let it in, train, serve; then say where to look.

Each step that takes long is remembered in DATA_DIR and not done twice: the second time it only starts. What the steps
do is not known here; each is a command.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from stack import environment as environments
from stack import supervision
from stack.environment import ROOT, TOLD_ALL, Environment
from stack.errors import StackError

console = Console(highlight=False)
PYTHON = sys.executable


@dataclass(frozen=True)
class Step:
    """One long piece of work. It is done again when one of `inputs` changed."""

    name: str
    title: str
    commands: tuple[tuple[str, ...], ...]
    inputs: tuple[Path, ...] = field(default=())

    def state(self) -> str:
        """Commands and inputs as one sha256."""
        parts = [json.dumps(self.commands)]
        parts += [path.read_text() if path.exists() else "" for path in self.inputs]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


MAKE = Step("town", "A town of listeners, their music and their histories", ((PYTHON, "-m", "demo", "make"),))
ENTER = Step("entered", "Everybody signs up and imports their history", ((PYTHON, "-m", "demo", "enter"),))
TRAIN = Step(
    "trained",
    "The models: export, train, evaluate, register, pack, serve",
    (
        (PYTHON, "-m", "dvc", "repro"),
        (PYTHON, "-m", "training", "narrator"),
        (PYTHON, "-m", "training", "publish"),
    ),
    inputs=(ROOT / "dvc.yaml", ROOT / "params.yaml"),
)


def main() -> int:
    began = time.monotonic()
    try:
        environment = start()
        for step in (MAKE, ENTER, TRAIN):
            do(step, environment)
    except StackError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    run((PYTHON, "-m", "demo", "welcome"), environment)
    console.print(f"[dim]Runs and models: {environment.variables['MLFLOW_TRACKING_URI']}[/dim]")
    console.print(f"[dim]That took {(time.monotonic() - began) / 60:.1f} minutes.[/dim]")
    return 0


def start() -> Environment:
    heading("The stack")
    began = time.monotonic()

    def report(name: str, news: str) -> None:
        if news != "starting":
            console.print(f"  [dim]{time.monotonic() - began:5.1f} s[/dim]  {name} {news}")

    mark = environments.find_place(environments.given()).demo_mark
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return supervision.up(None, report)


def do(step: Step, environment: Environment) -> None:
    """Runs the step unless it was finished before. Raises StackError when a command of it fails."""
    heading(step.title)
    done_file = environment.place.data / "done" / step.name
    if done_file.exists() and done_file.read_text() == step.state():
        console.print("  done before")
        return
    began = time.monotonic()
    for command in step.commands:
        run(command, environment)
    done_file.parent.mkdir(exist_ok=True)
    done_file.write_text(step.state())
    console.print(f"  [dim]{time.monotonic() - began:.0f} s[/dim]")


def run(command: tuple[str, ...], environment: Environment) -> None:
    variables = {**os.environ, **TOLD_ALL, **environment.variables}
    variables["PATH"] = f"{Path(PYTHON).parent}{os.pathsep}{variables.get('PATH', '')}"
    result = subprocess.run(command, cwd=ROOT, env=variables, check=False)
    if result.returncode != 0:
        told = " ".join(["python", *command[1:]])
        raise StackError(f"`{told}` did not finish; what it said is above. `make demo` goes on from here.")


def heading(title: str) -> None:
    console.print(f"\n[bold]{title}[/bold]")


if __name__ == "__main__":
    sys.exit(main())
