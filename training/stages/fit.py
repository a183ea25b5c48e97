"""The export → a bundle and its learning curve."""

import importlib
import shutil

from training import devices, paths
from training.data.export_folder import ExportFolder
from training.jobs import FitJob, NothingToLearn
from training.params import read_params
from training.stages.absence import leave_absence


def run(model: str) -> None:
    """Fits the model anew, whatever lay there before."""
    out, curve = paths.bundle_folder(model), paths.curve_file(model)
    data = ExportFolder(paths.EXPORT)
    job = FitJob(read_params(paths.PARAMS), data, out, curve, paths.EMBEDDINGS, devices.asked_for())
    shutil.rmtree(out, ignore_errors=True)  # not before it is known what is asked for
    curve.parent.mkdir(parents=True, exist_ok=True)
    try:
        bundle = importlib.import_module(f"training.modules.{model}").fit(job)
    except NothingToLearn as reason:
        curve.write_text("step,name,value\n")
        leave_absence(out, str(reason))
        print(f"{model}: {reason}")
        return
    print(f"{model}: bundle {bundle.identity[:12]} in {out}")
