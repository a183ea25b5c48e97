"""Every server of the stack: what it needs first, the command that is it, and how to see that it is ready.

Each function describes one server and starts nothing; `stack.supervision` starts them for a person,
`stack.temporary` for a test.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from stack import accounts, packages, postgres, probes
from stack.environment import LOOPBACK
from stack.launch import Launch
from stack.probes import Probe

EMULATOR = Path(__file__).parent / "auth_emulator"


@dataclass(frozen=True)
class Server:
    """One process of the stack."""

    name: str
    launch: Launch
    ready: Probe
    needs: tuple[str, ...] = ()
    """Servers that must be ready before this one starts."""
    prepare: Callable[[], None] | None = None
    """Runs before the first start, in the process of `up`."""
    migrated: bool = False
    """Starts only after the migrations ran."""
    stop_wait_s: int = 20
    patience_s: int = 120
    address: str = field(default="")


def database(
    folder: Path, port: int, password: str, data: Path, settings: Mapping[str, str] = MappingProxyType({})
) -> Server:
    cluster = folder / "cluster"
    launch = Launch(
        name="database",
        data=str(data),
        command=postgres.command(cluster, port, settings),
        environment={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        folder="/",
        stop_signal="INT",
        user=postgres.account(cluster),
    )
    url = f"postgresql+psycopg://{postgres.SUPERUSER}:{password}@{LOOPBACK}:{port}/postgres"
    return Server(
        "database",
        launch,
        probes.database(url),
        prepare=lambda: postgres.create_cluster(cluster, password),
        stop_wait_s=30,
        address=url,
    )


def cache(folder: Path, port: int, password: str, data: Path) -> Server:
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"

    def write_configuration() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"bind {LOOPBACK}", f"port {port}", f"dir {folder}", f"requirepass {password}"]
        lines += ['save ""', "appendonly no", "maxmemory 256mb", "maxmemory-policy allkeys-lru", "daemonize no"]
        path = folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n")

    launch = Launch(
        name="cache",
        data=str(data),
        command=[str(packages.valkey()), str(folder / "valkey.conf")],
        environment={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        folder=str(data),
    )
    return Server("cache", launch, probes.cache(url), prepare=write_configuration, address=url)


def auth(folder: Path, port: int, project: str, data: Path) -> Server:
    """The Firebase Auth emulator. Accounts are read from `folder/accounts` at each start (see stack.accounts)."""

    def write_configuration() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        emulators = {
            "auth": {"host": LOOPBACK, "port": port},
            "ui": {"enabled": False},
            "singleProjectMode": False,
        }
        (folder / "firebase.json").write_text(json.dumps({"emulators": emulators}))
        accounts.prepare(folder / "accounts")

    launch = Launch(
        name="auth",
        data=str(data),
        command=[
            *(str(packages.node()), str(EMULATOR / "node_modules/firebase-tools/lib/bin/firebase.js")),
            *("emulators:start", "--only", "auth", "--project", project, "--non-interactive"),
            *("--config", str(folder / "firebase.json"), "--import", str(folder / "accounts")),
        ],
        environment={
            "PATH": f"{packages.node().parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "DO_NOT_TRACK": "1",
            "NO_UPDATE_NOTIFIER": "1",
            "CI": "1",
            "NODE_OPTIONS": "--max-old-space-size=256",
        },
        folder=str(folder),
        stop_signal="INT",
    )
    address = f"http://{LOOPBACK}:{port}"
    ready = probes.auth(address, project, folder / "accounts")
    return Server("auth", launch, ready, prepare=write_configuration, address=address)
