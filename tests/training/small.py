"""A pipeline's folder with everything so small that a fit takes seconds."""

import shutil
from pathlib import Path

import yaml

from tests.training.synthetic import write_embeddings, write_export
from training import paths

ROOT = Path(__file__).parent.parent.parent
SMALL = {
    "habit": {"hidden": 8, "window": 16, "moments": 60, "batch": 4},
    "recommender": {"width": 8, "layers": 1, "window": 8, "batch_plays": 32, "fusion_moments": 12},
}


def write_small(model: str, *, max_steps: int, max_seconds: float) -> None:
    """Two listeners' export and parameters for one model, into the present folder."""
    write_export(paths.EXPORT, listeners=2, days=90)
    write_embeddings(paths.EMBEDDINGS)
    shutil.copy(ROOT / "params.yaml", paths.PARAMS)
    content = yaml.safe_load(paths.PARAMS.read_text())
    content["split"] |= {"validation_days": 21, "test_days": 21}
    content["evaluate"] |= {"sessions_per_listener": 1, "bootstrap_samples": 10}
    content[model] |= SMALL[model] | {"max_steps": max_steps, "max_seconds": max_seconds}
    paths.PARAMS.write_text(yaml.safe_dump(content))
