"""The stages of `dvc.yaml`, each a function of files: what a stage reads and writes stands in `training/paths.py`.

A model that has nothing to learn from leaves `absent.json` instead of a bundle, and the later stages pass that on.
"""

import importlib
import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from modeling.bundle import Bundle, load_predictor
from training import paths
from training.curve import read_curve
from training.data.export_folder import LIBRARY_VARIABLE, ExportFolder
from training.jobs import Evaluation, EvaluationJob, FitJob, NothingToLearn
from training.params import read_params
from training.surroundings import required

ABSENT = "absent.json"
EMBEDDINGS = pa.schema([("track_key", pa.string()), ("embedding", pa.list_(pa.float32()))])


def export() -> None:
    """The database → `data/export`."""
    from training.export import export as write_export

    library = os.environ.get(LIBRARY_VARIABLE)
    params = read_params(paths.PARAMS)
    snapshot = write_export(
        required("TRAINING_DATABASE_URL"), Path(library) if library else None, params.export, paths.EXPORT
    )
    print(f"export {snapshot['id']}, first seen {snapshot['as_of']}: {snapshot['rows']}")


def fit(model: str) -> None:
    """The export → a bundle and its learning curve."""
    out, curve = paths.bundle_folder(model), paths.curve_file(model)
    shutil.rmtree(out, ignore_errors=True)
    curve.parent.mkdir(parents=True, exist_ok=True)
    job = FitJob(read_params(paths.PARAMS), ExportFolder(paths.EXPORT), out, curve, paths.EMBEDDINGS)
    try:
        bundle = importlib.import_module(f"training.modules.{model}").fit(job)
        print(f"{model}: bundle {bundle.identity[:12]} in {out}")
    except NothingToLearn as reason:
        out.mkdir(parents=True, exist_ok=True)
        curve.write_text("step,name,value\n")
        _write_json(out / ABSENT, {"absent": str(reason)})
        print(f"{model}: {reason}")


def embed() -> None:
    """Audio files → `data/embeddings.parquet`, through the embedder's own predictor."""
    rows = []
    bundle = paths.bundle_folder("audio_embedder")
    if not _absent(bundle):
        predictor = load_predictor(bundle)
        audio = ExportFolder(paths.EXPORT).audio().to_pylist()
        heard: dict[str, list[float] | None] = {}
        for row in audio:
            if row["sha256"] not in heard:
                answer = predictor.predict([Path(row["path"]).read_bytes()])[0]
                heard[row["sha256"]] = json.loads(answer)["embedding"] if isinstance(answer, bytes) else None
                if not isinstance(answer, bytes):
                    print(f"{row['path']} cannot be heard: {answer.detail}")
            embedding = heard[row["sha256"]]
            if embedding is not None:
                rows.append({"track_key": row["track_key"], "embedding": embedding})
    pq.write_table(pa.Table.from_pylist(rows, schema=EMBEDDINGS), paths.EMBEDDINGS)
    print(f"{len(rows)} tracks have a sound")


def evaluate(model: str) -> None:
    """A bundle → numbers, per-listener values and the points of plots."""
    metrics, folder = paths.metrics_file(model), paths.evaluation_folder(model)
    shutil.rmtree(folder, ignore_errors=True)
    for each in (metrics.parent, folder):
        each.mkdir(parents=True, exist_ok=True)
    if reason := _absent(paths.bundle_folder(model)):
        _write_json(metrics, {"absent": reason})
        _write_json(folder / ABSENT, {"absent": reason})
        return
    found = _measure(model)
    _write_json(metrics, found.metrics)
    units = [{"unit": unit, found.primary: value} for unit, value in found.per_unit]
    for name, table in {"per_unit": pa.Table.from_pylist(units), **found.plots}.items():
        pa_csv.write_csv(table, folder / f"{name}.csv")
    print(f"{model}: {json.dumps(found.metrics.get('against_best_baseline', {}))}")


def _measure(model: str) -> Evaluation:
    job = EvaluationJob(
        read_params(paths.PARAMS), ExportFolder(paths.EXPORT), load_predictor(paths.bundle_folder(model)), paths.EMBEDDINGS
    )
    found: Evaluation = importlib.import_module(f"training.evaluate.{model}").evaluate(job)
    return found


def register(model: str) -> None:
    """A bundle and its numbers → a version in MLflow, once per bundle. A model that is not trained here has no numbers."""
    from training.registry.origin import origin_tags
    from training.registry.versions import Candidate, Registry

    out = paths.registration_file(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    if reason := _absent(paths.bundle_folder(model)):
        _write_json(out, {"absent": reason})
        return
    params, snapshot = read_params(paths.PARAMS), ExportFolder(paths.EXPORT).snapshot()
    own = {name: value for name, value in params.model_dump().items() if name in {"seed", "split", "evaluate", model}}
    curve, metrics = paths.curve_file(model), paths.metrics_file(model)
    candidate = Candidate(
        Bundle.read(paths.bundle_folder(model)), own, origin_tags(params, snapshot, paths.LOCK), snapshot,
        read_curve(curve) if curve.is_file() else [], json.loads(metrics.read_text()) if metrics.is_file() else {},
        paths.evaluation_folder(model),
    )  # fmt: skip
    version = Registry(required("MLFLOW_TRACKING_URI")).register(candidate)
    _write_json(out, {"model": model, "version": version.version, "run": version.run_id, "bundle": version.tags["bundle"]})
    print(f"{model}: version {version.version} {' '.join(version.aliases)}")


def pack(model: str) -> None:
    """A registered bundle → its archive, kept beside the version in MLflow."""
    from training.packing import pack as write_archive
    from training.registry.versions import Registry

    folder = paths.archive_folder(model)
    folder.mkdir(parents=True, exist_ok=True)
    registered = json.loads(paths.registration_file(model).read_text())
    if "absent" in registered:
        _write_json(folder / ABSENT, registered)
        return
    archive = write_archive(
        Bundle.read(paths.bundle_folder(model)), registered["version"], folder / f"{model}.mar"
    )
    Registry(required("MLFLOW_TRACKING_URI")).keep_archive(model, archive.version, archive.path, archive.sha256)
    print(f"{model}: {archive.path} {archive.sha256[:12]}")


def _absent(bundle: Path) -> str | None:
    """Why there is no bundle, where there is none."""
    path = bundle / ABSENT
    return str(json.loads(path.read_text())["absent"]) if path.is_file() else None


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
