"""A bundle and its numbers → a version in MLflow, once per bundle."""

import json

from modeling.bundle import Bundle
from training import paths
from training.curve import read_curve
from training.data.export_folder import ExportFolder
from training.packing import serving_code_sha256
from training.params import read_params
from training.registry.origin import origin_tags
from training.registry.versions import Candidate, Registry
from training.stages.absence import absence, write_json
from training.surroundings import required


def run(model: str) -> None:
    """Reads MLFLOW_TRACKING_URI. A model that is not trained here has no curve and no numbers, and is registered."""
    out, folder = paths.registration_file(model), paths.bundle_folder(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    if reason := absence(folder):
        write_json(out, {"absent": reason})
        return
    params, snapshot = read_params(paths.PARAMS), ExportFolder(paths.EXPORT).snapshot()
    curve, metrics = paths.curve_file(model), paths.metrics_file(model)
    bundle, told = Bundle.read(folder), params.model_dump()
    trained = "training" in bundle.made_from  # what was adopted has nothing of the training that was here before
    candidate = Candidate(
        bundle=bundle,
        serving_code=serving_code_sha256(model),
        params={name: told[name] for name in ("seed", "split", model)} if trained else {},
        tags=origin_tags(params, snapshot, paths.LOCK),
        snapshot=snapshot,
        curve=read_curve(curve) if trained and curve.is_file() else [],
        load=read_curve(paths.load_file(curve)) if trained and paths.load_file(curve).is_file() else [],
        metrics=json.loads(metrics.read_text()) if metrics.is_file() else {},
        evaluation=paths.evaluation_folder(model),
        measured_with={name: told[name] for name in ("split", "evaluate")},
    )
    version = Registry(required("MLFLOW_TRACKING_URI")).register(candidate)
    told_of = {"model": model, "version": version.number, "run": version.run_id, "bundle": version.tags["bundle"]}
    write_json(out, told_of)
    print(f"{model}: version {version.number} {' '.join(version.aliases)}")
