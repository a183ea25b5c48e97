"""Everything that cannot be made again, copied into one folder and back: `make backup` and `make restore`.

A backup is taken while the stack runs. Each part is whole in itself, and the order is one in which none names what
another lacks: files of uploads before and after the database that names them, artifacts after the runs that do.
"""

import os
import shutil
import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from stack import accounts, postgres, supervision
from stack import environment as environments
from stack.environment import ROOT, Environment, Place
from stack.errors import StackError
from stack.preflight import Report
from stack.probes import libpq, one_line
from stack.supervisor import Supervisor

MADE_ANEW = {"postgres", "valkey", "torchserve", "run", "logs", "narrator", "stack.env", "up.lock", "uploads"}
"""In DATA_DIR, and not copied from there: what a start makes, and what is kept in another way."""
DATABASES = ("tonearm", "mlflow")


def backup(target: Path, report: Report) -> None:
    """Copies everything into `target`, a new folder. Raises StackError, and leaves no half of a backup behind."""
    environment = environments.resolve(running=lambda _: True)
    if target.exists() and any(target.iterdir()):
        raise StackError(f"{target} is not empty; name a folder that is not there yet.")
    if target.resolve().is_relative_to(environment.place.data):
        raise StackError(f"{target} is inside of what is copied; name a folder somewhere else.")
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    try:
        _copy_out(environment, partial, report)
        if target.exists():
            target.rmdir()
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copy_out(environment: Environment, target: Path, report: Report) -> None:
    folders = _folders(environment.place)
    _copy(folders["uploads"], target / "uploads")
    for name in DATABASES:
        url = _database(environment, name)
        if url is not None:
            _run("pg_dump", url, "--format=custom", f"--file={target / f'{name}.dump'}")
            report("database", f"{name} is copied")
    _keep_accounts(environment)
    for name, folder in folders.items():
        _copy(folder, target / name)
    for path in environment.place.data.iterdir():
        if path.name not in MADE_ANEW:
            _copy(path, target / "data" / path.name)
    _copy(ROOT / ".env", target / "env")
    report("files", "are copied")


def restore(source: Path, report: Report) -> None:
    """Puts a backup where nothing is yet; the database is left running. Raises StackError."""
    if not (source / "tonearm.dump").is_file():
        raise StackError(f"{source} is no backup: it holds no tonearm.dump.")
    if (source / "env").exists() and not (ROOT / ".env").exists():  # it says where everything is
        shutil.copy2(source / "env", ROOT / ".env")
    place = environments.find_place(environments.given())
    if Supervisor(place).answers():
        raise StackError("The stack runs. A backup is restored where nothing is yet.")
    folders = _folders(place)
    _refuse_to_replace(place.data, MADE_ANEW - {"postgres", "uploads"})
    for folder in folders.values():
        _refuse_to_replace(folder, set())
    environments.keep_private(place.data)
    _copy(source / "data", place.data)
    for name, folder in folders.items():
        _copy(source / name, folder)
    report("files", "are back")
    environment = supervision.up(["database"], report)
    for name in DATABASES:
        _restore_database(environment, name, source / f"{name}.dump", report)


def _restore_database(environment: Environment, name: str, dump: Path, report: Report) -> None:
    if not dump.exists():
        return
    url = _address(environment, name)
    try:
        if name == "mlflow":
            postgres.ensure_database(url, name)
        postgres.ensure_role(url, "trainer")  # the dump says what it may read
        if postgres.holds_tables(url):
            raise StackError(f"The database {name} holds tables already; a backup is restored into an empty one.")
    except psycopg.Error as error:
        raise StackError(f"The database {name} cannot be restored: {one_line(error)}") from error
    _run("pg_restore", url, "--no-owner", "--exit-on-error", str(dump))
    report("database", f"{name} is back")


def _address(environment: Environment, name: str) -> str:
    url = environment.variables["DATABASE_URL"]
    return url if name == "tonearm" else postgres.other_database(url, name)


def _database(environment: Environment, name: str) -> str | None:
    """The address of one of our databases; None where MLflow's is not ours or not there yet. Raises StackError."""
    url = _address(environment, name)
    if postgres.answers(url):
        return None if name in environment.external else url
    if name == "tonearm":
        raise StackError("The database does not answer; start the stack with `make up`.")
    return None


def _keep_accounts(environment: Environment) -> None:
    """The watch does it every two seconds; whoever signed up just now is in the database already."""
    process = Supervisor(environment.place).processes().get("auth")
    if process is not None and process.state == "RUNNING" and "auth" not in environment.external:
        with suppress(OSError):
            accounts.keeper_of(environment).keep(process.pid)


def _folders(place: Place) -> dict[str, Path]:
    """What may lie outside of DATA_DIR."""
    given = environments.given()
    manifest = Path(given.get("INFERENCE_MANIFEST", "model_store/manifest.json"))
    return {
        "uploads": ROOT / given.get("UPLOADS_DIR", place.data / "uploads"),
        "model_store": (ROOT / manifest).parent,
    }


def _refuse_to_replace(folder: Path, made_anew: Collection[str]) -> None:
    there = [path.name for path in folder.glob("*") if path.name not in made_anew]
    if there:
        raise StackError(
            f"A backup is restored where nothing is yet, and in {folder} there is {', '.join(sorted(there)[:3])}. Move"
            " that away first, or set DATA_DIR to another folder."
        )


def _copy(source: Path, target: Path) -> None:
    """A file or a whole folder, into what is there already; what vanishes meanwhile was not to be kept."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            _copy(path, target / path.name)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(source, target)
        except FileNotFoundError:
            return


def _run(program: str, url: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs. Everyone may read a process's arguments: the password is told beside them."""
    told: dict[str, Any] = conninfo_to_dict(libpq(url))
    password = str(told.pop("password", ""))
    result = subprocess.run(
        [str(postgres.PROGRAMS / program), f"--dbname={make_conninfo(**told)}", *arguments],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:]
        raise StackError(f"{program} failed: {''.join(last)}")
