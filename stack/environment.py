"""Where the stack lives, which ports it uses, which servers are somebody else's, and what every process is told.

Order of authority: the environment, then `.env`, then what the last start wrote to `DATA_DIR/stack.env` (so that ports
stay where they were), then the defaults.
"""

import hashlib
import json
import os
import secrets
import shlex
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from dotenv import dotenv_values

from stack.ports import LOOPBACK, choose

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_FOLDER = 70
REPLACED_BY = {
    "database": ("DATABASE_URL",),
    "cache": ("REDIS_URL",),
    "auth": ("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_CREDENTIALS_FILE"),
    "inference": ("INFERENCE_URL",),
    "mlflow": ("MLFLOW_TRACKING_URI",),
    "spotify": ("SPOTIFY_ACCOUNTS_URL", "SPOTIFY_CLIENT_ID"),
}
"""Server → the variables any of which says that it runs elsewhere."""

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DVC_NO_ANALYTICS": "1",
    "GIT_PYTHON_REFRESH": "quiet",
    "NO_UPDATE_NOTIFIER": "1",
    "TQDM_DISABLE": "1",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""What we stand on says less: no usage reports, which nobody asked the listener for and a closed network waits for; no
progress bars and addresses of runs between our own lines."""
TOLD_ALL = {**QUIET, "PYTHONTZPATH": ""}
"""For every process. Clocks change by the locked tzdata: the machine's rules may be years older."""

PASSED_ON = {"PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "NO_PROXY", "no_proxy"}
PASSED_ON_PREFIXES = ("CUDA_", "NVIDIA_", "HTTP_", "HTTPS_", "http_", "https_", "SSL_")
SETTINGS = (
    "APP_", "DATABASE_", "REDIS_", "FIREBASE_", "INFERENCE_", "UPLOADS_", "AUDIO_", "SPOTIFY_", "DEEZER_", "TRAINING_",
    "MLFLOW_", "WEB_CONCURRENCY", "WEB_BEHIND_PROXY",
)  # fmt: skip
"""What the names of variables begin with that are handed on to every process of ours."""
PATHS = {
    "DATA_DIR",
    "UPLOADS_DIR",
    "AUDIO_LIBRARY_DIR",
    "FIREBASE_CREDENTIALS_FILE",
    "INFERENCE_KEY_FILE",
    "INFERENCE_MANIFEST",
}
"""Variables in which `~` is the home of whoever starts the stack: no shell reads `.env`."""
SECRETS = ("database", "trainer", "cache", "app")


@dataclass(frozen=True)
class Place:
    """The stack's folders. `data` is DATA_DIR; everything the stack writes is below it."""

    data: Path
    root: Path = ROOT

    @property
    def environment_file(self) -> Path:
        return self.data / "stack.env"

    @property
    def demo_mark(self) -> Path:
        """Made by `make demo`: this stack also gets the stand-in for Spotify."""
        return self.data / "demo"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def sockets(self) -> Path:
        """A folder whose path is short enough: a Unix address ends at 107 bytes, the name within included."""
        if len(str(self.run)) <= LONGEST_SOCKET_FOLDER:
            return self.run
        short = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tonearm-{os.getuid()}-{short}"


@dataclass(frozen=True)
class Environment:
    """What was decided for one start."""

    place: Place
    ports: Mapping[str, int]
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    external: frozenset[str] = field(default_factory=frozenset)
    """Names of servers that run elsewhere."""
    decided: frozenset[str] = field(default_factory=frozenset)
    """Variables that the person did not set: a later start may decide them anew."""

    def process_variables(self) -> dict[str, str]:
        """The whole environment for a process that we start: nothing of the shell's that it does not need."""
        names = [key for key in os.environ if key in PASSED_ON or key.startswith(PASSED_ON_PREFIXES)]
        return {**{name: os.environ[name] for name in names}, **TOLD_ALL, **self.variables}


def given(sourced: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Variables set by the person: the environment over `.env`; an empty value counts as not set.

    What is in the environment with the value of `sourced` is there because stack.env was read, and nobody's wish.
    """
    from_file = {key: value for key, value in dotenv_values(ROOT / ".env").items() if value}
    from_process = {key: value for key, value in os.environ.items() if value and sourced.get(key) != value}
    both = {**from_file, **from_process}
    at_home = {key for key, value in both.items() if key in PATHS and value.startswith("~")}
    return {key: str(Path(value).expanduser()) if key in at_home else value for key, value in both.items()}


def keep_private(folder: Path) -> None:
    """Makes a folder that others of this machine cannot read; the account that runs PostgreSQL for root may pass."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # somebody else's folder, lent to us
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def find_place(variables: Mapping[str, str]) -> Place:
    return Place(data=(ROOT / variables.get("DATA_DIR", ".tonearm")).resolve())


def recorded(place: Place) -> dict[str, str]:
    """What the last start wrote; empty before the first. Read as a shell would: that is how it is quoted."""
    if not place.environment_file.exists():
        return {}
    assignments = shlex.split(place.environment_file.read_text())
    return {name: value for name, _, value in (assignment.partition("=") for assignment in assignments)}


def resolve(running: Callable[[str], bool] = lambda _: False) -> Environment:
    """Decides ports and addresses. `running(server)` says whether our own server holds its recorded port now.

    Raises StackError when a port that was asked for by variable belongs to another program.
    """
    place = find_place(given())
    before = recorded(place)
    decided_before = before.get("STACK_DECIDED", "").split(",")
    sourced = {key: before[key] for key in decided_before if key in before}
    chosen = given(sourced=sourced)
    external = frozenset(server for server, names in REPLACED_BY.items() if any(name in chosen for name in names))
    place.data.mkdir(parents=True, exist_ok=True)
    ports = choose(chosen, before, external, running)
    kept = _secrets(place)
    ours = _addresses(place, ports, kept, chosen)
    settled = {**ours, **{key: value for key, value in chosen.items() if key in ours or _is_setting(key)}}
    decided = frozenset(settled.keys() - chosen.keys())
    return Environment(place, ports, kept, settled, external, decided)


def write(environment: Environment) -> None:
    """Writes `DATA_DIR/stack.env` for every other command (`set -a; . stack.env`), readable by its owner only."""
    lines = {**environment.variables, **TOLD_ALL, "STACK_DECIDED": ",".join(sorted(environment.decided))}
    text = "".join(f"{key}={shlex.quote(value)}\n" for key, value in sorted(lines.items()))
    _write_private(environment.place.environment_file, text)


def _is_setting(key: str) -> bool:
    return key.startswith(SETTINGS) and key not in TOLD_ALL


def _addresses(
    place: Place, ports: Mapping[str, int], kept: Mapping[str, str], chosen: Mapping[str, str]
) -> dict[str, str]:
    database = f"{LOOPBACK}:{ports['DATABASE_PORT']}"
    inference = ports["INFERENCE_PORT"]
    town = place.data / "town"
    variables = {
        **{name: str(port) for name, port in ports.items()},
        "DATA_DIR": str(place.data),
        "APP_ENVIRONMENT": "development",
        "APP_SECRET_KEY": kept["app"],
        "APP_PUBLIC_URL": f"http://{LOOPBACK}:{ports['WEB_PORT']}",
        "APP_LOG_LEVEL": "INFO",
        "APP_DEMO_FILE": str(town / "listeners.json"),
        "DATABASE_URL": f"postgresql+psycopg://tonearm:{kept['database']}@{database}/tonearm",
        "TRAINING_DATABASE_URL": f"postgresql://trainer:{kept['trainer']}@{database}/tonearm",
        "REDIS_URL": f"redis://:{kept['cache']}@{LOOPBACK}:{ports['REDIS_PORT']}/0",
        "FIREBASE_PROJECT_ID": "demo-tonearm",
        "FIREBASE_API_KEY": "demo-key",
        "INFERENCE_URL": f"http://{LOOPBACK}:{inference}",
        "INFERENCE_MANAGEMENT_URL": f"http://{LOOPBACK}:{inference + 1}",
        "INFERENCE_KEY_FILE": str(place.data / "torchserve" / "key_file.json"),
        "INFERENCE_MANIFEST": str(place.root / "model_store" / "manifest.json"),
        "UPLOADS_DIR": str(place.data / "uploads"),
        "AUDIO_LIBRARY_DIR": str(town / "audio"),
        "MLFLOW_TRACKING_URI": f"http://{LOOPBACK}:{ports['MLFLOW_PORT']}",
    }
    if "DATABASE_URL" in chosen:
        del variables["TRAINING_DATABASE_URL"]  # the trainer's password over there is not ours to know
    if "FIREBASE_CREDENTIALS_FILE" not in chosen:
        variables["FIREBASE_AUTH_EMULATOR_HOST"] = f"{LOOPBACK}:{ports['AUTH_PORT']}"
    if place.demo_mark.exists() and not any(name in chosen for name in REPLACED_BY["spotify"]):
        stand_in = f"http://{LOOPBACK}:{ports['SPOTIFY_PORT']}"
        variables |= {
            "SPOTIFY_CLIENT_ID": "tonearm-demo",
            "SPOTIFY_API_URL": stand_in,
            "SPOTIFY_ACCOUNTS_URL": stand_in,
            # so that somebody who tries it sees plays arrive, and look-ups go on beside them
            "SPOTIFY_LOOK_EVERY_MINUTES": "2",
            "SPOTIFY_DAILY_CALLS": "5000",
        }
    return variables


def _secrets(place: Place) -> dict[str, str]:
    """Passwords of the embedded servers, made once: other people of a shared machine reach loopback too."""
    path = place.data / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in SECRETS if name not in kept]
    if missing:
        kept |= {name: secrets.token_urlsafe(24) for name in missing}
        _write_private(path, json.dumps(kept))
    return kept


def _write_private(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.replace(path)
