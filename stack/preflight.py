"""What must be true of the machine and of servers elsewhere before anything is worth trying."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from stack import environment as environments
from stack import probes
from stack.environment import Environment
from stack.errors import StackError

GIGABYTE = 1024**3
TO_BEGIN = 3 * GIGABYTE
"""The models, their training cache and a database of a small town, with room to breathe."""
TO_GO_ON = GIGABYTE // 5
"""PostgreSQL writes 16 MB ahead at a time, and the logs grow: with less, what starts stops again soon."""
POLL_S, EXTERNAL_PATIENCE_S = 0.1, 15

Report = Callable[[str, str], None]
"""Called with a server's name and what just became of it."""


def check_disk(folder: Path, report: Report, *, begun: bool) -> None:
    """Warns where little is free at `folder`. Raises StackError where it is too little: under 3 GB for a first start;
    for a stack that ran before (`begun`), under what it takes to run.
    """
    free = shutil.disk_usage(folder).free
    if free >= TO_BEGIN:
        return
    told = f"Only {free / GIGABYTE:.1f} GB are free at {folder}"
    if not begun:
        raise StackError(
            f"{told}; Tonearm needs 3 to begin with. Free some space, or set DATA_DIR to a folder on another disk."
        )
    if free < TO_GO_ON:
        raise StackError(f"{told}: the database could not write for long. Free some space, then start again.")
    report("disk", f"{told}; training needs up to 3")


def check_external(environment: Environment, report: Report) -> None:
    """A server that somebody else runs must answer before anything of ours stands on it."""
    variables = environment.variables
    checks = {
        "database": probes.database(variables["DATABASE_URL"]),
        "cache": probes.cache(variables["REDIS_URL"]),
        "mlflow": probes.http(f"{variables['MLFLOW_TRACKING_URI']}/health"),
    }
    for name in sorted(environment.external & checks.keys()):
        deadline = time.monotonic() + EXTERNAL_PATIENCE_S
        while (missing := checks[name]()) is not None:
            if time.monotonic() > deadline:
                variable = environments.REPLACED_BY[name][0]
                raise StackError(f"{variable} points to a server that does not answer: {missing}")
            time.sleep(POLL_S)
        report(name, "runs elsewhere")


def check_library(environment: Environment, report: Report) -> None:
    """A folder of music that somebody named and that is not there is a mistake worth a word."""
    library = environment.variables["AUDIO_LIBRARY_DIR"]
    if "AUDIO_LIBRARY_DIR" not in environment.decided and not Path(environment.place.root / library).is_dir():
        report("worker", f"finds no folder {library} (AUDIO_LIBRARY_DIR)")
