"""Where a bundle comes from, as tags: commit, data, parameters, packages."""

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.params import Params


def origin_tags(params: Params, snapshot: Mapping[str, Any], lock: Path) -> dict[str, str]:
    """Everything that is needed to make the same bundle again."""
    return {
        "git_commit": git_commit(),
        "data_snapshot": str(snapshot["id"]),
        **{f"rows_{table}": str(count) for table, count in snapshot["rows"].items()},
        "params_sha256": hashlib.sha256(params.model_dump_json().encode()).hexdigest(),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else "no lock file",
        "seed": str(params.seed),
    }


def git_commit() -> str:
    """The commit of the working tree, with "+changes" where files differ from it; "unknown" outside a repository."""
    try:
        commit = _git("rev-parse", "HEAD")
        return commit + ("+changes" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


def flattened(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested keys joined with dots.

    >>> flattened({"a": {"b": 1, "c": {"d": 2}}, "e": None})
    {'a.b': 1, 'a.c.d': 2, 'e': None}
    """
    flat: dict[str, Any] = {}
    for key, value in nested.items():
        name = f"{prefix}{key}"
        flat |= flattened(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return flat


def digest(content: object) -> str:
    """sha256 of a JSON value, independent of the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
