"""A bundle → numbers, per-listener values and the points of plots."""

import importlib
import json
import shutil

import pyarrow as pa
import pyarrow.csv as pa_csv
import torch

from modeling.bundle import Bundle, open_predictor
from training import paths
from training.data.export_folder import ExportFolder
from training.evaluate.pictures import reliability_picture
from training.jobs import Evaluation, EvaluationJob, NothingToMeasure
from training.params import read_params
from training.stages.absence import absence, leave_absence, write_json


def run(model: str) -> None:
    """Writes the metrics file and the evaluation folder."""
    metrics, folder, place = paths.metrics_file(model), paths.evaluation_folder(model), paths.bundle_folder(model)
    shutil.rmtree(folder, ignore_errors=True)
    for each in (metrics.parent, folder):
        each.mkdir(parents=True, exist_ok=True)
    if reason := absence(place):
        write_json(metrics, {"absent": reason})
        leave_absence(folder, reason)
        return
    bundle = Bundle.read(place)
    predictor = open_predictor(bundle, torch.device("cpu"))
    job = EvaluationJob(read_params(paths.PARAMS), ExportFolder(paths.EXPORT), predictor, paths.EMBEDDINGS)
    ending = bundle.made_from.get("training")  # adopted weights were not trained here
    training = {"training": ending} if ending else {}
    try:
        found: Evaluation = importlib.import_module(f"training.evaluate.{model}").evaluate(job)
    except NothingToMeasure as reason:
        write_json(metrics, {"not_measured": str(reason), **training})
        print(f"{model} is not measured: {reason}")
        return
    write_json(metrics, {**found.metrics, **training})
    tables = {"per_unit": _per_unit(found), **found.plots}
    for name, table in tables.items():
        pa_csv.write_csv(table, folder / f"{name}.csv")
    for name, page in found.pages.items():
        (folder / f"{name}.html").write_text(page)
    if "reliability" in found.plots:
        reliability_picture(found.plots["reliability"], folder / "reliability.png")
    print(f"{model}: {json.dumps(found.metrics.get('against_best_baseline', {}))}")


def _per_unit(found: Evaluation) -> pa.Table:
    """A row per listener or track, a column per number that the gate looks at; empty where it does not exist."""
    numbers = {found.primary: dict(found.per_unit), **{name: dict(each) for name, each in found.guarded.items()}}
    units = sorted({unit for values in numbers.values() for unit in values})
    columns = {name: pa.array([values.get(unit) for unit in units], pa.float64()) for name, values in numbers.items()}
    return pa.table({"unit": pa.array(units, pa.string()), **columns})
