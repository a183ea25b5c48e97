"""A registered bundle → its archive, kept beside the version in MLflow."""

import json

from modeling.bundle import Bundle
from training import paths
from training.packing import pack
from training.registry.versions import Registry
from training.stages.absence import leave_absence
from training.surroundings import required


def run(model: str) -> None:
    """Reads MLFLOW_TRACKING_URI."""
    folder = paths.archive_folder(model)
    folder.mkdir(parents=True, exist_ok=True)
    registered = json.loads(paths.registration_file(model).read_text())
    if "absent" in registered:
        leave_absence(folder, registered["absent"])
        return
    archive = pack(Bundle.read(paths.bundle_folder(model)), registered["version"], folder / f"{model}.mar")
    Registry(required("MLFLOW_TRACKING_URI")).keep_archive(model, archive.version, archive.path, archive.sha256)
    print(f"{model}: {archive.path} {archive.sha256[:12]}")
