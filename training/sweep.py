"""`make sweep`: a small search for better parameters, each trial fitted and measured as the pipeline would.

The test span is cut away first and never seen: trials are measured on the validation span, with the fusion and the
calibration fitted on as many days before it. The study goes to MLflow, a run per trial below one for the search; the
best and the present parameters are then fitted with fresh seeds and compared by listener. `params.yaml` is left alone:
what was found is printed, and taking it over is a person's decision.
"""

import importlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pyarrow as pa
import pyarrow.compute as pc
from mlflow import MlflowClient
from mlflow.entities import Metric, Param

from modeling.bundle import Bundle, load_predictor
from training import paths
from training.data.export_folder import ExportFolder
from training.data.sequences import listeners, spans
from training.evaluate.metrics import paired_difference
from training.jobs import Evaluation, EvaluationJob, FitJob
from training.params import Params, read_params
from training.registry.versions import Registry
from training.surroundings import required

EXPERIMENT = "sweep"

SEEDS = 3
"""How often the best and the present parameters are fitted anew: the seed that chose the best one flatters it."""

Space = Callable[[optuna.Trial, Mapping[str, Any]], dict[str, Any]]
"""From a trial and the present parameters, which are always part of the space."""


def among(trial: optuna.Trial, name: str, choices: Sequence[int], present: Mapping[str, Any]) -> int:
    return int(trial.suggest_categorical(name, sorted({*choices, present[name]})))


def whole(trial: optuna.Trial, name: str, low: int, high: int, present: Mapping[str, Any]) -> int:
    return trial.suggest_int(name, min(low, present[name]), max(high, present[name]))


def between(
    trial: optuna.Trial, name: str, low: float, high: float, present: Mapping[str, Any], *, log: bool = False
) -> float:
    return trial.suggest_float(name, min(low, present[name]), max(high, present[name]), log=log)


SPACES: Mapping[str, Space] = {
    "recommender": lambda trial, present: {
        "width": among(trial, "width", (32, 64, 96), present),
        "layers": whole(trial, "layers", 1, 3, present),
        "window": among(trial, "window", (32, 64, 128), present),
        "dropout": between(trial, "dropout", 0.0, 0.4, present),
        "unheard_share": between(trial, "unheard_share", 0.0, 0.4, present),
        "learning_rate": between(trial, "learning_rate", 5e-4, 8e-3, present, log=True),
    },
    "habit": lambda trial, present: {
        "hidden": among(trial, "hidden", (32, 64, 96), present),
        "learning_rate": between(trial, "learning_rate", 5e-4, 8e-3, present, log=True),
    },
}


@dataclass(frozen=True)
class WithoutTest(ExportFolder):
    """An export as it stood at the end of the validation span."""

    until: float
    """Seconds since 1970."""

    def plays(self) -> pa.Table:
        """Every play that had ended by then."""
        table = super().plays()
        ended = table["ended_at"].cast(pa.int64())
        return table.filter(pc.less_equal(ended, int(self.until * 1e6)))


def without_test(folder: Path, params: Params) -> tuple[WithoutTest, Params]:
    """The export without the test span, and parameters whose test span is what was the validation span."""
    when = spans(listeners(ExportFolder(folder).songs()), params.split)
    split = params.split.model_copy(update={"test_days": params.split.validation_days})
    return WithoutTest(folder, when.validation_end), params.model_copy(update={"split": split})


@dataclass(frozen=True)
class Measured:
    """A fit, as the pipeline would measure it."""

    value: float
    per_unit: Mapping[str, float]
    """The same number per listener."""
    ending: Mapping[str, Any]


@dataclass(frozen=True)
class Gain:
    """What the best parameters gain on the present ones, fitted with the same fresh seeds; 95 %, over listeners."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.4f}, 95 % interval {self.low:+.4f} to {self.high:+.4f}, over {SEEDS} fresh seeds"


def measured(model: str, data: ExportFolder, params: Params) -> Measured:
    """Fit with these parameters and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = FitJob(params, data, folder / "bundle", folder / "curve.csv", paths.EMBEDDINGS)
        bundle: Bundle = importlib.import_module(f"training.modules.{model}").fit(job)
        found: Evaluation = importlib.import_module(f"training.evaluate.{model}").evaluate(
            EvaluationJob(params, data, load_predictor(folder / "bundle"), paths.EMBEDDINGS)
        )
    number: Any = found.metrics
    for key in found.primary.split("."):
        number = number[key]
    return Measured(float(number), dict(found.per_unit), bundle.made_from["training"])


def changed(params: Params, model: str, chosen: Mapping[str, Any], seed: int | None = None) -> Params:
    """The parameters with other ones of one model, checked as strictly as `params.yaml`, and maybe another seed."""
    section = getattr(params, model)
    other = type(section).model_validate(section.model_dump() | dict(chosen))
    return params.model_copy(update={model: other, "seed": params.seed if seed is None else seed})


def run(model: str, trials: int) -> dict[str, Any]:
    """Search, log, print; returns the best parameters. The present ones are the first trial, and may win."""
    params = read_params(paths.PARAMS)
    data, shorter = without_test(paths.EXPORT, params)
    client = Registry(required("MLFLOW_TRACKING_URI")).client
    known = client.get_experiment_by_name(EXPERIMENT)
    experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
    parent = client.create_run(experiment, run_name=model, tags={"data_snapshot": data.snapshot()["id"]}).info.run_id
    try:
        best = _search(model, trials, data, shorter, Log(client, experiment, parent))
    except BaseException:  # also when a person stops it: nothing runs any more
        client.set_terminated(parent, "FAILED")
        raise
    client.set_terminated(parent)
    return best


@dataclass(frozen=True)
class Log:
    """The study's run in MLflow; every fit is a run below it."""

    client: MlflowClient
    experiment: str
    parent: str

    def fit(self, name: str, chosen: Mapping[str, Any], found: Measured) -> None:
        tags = {"mlflow.parentRunId": self.parent, "stopped_by": str(found.ending["stopped_by"])}
        child = self.client.create_run(self.experiment, run_name=name, tags=tags).info.run_id
        told = [Param(each, str(value)) for each, value in chosen.items()]
        self.client.log_batch(child, params=told, metrics=[Metric("value", found.value, 0, 0)])
        self.client.set_terminated(child)
        ending = found.ending
        cut = "" if ending["stopped_by"] == "max_steps" else f" (only {ending['steps']} of {ending['max_steps']} steps)"
        print(f"{name}: {found.value:.4f} {dict(chosen)}{cut}", flush=True)


def _search(model: str, trials: int, data: ExportFolder, params: Params, log: Log) -> dict[str, Any]:
    present = getattr(params, model).model_dump()

    def objective(trial: optuna.Trial) -> float:
        chosen = SPACES[model](trial, present)
        found = measured(model, data, changed(params, model, chosen))
        log.fit(f"trial {trial.number}", chosen, found)
        log.client.log_batch(log.parent, metrics=[Metric("value", found.value, 0, trial.number)])
        return found.value

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=params.seed))
    study.enqueue_trial(present, skip_if_exists=True)
    study.optimize(objective, n_trials=trials)
    best = dict(study.best_params)
    log.client.log_batch(log.parent, params=[Param(f"best.{name}", str(each)) for name, each in best.items()])
    if study.best_trial.number == 0:
        print(f"{model}: nothing was better than the present parameters, {study.best_value:.4f}")
        return best
    gain = _gain(model, data, params, best, study.trials[0].params, log)
    numbers = {"gain": gain.mean, "gain.low": gain.low, "gain.high": gain.high}
    log.client.log_batch(log.parent, metrics=[Metric(name, each, 0, 0) for name, each in numbers.items()])
    print(f"{model}: best {best}; to the present parameters {gain}")
    return best


def _gain(
    model: str, data: ExportFolder, params: Params, best: Mapping[str, Any], present: Mapping[str, Any], log: Log
) -> Gain:
    found: dict[str, list[Measured]] = {"best": [], "present": []}
    for seed in range(params.seed + 1, params.seed + 1 + SEEDS):
        for name, chosen in (("best", best), ("present", present)):
            found[name].append(measured(model, data, changed(params, model, chosen, seed)))
            log.fit(f"{name}, seed {seed}", chosen, found[name][-1])
    means = {name: _mean_per_unit(each) for name, each in found.items()}
    samples = params.evaluate.bootstrap_samples
    return Gain(*paired_difference(means["best"], means["present"], samples, params.seed))


def _mean_per_unit(fits: Sequence[Measured]) -> dict[str, float]:
    """A unit's number over all seeds; the units are those of the first fit, which asked the same moments."""
    return {unit: float(np.mean([each.per_unit[unit] for each in fits])) for unit in fits[0].per_unit}
