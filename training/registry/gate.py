"""May a challenger become champion? Both answer the same held-out span by the code they were packed with."""

import importlib
import importlib.util
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from training.archived import archived_predictor
from training.data.export_folder import ExportFolder
from training.data.sequences import Spans
from training.evaluate.metrics import paired_bootstrap
from training.evaluate.requests import RefusedRequest
from training.jobs import EvaluationJob
from training.packing import ArchiveError
from training.params import Params

NOT_ASKED = (ArchiveError, RefusedRequest, LookupError, TypeError, ValueError, OSError, subprocess.SubprocessError)
"""What two generations of code, an export that is away or a process that dies may end in."""


@dataclass(frozen=True)
class Compared:
    """One number: the challenger's less the champion's, with a 95 % interval over listeners (or tracks)."""

    name: str
    difference: float
    low: float
    high: float
    units: int
    margin: float
    is_primary: bool = True

    @property
    def passed(self) -> bool:
        """No worse: even the lower end of the interval is not more than the margin below the champion. A guarded
        number that nobody has (no pauses were seen, say) is not held against it; the primary one has to exist."""
        return self.low >= -self.margin if self.units else not self.is_primary

    def __str__(self) -> str:
        interval = f"{self.difference:+.4f}, 95 % interval {self.low:+.4f} to {self.high:+.4f}"
        failing = "" if self.passed else "FAILS "
        return f"{failing}{self.name} {interval} over {self.units} units, margin {self.margin:g}"


@dataclass(frozen=True)
class Verdict:
    """What the comparison came to, or why there is none."""

    compared: tuple[Compared, ...] = ()
    objection: str = ""
    """Why the two cannot be compared; "" where they were."""

    @property
    def passed(self) -> bool:
        return not self.objection and bool(self.compared) and all(each.passed for each in self.compared)

    def tags(self, *, forced: bool) -> Mapping[str, str]:
        """For the version in the registry."""
        return {
            "gate": "passed" if self.passed else "not passed",
            "gate_forced": str(forced and not self.passed).lower(),
            "gate_difference": self.objection or "; ".join(map(str, self.compared)),
        }

    def __str__(self) -> str:
        if self.objection:
            return f"cannot be compared: {self.objection}"
        verdict = "no worse than the champion" if self.passed else "may be worse than the champion"
        return f"{verdict}: {'; '.join(map(str, self.compared))}"


def compare(
    model: str, champion: Path, challenger: Path, params: Params, data: ExportFolder, embeddings: Path
) -> Verdict:
    """Measure two archives on the test span of one export. A comparison that cannot be made is a verdict too."""
    if importlib.util.find_spec(f"training.evaluate.{model}") is None:
        return Verdict(objection=f"nothing here measures {model} on a held-out span")
    evaluate = importlib.import_module(f"training.evaluate.{model}").evaluate
    results = []
    for name, archive in (("champion", champion), ("challenger", challenger)):
        try:
            with archived_predictor(archive) as predictor:
                results.append(evaluate(EvaluationJob(params, data, predictor, embeddings)))
        except NOT_ASKED as error:
            return Verdict(objection=f"the {name} could not be measured ({type(error).__name__}: {error})")
    before, after = (
        {result.primary: dict(result.per_unit), **{name: dict(each) for name, each in result.guarded.items()}}
        for result in results
    )
    return Verdict(
        tuple(_compared(name, before, after, params, results[1].primary) for name in after if name in before)
    )


def leak(versions: Mapping[str, Mapping[str, str]], when: Spans) -> Verdict | None:
    """Why versions (name → tags) cannot be measured on this test span: one of them has learned from it."""
    begin = datetime.fromtimestamp(when.test_begin, UTC)
    for name, tags in versions.items():
        until = tags.get("validation_end")
        if until is not None and datetime.fromisoformat(until) > begin:
            return Verdict(objection=f"{name} has learned until {until}, the test begins {begin.isoformat()}")
    return None


def _compared(
    name: str,
    before: Mapping[str, Mapping[str, float]],
    after: Mapping[str, Mapping[str, float]],
    params: Params,
    primary: str,
) -> Compared:
    old, new = before[name], after[name]
    differences = [new[unit] - old[unit] for unit in sorted(old.keys() & new.keys())]
    mean, low, high = paired_bootstrap(differences, params.evaluate.bootstrap_samples, params.seed)
    margin = params.gate.margin if name == primary else params.gate.guarded_margin
    return Compared(name, mean, low, high, len(differences), margin, is_primary=name == primary)
