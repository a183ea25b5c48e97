"""`python -m training narrator`: from the weights in the data folder to a registered, packed version, once.

It stands beside the pipeline, not in it: its weights lie outside the repository, come or not with the set-up, and
follow from none of the data.
"""

import json
import os
import shutil
from pathlib import Path

from modeling.bundle import code_sha256, file_sha256
from training import paths
from training.packing import serving_code_sha256
from training.registry.versions import Registry
from training.stages import fit, pack, register
from training.surroundings import required

MODEL = "narrator"
STAMP = "made_from.json"


def weights_file() -> Path | None:
    """The first `.gguf` by name in `$DATA_DIR/narrator`; None where there is none."""
    folder = Path(os.environ.get("DATA_DIR") or ".tonearm") / MODEL
    return next(iter(sorted(folder.glob("*.gguf"))), None)


def adopt() -> None:
    """Converts, registers and packs the narrator, unless that was done with these weights and this code."""
    weights = weights_file()
    if weights is None:
        print("narrator: no weights, so stories are told from a template")
        return
    made_from = {"weights": file_sha256(weights), "code": code_sha256(MODEL)}
    stamp = paths.archive_folder(MODEL) / STAMP
    if _is_packed(stamp, made_from):
        print(f"narrator: {weights.name} is packed already")
        return
    fit.run(MODEL)
    register.run(MODEL)
    pack.run(MODEL)
    stamp.write_text(json.dumps(made_from, indent=1, sort_keys=True) + "\n")
    # the registry and the archive hold the bundle too, and it is a quarter of a gigabyte
    shutil.rmtree(paths.bundle_folder(MODEL))


def _is_packed(stamp: Path, made_from: dict[str, str]) -> bool:
    if not stamp.is_file() or json.loads(stamp.read_text()) != made_from:
        return False
    registered = json.loads(paths.registration_file(MODEL).read_text())
    version = Registry(required("MLFLOW_TRACKING_URI")).version_of(
        MODEL, registered.get("bundle", ""), serving_code_sha256(MODEL)
    )
    return version is not None and "archive_sha256" in version.tags
