"""The recommender as it would have been: fitted and measured at the end of earlier spans, one after the other.

    python -m benchmarks.earlier_spans --back 1 2 3 4 5 6 [--seeds 7] [--sessions 10]

In a folder of the pipeline (`params.yaml`, `data/export`, `data/embeddings.parquet`). One test span of four weeks holds
few first listens, and choosing by it wears it out. `--back 3` forgets the last three spans, trains on what is left and
measures on its last span, as `fit` and `evaluate` do. Means are over listeners and spans, and the interval resamples
both together: a listener in one span is a unit. Sounds are those of the embeddings that are there.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from modeling.bundle import load_predictor
from training import paths
from training.data.export_folder import ExportFolder
from training.data.sequences import DAY_S, listeners, spans
from training.evaluate.metrics import paired_bootstrap
from training.evaluate.recommender import TASKS, Tally, ask_everybody
from training.jobs import EvaluationJob, FitJob
from training.modules.recommender import fit
from training.params import Params, read_params
from training.sweep import WithoutTest, changed

NEEDS = "an export with embeddings, as `make train` leaves it"
NUMBER = "ndcg_at_10"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--back", type=int, nargs="+", required=True, help="how many test spans are forgotten; several")
    parser.add_argument("--seeds", type=int, nargs="+", help="of the training; by default that of params.yaml")
    parser.add_argument("--sessions", type=int, default=10, help="per listener and span, of those chosen evenly")
    given = parser.parse_args()
    params = read_params(paths.PARAMS)
    fewer = params.evaluate.model_copy(update={"sessions_per_listener": given.sessions})
    params = params.model_copy(update={"evaluate": fewer})
    end = spans(listeners(ExportFolder(paths.EXPORT).songs()), params.split).test_end
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    moments: dict[str, int] = defaultdict(int)
    for back in given.back:
        data = WithoutTest(paths.EXPORT, end - back * params.split.test_days * DAY_S)
        of_seed = [measured(data, changed(params, "recommender", {}, seed)) for seed in given.seeds or [params.seed]]
        for task in TASKS:
            tally = of_seed[0][task]
            moments[task] += len(tally.who)
            for ranker in tally.numbers:
                units = [each[task].per_listener(ranker, NUMBER) for each in of_seed]
                found[task][ranker] += [float(np.mean([unit[who] for unit in units])) for who in units[0]]
        print(f"back {back}: {len(of_seed)} trained", flush=True)
    show(found, moments)


def measured(data: ExportFolder, params: Params) -> Mapping[str, Tally]:
    """Fit on this export and ask what `evaluate` asks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fit(FitJob(params, data, folder / "bundle", folder / "curve.csv", paths.EMBEDDINGS))
        return ask_everybody(EvaluationJob(params, data, load_predictor(folder / "bundle"), paths.EMBEDDINGS)).tallies


def show(found: Mapping[str, Mapping[str, list[float]]], moments: Mapping[str, int]) -> None:
    table = Table(
        "task", "moments", "units", "model", "best baseline", "less it, 95 %", title=f"{NUMBER}, earlier spans"
    )
    for task, rankers in found.items():
        rivals = {name: float(np.mean(values)) for name, values in rankers.items() if name != "model"}
        best = max(rivals, key=lambda name: rivals[name])
        mean, low, high = paired_bootstrap(np.subtract(rankers["model"], rankers[best]), samples=2000, seed=0)
        table.add_row(
            task, f"{moments[task]}", f"{len(rankers['model'])}", f"{np.mean(rankers['model']):.4f}",
            f"{best} {rivals[best]:.4f}", f"{mean:+.4f} ({low:+.4f} to {high:+.4f})",
        )  # fmt: skip
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
