"""Where the pipeline keeps what, relative to the folder that it runs in. `dvc.yaml` names the same paths."""

from pathlib import Path

PARAMS = Path("params.yaml")
LOCK = Path("requirements.lock")
EXPORT = Path("data/export")
EMBEDDINGS = Path("data/embeddings.parquet")
MODELS = ("audio_embedder", "habit", "recommender")
"""The models that are trained here, in the order of their dependence."""


def bundle_folder(model: str) -> Path:
    return Path("data/bundles") / model


def curve_file(model: str) -> Path:
    """The learning curve: a CSV with the columns step, name, value."""
    return Path("data/curves") / f"{model}.csv"


def load_file(curve: Path) -> Path:
    """What the training that wrote this curve asked of the machine; the same columns, a step is a second."""
    return curve.with_suffix(".load.csv")


def metrics_file(model: str) -> Path:
    return Path("data/metrics") / f"{model}.json"


def evaluation_folder(model: str) -> Path:
    """Per-listener numbers and the points of the plots."""
    return Path("data/evaluation") / model


def registration_file(model: str) -> Path:
    return Path("data/registry") / f"{model}.json"


def archive_folder(model: str) -> Path:
    """Holds `<model>.mar`."""
    return Path("data/archives") / model
