"""Which source files a process was started from, so that a start after an update notices that it runs old code."""

import hashlib
from pathlib import Path

from stack.environment import ROOT


def digest(*folders: str) -> str:
    """sha256 over the Python files of `folders`, names and contents."""
    state = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        state.update(str(path.relative_to(ROOT)).encode())
        state.update(Path(path).read_bytes())
    return state.hexdigest()
