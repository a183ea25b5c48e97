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
from training.jobs import Evaluation, EvaluationJob
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
    found: Evaluation = importlib.import_module(f"training.evaluate.{model}").evaluate(job)
    ending = bundle.made_from.get("training")  # adopted weights were not trained here
    write_json(metrics, {**found.metrics, "training": ending} if ending else found.metrics)
    units = [{"unit": unit, found.primary: value} for unit, value in found.per_unit]
    tables = {"per_unit": pa.Table.from_pylist(units), **found.plots}
    for name, table in tables.items():
        pa_csv.write_csv(table, folder / f"{name}.csv")
    for name, page in found.pages.items():
        (folder / f"{name}.html").write_text(page)
    print(f"{model}: {json.dumps(found.metrics.get('against_best_baseline', {}))}")
