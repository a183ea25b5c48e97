"""The export → a bundle and its learning curve."""

import importlib
import json
import shutil
from collections.abc import Mapping

from modeling.bundle import MANIFEST, Bundle
from training import devices, paths
from training.curve import begin_curve
from training.data.export_folder import ExportFolder
from training.data.sequences import listeners, spans
from training.jobs import FitJob, NothingToLearn
from training.params import read_params
from training.stages.absence import leave_absence, write_json


def run(model: str) -> None:
    """Fits the model anew, whatever lay there before."""
    out, curve = paths.bundle_folder(model), paths.curve_file(model)
    data = ExportFolder(paths.EXPORT)
    job = FitJob(read_params(paths.PARAMS), data, out, curve, paths.EMBEDDINGS, devices.asked_for())
    shutil.rmtree(out, ignore_errors=True)  # not before it is known what is asked for
    try:
        bundle = importlib.import_module(f"training.modules.{model}").fit(job)
    except NothingToLearn as reason:
        for each in (curve, paths.load_file(curve)):
            begin_curve(each)
        leave_absence(out, str(reason))
        print(f"{model}: {reason}")
        return
    everyone = listeners(data.songs())
    if "training" in bundle.made_from and everyone:  # an ear may be trained where nobody has played anything
        _tell_spans(bundle, spans(everyone, job.params.split).told())
    print(f"{model}: bundle {bundle.identity[:12]} in {out}")


def _tell_spans(bundle: Bundle, edges: Mapping[str, str]) -> None:
    """Which dates it learned from, so that nobody measures it on those. Where it comes from is no part of its
    identity."""
    manifest = json.loads((bundle.folder / MANIFEST).read_text())
    write_json(bundle.folder / MANIFEST, {**manifest, "made_from": {**manifest["made_from"], "spans": edges}})
