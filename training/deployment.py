"""The deliberate commands: serve the champions, promote a version through the gate, roll back."""

import tempfile
from pathlib import Path

from training import paths
from training.data.export_folder import ExportFolder
from training.errors import GateClosed
from training.model_server import ModelServer
from training.params import read_params
from training.publishing import ModelStore, Published
from training.publishing import publish as serve
from training.publishing import rollback as serve_previous
from training.registry.gate import Verdict, compare
from training.registry.versions import Registry
from training.surroundings import required


def publish(models: list[str]) -> None:
    """Serve the champion of each model; models without a champion are named and left out."""
    registry = _registry()
    for model in models:
        champion = registry.champion(model)
        if champion is None:
            print(f"{model}: no champion, nothing to serve")
            continue
        published = _serve(registry, model, champion.number)
        print(f"{model}: version {published.version} serves, bundle {published.bundle[:12]}")


def promote(model: str, version: str, *, force: bool) -> None:
    """Through the gate, onto the server, then champion. Raises GateClosed."""
    registry = _registry()
    champion = registry.champion(model)
    registry.version(model, version)
    tags: dict[str, str] = {}
    if champion is not None and champion.number != version:
        verdict = _gate(registry, model, champion.number, version)
        print(f"{model} {version} against {champion.number}: {verdict}")
        if not verdict.passed and not force:
            raise GateClosed(f"{model} {version} is not promoted: {verdict}. Add --force to promote it all the same.")
        tags = dict(verdict.tags(forced=force))
    published = _serve(registry, model, version)
    registry.crown(model, version, tags)
    print(f"{model}: version {published.version} is champion and serves")


def rollback(model: str) -> None:
    """The version that served before serves again and is champion again."""
    store, server = _store()
    published = serve_previous(model, store, server)
    _registry().crown(model, published.version, {"rolled_back_to": "true"})
    print(f"{model}: version {published.version} serves again")


def _gate(registry: Registry, model: str, champion: str, challenger: str) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        archives = []
        for version in (champion, challenger):
            place = Path(folder) / version
            place.mkdir()
            archives.append(registry.fetch_archive(model, version, place)[0])
        before, after = archives
        return compare(model, before, after, read_params(paths.PARAMS), ExportFolder(paths.EXPORT), paths.EMBEDDINGS)


def _serve(registry: Registry, model: str, version: str) -> Published:
    store, server = _store()
    with tempfile.TemporaryDirectory() as folder:
        archive, sha256 = registry.fetch_archive(model, version, Path(folder))
        return serve(archive, sha256, store, server)


def _store() -> tuple[ModelStore, ModelServer]:
    manifest = Path(required("INFERENCE_MANIFEST"))
    key_file = Path(required("INFERENCE_KEY_FILE"))
    server = ModelServer(required("INFERENCE_URL"), required("INFERENCE_MANAGEMENT_URL"), key_file)
    return ModelStore(manifest.parent), server


def _registry() -> Registry:
    return Registry(required("MLFLOW_TRACKING_URI"))
