"""Asks RecTools and implicit the same moments, in an environment of their own, and brings back what they said."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.recommenders.sets import Set
from training.data.sequences import played_before

SCRIPT = Path(__file__).with_name("rivals.py")


def interactions(chosen: Set, out: Path) -> None:
    """Every play up to the last asked moment of its listener, and which of them may be trained on."""
    user, item, place, learned = [], [], [], []
    upto = {asked.listener: asked.upto for asked in chosen.asked}
    for number, listener in enumerate(chosen.everyone):
        count = upto.get(number, len(listener.plays))
        user.append(np.full(count, number))
        item.append(listener.plays.track[:count])
        place.append(np.arange(count))
        learned.append(np.arange(count) < played_before(listener, chosen.when.train_end))
    arrays = {"user": user, "item": item, "place": place, "learned": learned}
    flat = {name: np.concatenate(parts) for name, parts in arrays.items()}
    flat["asked"] = np.array([asked.listener for asked in chosen.asked])
    np.savez(out, allow_pickle=False, **flat)


def rivals(python: Path, chosen: Set, model: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Per pass of training: `cpu_s`, `wall_s` and `answers`, ten track keys per asked moment."""
    keys = chosen.everyone[0].plays.track_keys
    with TemporaryDirectory() as folder:
        given, out = Path(folder) / "given.npz", Path(folder) / "out.json"
        interactions(chosen, given)
        words = [word for name, value in options.items() for word in _option(name, value)]
        subprocess.run([str(python), str(SCRIPT), str(given), str(out), model, *words], check=True, cwd=folder)
        curve: list[dict[str, Any]] = json.loads(out.read_text())
    for each in curve:
        each["answers"] = [[keys[item] for item in answer] for answer in each["answers"]]
    return curve


def _option(name: str, value: Any) -> list[str]:
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return [flag] if value else []
    return [flag, str(value)]
