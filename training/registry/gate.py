"""May a challenger become champion? Both answer the same held-out span by the code they were packed with."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.archived import archived_predictor
from training.data.export_folder import ExportFolder
from training.evaluate.metrics import paired_bootstrap
from training.jobs import EvaluationJob
from training.params import Params


@dataclass(frozen=True)
class Verdict:
    """The challenger's primary metric less the champion's, with a 95 % interval over listeners (or tracks)."""

    primary: str
    difference: float
    low: float
    high: float
    units: int
    margin: float

    @property
    def passed(self) -> bool:
        """No worse: even the lower end of the interval is not more than the margin below the champion."""
        return self.units > 0 and self.low >= -self.margin

    def tags(self, *, forced: bool) -> Mapping[str, str]:
        """For the version in the registry."""
        return {
            "gate": "passed" if self.passed else "not passed",
            "gate_forced": str(forced and not self.passed).lower(),
            "gate_difference": f"{self.difference:+.5f} [{self.low:+.5f}, {self.high:+.5f}] in {self.primary}",
        }

    def __str__(self) -> str:
        interval = f"{self.difference:+.4f}, 95 % interval {self.low:+.4f} to {self.high:+.4f}"
        verdict = "no worse than the champion" if self.passed else "may be worse than the champion"
        return f"{verdict}: {self.primary} {interval} over {self.units} units, margin {self.margin:g}"


def compare(
    model: str, champion: Path, challenger: Path, params: Params, data: ExportFolder, embeddings: Path
) -> Verdict:
    """Measure two archives on the test span of one export."""
    evaluate = importlib.import_module(f"training.evaluate.{model}").evaluate
    results = []
    for archive in (champion, challenger):
        with archived_predictor(archive) as predictor:
            results.append(evaluate(EvaluationJob(params, data, predictor, embeddings)))
    before, after = (dict(result.per_unit) for result in results)
    differences = [after[unit] - before[unit] for unit in sorted(before.keys() & after.keys())]
    mean, low, high = paired_bootstrap(differences, params.evaluate.bootstrap_samples, params.seed)
    return Verdict(results[1].primary, mean, low, high, len(differences), params.gate.margin)
