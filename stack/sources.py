"""Which files a process was started from, so that a start after an update notices that it runs old code."""

import hashlib

from stack.environment import ROOT

LOCKS = ("requirements.lock", "requirements-cpu.lock", "requirements-cuda.lock")
"""Whatever runs in our Python runs what these name."""


def digest(*names: str) -> str:
    """sha256 over files, and over the Python files of folders: names and contents."""
    state = hashlib.sha256()
    for name in names:
        for path in sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name]:
            state.update(str(path.relative_to(ROOT)).encode())
            state.update(path.read_bytes())
    return state.hexdigest()
