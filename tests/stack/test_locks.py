"""The locks of the images hold what the code in them imports, and only entries of the common lock."""

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from stack.lock import COMPANION
from stack.subsets import ROOT, entries, name_of

OURS = {"platform_api", "modeling", "training", "serving", "stack", "demo", "migrations"}
IMAGES = {"platform_api": ("platform_api", "migrations"), "serving": ("serving", "modeling")}


def imported(folder: str) -> set[str]:
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - OURS


def locked(path: Path) -> dict[str, str]:
    return {name_of(entry): entry for entry in entries(path.read_text())}


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_what_its_code_imports(image: str) -> None:
    distributions = packages_distributions()
    there = locked(ROOT / image / "requirements.lock").keys()
    needed = {module for folder in IMAGES[image] for module in imported(folder)}
    missing = {
        module for module in needed if not {canonicalize_name(one) for one in distributions.get(module, [])} & there
    }
    assert missing == set()


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_only_entries_of_the_common_lock(image: str) -> None:
    common = locked(ROOT / "requirements.lock")
    for name, entry in locked(ROOT / image / "requirements.lock").items():
        assert entry.strip() == common[name].strip()


def test_the_common_lock_is_for_any_torch() -> None:
    common = locked(ROOT / "requirements.lock")
    assert not [name for name in common if COMPANION.fullmatch(name)]
    assert common["torch"].count("--hash=") >= 2, "the CPU build and the registry's own"


def test_every_entry_has_a_hash() -> None:
    for path in (*ROOT.glob("requirements*.lock"), *(ROOT / image / "requirements.lock" for image in IMAGES)):
        assert all("--hash=sha256:" in entry for entry in entries(path.read_text())), path
