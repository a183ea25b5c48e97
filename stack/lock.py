"""`make lock`: what pip-compile cannot know about torch added to its lock, and the CUDA companions in their own.

torch exists as a CPU build (where an index or a folder of wheels offers one) and as the registry's own build, which
needs several gigabytes of CUDA packages. The lock allows either; `stack.install` installs the companions only beside
the registry's build. See docs/decisions/one-resolution-several-locks.md.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from stack.subsets import entries, name_of, write_subsets

ROOT = Path(__file__).resolve().parent.parent
LOCK, CUDA_LOCK, CPU_LOCK = (ROOT / f"requirements{part}.lock" for part in ("", "-cuda", "-cpu"))
TORCH = canonicalize_name("torch")
CPU_HEAD = """\
# torch without CUDA, tried first: a machine whose pip is offered this build (an index or folder of CPU wheels) needs no
# CUDA packages. Its own file, because beside the registry's build pip prefers the one whose hash the index announces.
"""
COMPANION = re.compile(r"(cuda|nvidia)-.+|triton")


def main() -> None:
    text = without_companions(LOCK.read_text())
    found = {canonicalize_name(one["metadata"]["name"]): one for one in registry_build(torch_pin(text))}
    whole = with_hash(text, TORCH, sha256(found[TORCH]))
    LOCK.write_text(whole)
    CPU_LOCK.write_text(cpu_lock(whole, sha256(found[TORCH])))
    companions = sorted(name for name in found if COMPANION.fullmatch(name))
    head = "# What the registry's own torch needs beside requirements.lock, on Linux. Written by `make lock`.\n"
    CUDA_LOCK.write_text(head + "".join(entry(name, found[name]) for name in companions))
    subsets = ", ".join(f"{count} packages for {folder}" for folder, count in write_subsets(whole).items())
    print(f"{TORCH}: the registry's build is allowed too; {len(companions)} CUDA companions locked; {subsets}")


def without_companions(lock: str) -> str:
    """The lock without CUDA packages, which pip-compile adds where it happened to look at the registry's build."""
    kept = [one for one in entries(lock) if not COMPANION.fullmatch(name_of(one))]
    return lock[: lock.index(entries(lock)[0])] + "".join(kept)


def torch_pin(lock: str) -> str:
    found = re.search(rf"^{TORCH}==([\w.]+)", lock, flags=re.MULTILINE)
    if found is None:
        raise SystemExit("requirements.lock names no torch; run pip-compile first")
    return f"{TORCH}=={found[1]}"


def registry_build(pin: str) -> list[dict[str, Any]]:
    """pip's own plan for installing `pin` from the registry alone, without downloading it."""
    environment = {key: value for key, value in os.environ.items() if key != "PIP_FIND_LINKS"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"),
                *("--report", str(report), pin),
            ],
            env={**environment, "PIP_CONFIG_FILE": os.devnull},
            check=True,
        )
        plan: list[dict[str, Any]] = json.loads(report.read_text())["install"]
    return plan


def sha256(planned: dict[str, Any]) -> str:
    return str(planned["download_info"]["archive_info"]["hashes"]["sha256"])


def with_hash(lock: str, name: str, digest: str) -> str:
    """The lock with one more allowed hash for `name`; unchanged when it is there already."""
    if digest in lock:
        return lock
    return re.sub(
        rf"^({name}==[\w.]+ \\\n)", rf"\g<1>    --hash=sha256:{digest} \\\n", lock, count=1, flags=re.MULTILINE
    )


def cpu_lock(lock: str, registry_digest: str) -> str:
    """torch's CPU build alone: the other hash of torch's entry."""
    torch = next(one for one in entries(lock) if name_of(one) == TORCH)
    others = [digest for digest in re.findall(r"sha256:(\w+)", torch) if digest != registry_digest]
    if not others:
        raise SystemExit(
            "requirements.lock was resolved where pip finds no CPU build of torch; resolve it where it does"
        )
    hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in others)
    return f"{CPU_HEAD}{torch_pin(lock)}+cpu{hashes}\n"


def entry(name: str, planned: dict[str, Any]) -> str:
    return f"{name}=={planned['metadata']['version']} \\\n    --hash=sha256:{sha256(planned)}\n"


if __name__ == "__main__":
    main()
