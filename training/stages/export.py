"""The database → `data/export`."""

import os
from pathlib import Path

from training import paths
from training.data.export_folder import LIBRARY_VARIABLE
from training.export import export
from training.params import read_params
from training.surroundings import required


def run() -> None:
    """Reads TRAINING_DATABASE_URL and, where it is set, AUDIO_LIBRARY_DIR."""
    library = os.environ.get(LIBRARY_VARIABLE)
    params = read_params(paths.PARAMS)
    snapshot = export(
        required("TRAINING_DATABASE_URL"), Path(library) if library else None, params.export, paths.EXPORT
    )
    print(f"export {snapshot['id']}, first seen {snapshot['as_of']}: {snapshot['rows']}")
