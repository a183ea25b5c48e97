"""`python -m training STAGE [MODEL]`: the stages of `dvc.yaml` and the deliberate commands around them."""

import argparse
import importlib
import os
import shutil
import sys
from collections.abc import Sequence

from training import paths
from training.params import ParamsError, read_params

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")


def _fit(model: str) -> None:
    from training.data.export_folder import ExportFolder
    from training.jobs import FitJob

    out, curve = paths.bundle_folder(model), paths.curve_file(model)
    shutil.rmtree(out, ignore_errors=True)
    curve.parent.mkdir(parents=True, exist_ok=True)
    job = FitJob(read_params(paths.PARAMS), ExportFolder(paths.EXPORT), out, curve, paths.EMBEDDINGS)
    bundle = importlib.import_module(f"training.modules.{model}").fit(job)
    print(f"{model}: bundle {bundle.identity[:12]} in {out}")
