"""A model that has nothing to learn from leaves `absent.json` instead of its files, and later stages pass that on."""

import json
from pathlib import Path

ABSENT = "absent.json"


def leave_absence(folder: Path, reason: str) -> None:
    """Say in a stage's output why there is nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / ABSENT, {"absent": reason})


def absence(folder: Path) -> str | None:
    """Why there is nothing, where there is nothing."""
    path = folder / ABSENT
    return str(json.loads(path.read_text())["absent"]) if path.is_file() else None


def write_json(path: Path, content: object) -> None:
    """Readable, and the same bytes for the same content."""
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
