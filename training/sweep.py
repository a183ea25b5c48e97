"""`make sweep`: a small search for better parameters, each trial fitted and measured as the pipeline would.

The test span is cut away first and never seen: trials are measured on the validation span, with the fusion and the
calibration fitted on as many days before it. The study goes to MLflow, a run per trial below one for the search;
`params.yaml` is left alone: what was found is printed, and taking it over is a person's decision.
"""

import importlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import pyarrow as pa
import pyarrow.compute as pc
from mlflow.entities import Metric, Param

from modeling.bundle import Bundle, load_predictor
from training import paths
from training.data.export_folder import ExportFolder
from training.data.sequences import listeners, spans
from training.jobs import Evaluation, EvaluationJob, FitJob
from training.params import Params, read_params
from training.registry.versions import Registry
from training.surroundings import required

EXPERIMENT = "sweep"

Space = Callable[[optuna.Trial], dict[str, Any]]

SPACES: Mapping[str, Space] = {
    "recommender": lambda trial: {
        "width": trial.suggest_categorical("width", [32, 64, 96]),
        "layers": trial.suggest_int("layers", 1, 3),
        "window": trial.suggest_categorical("window", [32, 64, 128]),
        "dropout": trial.suggest_float("dropout", 0.0, 0.4),
        "unheard_share": trial.suggest_float("unheard_share", 0.0, 0.4),
        "learning_rate": trial.suggest_float("learning_rate", 5e-4, 8e-3, log=True),
    },
    "habit": lambda trial: {
        "hidden": trial.suggest_categorical("hidden", [32, 64, 96]),
        "learning_rate": trial.suggest_float("learning_rate", 5e-4, 8e-3, log=True),
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


def measured(model: str, data: ExportFolder, params: Params) -> tuple[float, Mapping[str, Any]]:
    """The primary number of a fit with these parameters, and how its training ended."""
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
    return float(number), bundle.made_from["training"]


def run(model: str, trials: int) -> dict[str, Any]:
    """Search, log, print; returns the best parameters. The present ones are the first trial, and may win."""
    params = read_params(paths.PARAMS)
    data, shorter = without_test(paths.EXPORT, params)
    client = Registry(required("MLFLOW_TRACKING_URI")).client
    known = client.get_experiment_by_name(EXPERIMENT)
    experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
    parent = client.create_run(experiment, run_name=model, tags={"data_snapshot": data.snapshot()["id"]}).info.run_id

    def objective(trial: optuna.Trial) -> float:
        chosen = SPACES[model](trial)
        section = type(getattr(shorter, model)).model_validate(getattr(shorter, model).model_dump() | chosen)
        value, ending = measured(model, data, shorter.model_copy(update={model: section}))
        tags = {"mlflow.parentRunId": parent, "stopped_by": str(ending["stopped_by"])}
        child = client.create_run(experiment, run_name=f"trial {trial.number}", tags=tags).info.run_id
        told = [Param(name, str(each)) for name, each in chosen.items()]
        client.log_batch(child, params=told, metrics=[Metric("value", value, 0, 0)])
        client.set_terminated(child)
        client.log_batch(parent, metrics=[Metric("value", value, 0, trial.number)])
        cut = "" if ending["stopped_by"] == "max_steps" else f" (only {ending['steps']} of {ending['max_steps']} steps)"
        print(f"trial {trial.number}: {value:.4f} {chosen}{cut}", flush=True)
        return value

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=params.seed))
    study.enqueue_trial(getattr(params, model).model_dump(), skip_if_exists=True)
    study.optimize(objective, n_trials=trials)
    client.log_batch(parent, params=[Param(f"best.{name}", str(each)) for name, each in study.best_params.items()])
    client.set_terminated(parent)
    gained = study.best_value - (study.trials[0].value or 0.0)
    print(f"{model}: best {study.best_value:.4f}, {gained:+.4f} to the present parameters: {study.best_params}")
    return dict(study.best_params)
