"""What must be true of the machine before anything is worth trying."""

import shutil
from pathlib import Path

from stack.errors import StackError

GIGABYTE = 1024**3
LEAST_FREE = 3 * GIGABYTE
"""The models, their training cache and a database of a small town, with room to breathe."""


def enough_disk(folder: Path) -> None:
    """Raises StackError when less than 3 GB are free where `folder` is."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise StackError(
            f"Only {free / GIGABYTE:.1f} GB are free at {folder}; Tonearm needs 3. Free some space, or set DATA_DIR"
            " to a folder on another disk."
        )
