"""How much memory each part holds, and whether it grows."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil


@dataclass(frozen=True)
class Sample:
    at_s: float
    pid: int
    mebibytes: float


@dataclass(frozen=True)
class Growth:
    """Percent an hour of what the process holds, and twice its standard error."""

    mebibytes: float
    percent_per_hour: float
    uncertainty: float
    samples: int


def held_by(pid: int) -> float:
    """MiB of their own that a process and its children hold (anonymous, proportional); 0 where it is gone.

    Mapped files and PostgreSQL's shared buffers are left out: they fill up to what they were given, and no further.
    """
    total = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            told = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss_Anon:"))
    except (psutil.NoSuchProcess, OSError, StopIteration):
        return 0.0
    return total / 1024


def growth(samples: list[Sample], settling_s: float) -> Growth | None:
    """One slope over all lives of a process, each with a level of its own; the first `settling_s` of a life do not
    count, while it fills its caches. Neighbouring samples are alike, so the standard error is widened by how alike.

    None where too little is left to say anything.
    """
    lives: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.mebibytes:
            lives[sample.pid].append(sample)
    xs, ys, residual_pairs = [], [], []
    for life in lives.values():
        settled = [one for one in life if one.at_s - life[0].at_s >= settling_s]
        if len(settled) >= 5:
            at, held = np.array([one.at_s for one in settled]) / 3600, np.array([one.mebibytes for one in settled])
            xs.append(at - at.mean())
            ys.append(held)
    if not xs or sum(map(len, xs)) < 12:
        return None
    x, level = np.concatenate(xs), float(np.concatenate(ys).mean())
    centred = [held - held.mean() for held in ys]
    y = np.concatenate(centred)
    slope = float(x @ y / (x @ x))
    residuals = [held - slope * at for at, held in zip(xs, centred, strict=True)]
    residual_pairs = [(one[:-1] @ one[1:], one @ one) for one in residuals]
    power = sum(whole for _, whole in residual_pairs)
    alike = min(0.99, max(0.0, sum(pair for pair, _ in residual_pairs) / power)) if power else 0.0
    freedom = max(1, len(x) - len(xs) - 1)
    error = float(np.sqrt(power / freedom / (x @ x) * (1 + alike) / (1 - alike)))
    return Growth(level, 100 * slope / level, 200 * error / level, len(x))
