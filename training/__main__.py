"""`python -m training …`: the stages of `dvc.yaml` and the deliberate commands around them."""

import argparse
import os
import sys
from collections.abc import Sequence

# Nothing here may report to anybody, and a registry that is away must say so within seconds.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

from training import paths

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
    commands.add_parser("publish", help="serve the champions").add_argument("models", nargs="*", choices=[[], *SERVED])
    promoting = commands.add_parser("promote", help="make a version the champion, through the gate, and serve it")
    promoting.add_argument("model", choices=SERVED)
    promoting.add_argument("version")
    promoting.add_argument("--force", action="store_true", help="also when the gate says no; a tag will say so")
    commands.add_parser("rollback", help="serve the version before").add_argument("model", choices=SERVED)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what a person can put right is one line on stderr and status 1."""
    asked = _parser().parse_args(arguments)
    from modeling.errors import BundleError
    from training import stages
    from training.params import ParamsError
    from training.surroundings import MissingSetting

    stage = getattr(stages, asked.command, None)
    try:
        if stage is not None:
            stage(asked.model) if hasattr(asked, "model") else stage()
            return 0
        return _deploy(asked)
    except (MissingSetting, ParamsError, BundleError, FileNotFoundError, ValueError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 1


def _deploy(asked: argparse.Namespace) -> int:
    from training import deployment, narrator
    from training.packing import ArchiveError
    from training.publishing import PublishError
    from training.registry.versions import RegistryError

    try:
        if asked.command == "narrator":
            narrator.adopt()
        elif asked.command == "publish":
            deployment.publish(asked.models or list(SERVED))
        elif asked.command == "promote":
            deployment.promote(asked.model, asked.version, force=asked.force)
        else:
            deployment.rollback(asked.model)
    except (deployment.GateClosed, RegistryError, PublishError, ArchiveError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
