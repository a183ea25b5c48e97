"""A backup of a running stack, restored into an empty folder, tells the same."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from stack.environment import ROOT, Place, recorded
from stack.postgres import ensure_database, other_database
from stack.probes import libpq


@pytest.fixture
def outside() -> Iterator[Path]:
    """Not pytest's own folder: PostgreSQL runs under another account when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="tonearm-kept-"))
    yield folder
    shutil.rmtree(folder)


def command(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATA_DIR": str(data), "INFERENCE_MANIFEST": str(data.parent / f"{data.name}-store/manifest.json")}
    return subprocess.run(
        [sys.executable, "-m", "stack", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


def done(data: Path, *arguments: str) -> str:
    ended = command(data, *arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_of_a_running_stack_is_all_of_it(outside: Path) -> None:
    first, second, kept = outside / "first", outside / "second", outside / "kept"
    try:
        done(first, "up", "--only", "database,auth")
        variables = recorded(Place(first))
        with psycopg.connect(libpq(variables["DATABASE_URL"]), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")
            connection.execute("CREATE TABLE kept AS SELECT n, ARRAY[n, 1]::vector AS v FROM generate_series(1, 999) n")
            connection.execute("GRANT SELECT ON kept TO trainer")
        mlflow = other_database(variables["DATABASE_URL"], "mlflow")
        ensure_database(mlflow, "mlflow")
        with psycopg.connect(libpq(mlflow), autocommit=True) as connection:
            connection.execute("CREATE TABLE runs AS SELECT 7 AS id")
        for name in ("mlflow/artifacts/1/model.bin", "uploads/audio/waiting", "../first-store/manifest.json"):
            (first / name).parent.mkdir(parents=True, exist_ok=True)
            (first / name).write_bytes(os.urandom(99))
        signed_up = httpx.post(
            f"http://{variables['FIREBASE_AUTH_EMULATOR_HOST']}/identitytoolkit.googleapis.com/v1/accounts:signUp",
            params={"key": "demo-key"},
            json={"email": "ada@example.com", "password": "a long password", "returnSecureToken": True},
        )
        assert signed_up.status_code == 200
        done(first, "backup", str(kept))
        assert kept.stat().st_mode & 0o077 == 0
        assert "not empty" in command(first, "backup", str(kept)).stdout
        assert "The stack runs" in command(first, "restore", str(kept)).stdout
        done(first, "down")
        assert "nothing is yet" in command(first, "restore", str(kept)).stdout

        done(second, "restore", str(kept))
        there = recorded(Place(second))
        with psycopg.connect(libpq(there["DATABASE_URL"])) as connection:
            assert connection.execute("SELECT count(*), sum(n), max(v::text) FROM kept").fetchone() == (
                999, 499_500, "[999,1]",
            )  # fmt: skip
            granted = connection.execute("SELECT has_table_privilege('trainer', 'kept', 'SELECT')").fetchone()
            assert granted == (True,)
        with psycopg.connect(libpq(other_database(there["DATABASE_URL"], "mlflow"))) as connection:
            assert connection.execute("SELECT id FROM runs").fetchone() == (7,)
        for name in ("mlflow", "uploads", "../{}-store"):
            assert contents(first / name.format("first")) == contents(second / name.format("second"))
        assert (second / "secrets.json").read_bytes() == (first / "secrets.json").read_bytes()
        assert b"ada@example.com" in (second / "auth" / "accounts" / "accounts.json").read_bytes()
    finally:
        command(first, "down")
        command(second, "down")


def test_what_is_no_backup_is_not_restored(outside: Path) -> None:
    assert "no backup" in command(outside / "data", "restore", str(outside)).stdout
    assert "does not answer" in command(outside / "data", "backup", str(outside / "kept")).stdout
    assert not (outside / "kept").exists()
