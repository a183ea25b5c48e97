"""How the habit model does on one real history: `python -m benchmarks.habit_history FILE… --zone Europe/Prague`.

The files are Spotify's own (account data or extended). The first 80 % of the plays train and calibrate the model as the
pipeline does; then every play and every pause of the rest is asked through the served predictor, which knows all plays
before each moment. Nothing is chosen on that rest. `--plays` asks fewer plays; every pause is asked while there are
at most half as many; `--pauses` asks nothing else. `--export` takes an export folder, of the town for example.

Intervals are over days, weeks or sessions, of several listeners over these. An error of calibration stands beside what
chances that are exactly right would show on as few moments (`error_by_chance`; the next column is passed once in twenty
times). `network` is the same training with its corrections trusted as they were learned.
"""

import argparse
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.real_history import export_folder
from modeling.bundle import Bundle, load_predictor
from modeling.habit.predictor import VOCABULARY
from training.data.export_folder import ExportFolder
from training.data.sequences import DAY_S, listeners
from training.evaluate import habit as evaluation
from training.jobs import EvaluationJob, FitJob
from training.modules import habit as training
from training.params import Params

NEEDS = "the files of one real history"
ROOT = Path(__file__).parent.parent
CALIBRATED = ("forecast_residual", "forecast_shift", "return_residual", "return_shift")
TRAINED_SHARE, VALIDATION_SHARE = 0.8, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the habit model on one real history.")
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--export", type=Path, help="instead of files: an export folder, split as params.yaml says")
    parser.add_argument("--zone", default="UTC", help="the listener's IANA time zone")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--plays", type=int, help="how many plays of a listener's rest are asked, evenly")
    parser.add_argument("--pauses", action="store_true", help="ask the pauses alone: the coming week and coming back")
    parser.add_argument("--until", type=datetime.fromisoformat, help="leave out what ended later, as 2021-12-03")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="other values of params.yaml: habit")
    arguments = parser.parse_args()
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    raw["habit"] |= {key: yaml.safe_load(value) for key, _, value in (each.partition("=") for each in arguments.set)}
    with tempfile.TemporaryDirectory() as folder:
        if arguments.export:
            data = ExportFolder(arguments.export)
        else:
            data = export_folder(arguments.files, arguments.zone, Path(folder) / "export", arguments.until)
            ended = listeners(data.songs())[0].plays.ended
            edges = np.quantile(ended, [TRAINED_SHARE - VALIDATION_SHARE, TRAINED_SHARE, 1.0]) / DAY_S
            raw["split"] |= {"validation_days": float(edges[1] - edges[0]), "test_days": float(edges[2] - edges[1])}
            raw["evaluate"] |= {"sessions_per_listener": len(ended)}
        if arguments.plays:
            raw["evaluate"] |= {"sessions_per_listener": arguments.plays // 2}
        results: list[Mapping[str, Any]] = []
        for seed in arguments.seeds:
            params = Params.model_validate(raw | {"seed": seed})
            nowhere = Path(folder) / "none.parquet"
            job = FitJob(params, data, Path(folder) / f"bundle-{seed}", Path(folder) / "curve.csv", nowhere)
            bundle = training.fit(job)
            told = dict(bundle.made_from["training"]) | {name: bundle.spec[name] for name in CALIBRATED}
            network = load_predictor(network_alone(job.out, Path(folder) / f"network-{seed}").folder)
            asked = EvaluationJob(params, data, load_predictor(job.out), nowhere)
            found = evaluation.evaluate(asked, of_plays=not arguments.pauses, network=network)
            results.append(found.metrics)
            print(f"seed {seed}: {told}", flush=True)
    report(results)


def network_alone(folder: Path, out: Path) -> Bundle:
    """The same training, its corrections of counts trusted as they were learned."""
    bundle = Bundle.read(folder)
    untouched = {"forecast_residual": 1.0, "forecast_shift": 0.0, "return_residual": 1.0, "return_shift": 0.0}
    words = {VOCABULARY: bundle.path(VOCABULARY)}
    return Bundle.write(
        out, model="habit", spec={**bundle.spec, **untouched}, tensors=bundle.tensors(), files=words, made_from={}
    )


def report(results: list[Mapping[str, Any]]) -> None:
    """One table per head: mean over seeds, and how far seeds lie apart."""
    for head, content in flattened(results[0]).items():
        print(f"\n{head}")
        names = sorted({name for values in content.values() for name in values})
        print(f"{'':28}" + "".join(f"{name:>22}" for name in names))
        for row in content:
            cells = []
            for name in names:
                told = [flattened(each)[head][row].get(name) for each in results]
                values = [value for value in told if value is not None]
                if len(values) < len(told):
                    cells.append(f"{'':>22}")
                    continue
                apart = max(values) - min(values)
                cells.append(f"{np.mean(values):>14.4f}" + (f" ±{apart / 2:.4f}" if apart else " " * 8))
            print(f"{row:28}" + "".join(cells))


def flattened(metrics: Mapping[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """{head: {predictor: {measure: number}}}, whatever depth the head nests at."""
    tables: dict[str, dict[str, dict[str, float]]] = {}

    def walk(name: str, content: Mapping[str, Any]) -> None:
        rows = {key: value for key, value in content.items() if isinstance(value, dict)}
        if rows and all(not isinstance(inner, dict) for row in rows.values() for inner in row.values()):
            tables[name] = {
                key: {measure: number for measure, number in row.items() if isinstance(number, int | float)}
                for key, row in rows.items()
            }
            return
        for key, value in rows.items():
            walk(f"{name}.{key}" if name else key, value)

    walk("", metrics)
    return tables


if __name__ == "__main__":
    main()
