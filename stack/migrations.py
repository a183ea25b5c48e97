"""Brings the database to the newest schema, as a command: the stack imports nothing of the product."""

import subprocess
import sys

from stack import sources
from stack.environment import ROOT, Environment
from stack.errors import StackError


def up_to_date(environment: Environment) -> bool:
    """Whether this start has nothing to migrate. Of a database that runs elsewhere we cannot know."""
    stamp = environment.place.data / "postgres" / "migrated"
    return (
        "database" not in environment.external and stamp.exists() and stamp.read_text() == sources.digest("migrations")
    )


def migrate(environment: Environment) -> None:
    """`alembic upgrade head`. Raises StackError with its last line."""
    result = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=ROOT,
        env=environment.process_variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    log = environment.place.logs / "migrations.log"
    log.write_text(result.stdout + result.stderr)
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:]
        raise StackError(f"The migrations failed: {''.join(last)} (all of it in {log})")
    if "database" not in environment.external:
        # Beside the cluster and not in it: whoever removes the database removes this too.
        (environment.place.data / "postgres" / "migrated").write_text(sources.digest("migrations"))
