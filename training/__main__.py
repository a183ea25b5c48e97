"""`python -m training …`: the stages of `dvc.yaml` and the deliberate commands around them."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from modeling.errors import BundleError
from training import paths
from training.errors import TrainingError
from training.packing import ArchiveError
from training.params import ParamsError
from training.publishing import PublishError

# Nothing here may report to anybody, and a registry that is away must say so within seconds.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

PLAIN_ERRORS = (TrainingError, ParamsError, BundleError, ArchiveError, PublishError, FileNotFoundError, ValueError)
SERVED = (*paths.MODELS, "narrator")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("export", help="the database → data/export")
    commands.add_parser("embed", help="audio files → data/embeddings.parquet")
    for name, text in (
        ("fit", "data/export → data/bundles/MODEL"),
        ("evaluate", "measure a bundle on the test span"),
        ("register", "a version in MLflow, once per bundle"),
        ("pack", "a registered bundle → data/archives/MODEL/MODEL.mar"),
    ):
        commands.add_parser(name, help=text).add_argument("model", choices=SERVED)
    commands.add_parser("narrator", help="weights in DATA_DIR/narrator → a registered, packed version, once")
    published = commands.add_parser("published", help="published VGGish weights → data/bundles/audio_embedder")
    published.add_argument("weights", type=Path)
    published.add_argument("--pca", type=Path)
    commands.add_parser("publish", help="serve the champions").add_argument("models", nargs="*", metavar="MODEL")
    promoting = commands.add_parser("promote", help="make a version the champion, through the gate, and serve it")
    promoting.add_argument("model", choices=SERVED)
    promoting.add_argument("version")
    promoting.add_argument("--force", action="store_true", help="also when the gate says no; a tag will say so")
    sweep = commands.add_parser("sweep", help="a small search for better parameters, on the validation span")
    sweep.add_argument("model", choices=("recommender", "habit"))
    sweep.add_argument("--trials", type=int, default=12)
    commands.add_parser("rollback", help="serve the version before").add_argument("model", choices=SERVED)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what a person can put right is one line on stderr and status 1."""
    asked = _parser().parse_args(arguments)
    try:
        _run(asked)
    except PLAIN_ERRORS as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 1
    return 0


def _run(asked: argparse.Namespace) -> None:
    # Imported when asked for: MLflow and Lightning take seconds that most commands do not need.
    if asked.command in {"publish", "promote", "rollback"}:
        deployment = importlib.import_module("training.deployment")
        if asked.command == "publish":
            deployment.publish(asked.models or list(SERVED))
        elif asked.command == "promote":
            deployment.promote(asked.model, asked.version, force=asked.force)
        else:
            deployment.rollback(asked.model)
        return
    if asked.command == "sweep":
        importlib.import_module("training.sweep").run(asked.model, asked.trials)
        return
    if asked.command == "narrator":
        importlib.import_module("training.narrator").adopt()
        return
    if asked.command == "published":
        bundle = importlib.import_module("training.published").adopt(asked.weights, asked.pca)
        print(f"audio_embedder: bundle {bundle.identity[:12]} in {bundle.folder}")
        return
    stage = importlib.import_module(f"training.stages.{asked.command}")
    if hasattr(asked, "model"):
        stage.run(asked.model)
    else:
        stage.run()


if __name__ == "__main__":
    sys.exit(main())
