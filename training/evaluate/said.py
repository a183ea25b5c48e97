"""What each predictor said beside what happened, and what that comes to."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from training.evaluate.metrics import (
    auc,
    calibration_by_chance,
    calibration_error,
    calibration_interval,
    log_loss,
    weighted_bootstrap,
)
from training.evaluate.next_artist import TOP
from training.jobs import EvaluationJob

Numbers = np.ndarray


@dataclass
class Said:
    """What each predictor said, beside what happened, per listener."""

    said: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """predictor → listener → numbers."""
    happened: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    block: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The day, week or session of each moment: what is not independent of the others in it."""

    def add(self, who: str, said: dict[str, float], happened: float, block: int) -> None:
        self.happened[who].append(happened)
        self.block[who].append(block)
        for name, value in said.items():
            self.said[name][who].append(value)

    def pooled(self, name: str) -> tuple[Numbers, Numbers]:
        """(said, happened) of all listeners in one row."""
        whos = sorted(self.happened)
        said = [value for who in whos for value in self.said[name][who]]
        return np.array(said), np.array([value for who in whos for value in self.happened[who]])

    def beside(self, *beginnings: str) -> "Said":
        """The model and only the baselines whose names begin so."""
        kept = {name: told for name, told in self.said.items() if name == "model" or name.startswith(beginnings)}
        return Said(defaultdict(lambda: defaultdict(list), kept), self.happened, self.block)

    def units(self) -> Numbers:
        """(moments,) Which unit of resampling each pooled moment belongs to: its listener, or, where there is only
        one, its block."""
        whos = sorted(self.happened)
        if len(whos) > 1:
            return np.repeat(np.arange(len(whos)), [len(self.happened[who]) for who in whos])
        blocks = [block for who in whos for block in self.block[who]]
        return np.unique(np.array(blocks, dtype=np.int64), return_inverse=True)[1]


def chances_of(found: Said, *, independent: bool = True) -> dict[str, Any]:
    """Per predictor of a probability: AUC, log loss and its negative, calibration error.

    `independent`: no thing that happened is asked about twice, so that it can be said what calibration error chance
    alone would give.
    """
    summary: dict[str, Any] = {}
    for name in found.said:
        said, happened = found.pooled(name)
        loss = log_loss(said, happened)
        summary[name] = {
            "auc": rounded(auc(said, happened)), "log_loss": rounded(loss), "negative_log_loss": rounded(-loss),
            "calibration_error": rounded(calibration_error(said, happened)),
        }  # fmt: skip
        if name == "model":
            low, high = calibration_interval(said, happened, found.units())
            summary[name] |= {"calibration_low": rounded(low), "calibration_high": rounded(high)}
        if independent:
            usual, most = calibration_by_chance(said)
            summary[name] |= {"error_by_chance": rounded(usual), "error_by_chance_95": rounded(most)}
    summary["moments"] = sum(map(len, found.happened.values()))
    summary["listeners"] = len(found.happened)
    return summary


def ranks_of(found: Said) -> dict[str, Any]:
    """Per ranking: how often the first, one of ten, and the mean of one over the place."""
    summary: dict[str, Any] = {}
    for name in found.said:
        places, _ = found.pooled(name)
        inverse = np.where(places > TOP, 0.0, 1 / places)
        summary[name] = {
            "top_1": rounded(float((places == 1).mean())), "top_10": rounded(float((places <= TOP).mean())),
            "mrr_at_10": rounded(float(inverse.mean())),
        }  # fmt: skip
    summary["moments"] = sum(map(len, found.happened.values()))
    return summary


def gaps_of(found: Said) -> dict[str, Any]:
    """Per predictor of hours: mean and median absolute error of the pauses that ended."""
    summary: dict[str, Any] = {}
    for name in found.said:
        said, happened = found.pooled(name)
        error = np.abs(said - happened)
        summary[name] = {
            "mae_hours": rounded(float(error.mean())),
            "median_error_hours": rounded(float(np.median(error))),
        }
    summary["moments"] = sum(map(len, found.happened.values()))
    return summary


def less_log_loss(found: Said, job: EvaluationJob) -> dict[str, Any]:
    """How much lower the model's log loss is than the best baseline's."""

    def losses(said: Numbers, happened: Numbers) -> Numbers:
        chance = np.clip(said, 1e-6, 1 - 1e-6)
        return np.asarray(-np.where(happened > 0, np.log(chance), np.log(1 - chance)))

    return _against_best(found, job, "log_loss_saved", losses, sign=1.0)


def fewer_hours(found: Said, job: EvaluationJob) -> dict[str, Any]:
    """How much lower the model's mean absolute error is than the best baseline's."""
    return _against_best(found, job, "hours_saved", lambda said, happened: np.abs(said - happened), sign=1.0)


def more_often(found: Said, job: EvaluationJob, top: int) -> dict[str, Any]:
    """How much more often the model has it among the first `top` than the best baseline."""
    return _against_best(found, job, f"top_{top}_gained", lambda said, _: (said <= top).astype(np.float64), sign=-1.0)


def _against_best(
    found: Said, job: EvaluationJob, name: str, each: Callable[[Numbers, Numbers], Numbers], *, sign: float
) -> dict[str, Any]:
    """`each` tells one number per moment, of which less is better (`sign` 1) or more (−1); 95 %, over `Said.units`."""
    of = {rival: each(*found.pooled(rival)) for rival in found.said}
    rivals = sorted(set(of) - {"model"})
    if not rivals:
        return {}
    best = min(rivals, key=lambda rival: sign * float(of[rival].mean()))
    mean, low, high = weighted_bootstrap(
        sign * (of[best] - of["model"]), found.units(), job.params.evaluate.bootstrap_samples, job.params.seed
    )
    return {"baseline": best, name: rounded(mean), "low": rounded(low), "high": rounded(high)}


def rounded(value: float) -> float | None:
    """JSON has no nan: a measure that does not exist is null."""
    return round(value, 5) if np.isfinite(value) else None
