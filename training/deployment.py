"""The deliberate commands: serve the champions, promote a version through the gate, roll back."""

import tempfile
from pathlib import Path

from mlflow.exceptions import MlflowException

from training import paths, publishing
from training.data.export_folder import ExportFolder
from training.data.sequences import listeners, spans
from training.errors import DeploymentError, GateClosed, RegistryError
from training.model_server import ModelServer
from training.params import read_params
from training.publishing import ModelStore, Published, PublishError
from training.registry.gate import Verdict, compare, leak
from training.registry.versions import Registry
from training.surroundings import required

ROLLED_BACK = {"rolled_back_to": "true"}


def publish(models: list[str]) -> None:
    """Serve the champion of each model; models without a champion are named and left out. What keeps one model out
    keeps no other out, and is raised at the end as DeploymentError."""
    registry, refused = _registry(), []
    for model in models:
        try:
            _tell_of_rollback(registry, model)
            champion = registry.champion(model)
            if champion is None:
                print(f"{model}: no champion, nothing to serve")
                continue
            published = _serve(registry, model, champion.number)
        except (PublishError, RegistryError) as error:
            refused.append(str(error))
            continue
        print(f"{model}: version {published.version} serves, bundle {published.bundle[:12]}")
    if refused:
        raise DeploymentError("\n".join(refused))


def promote(model: str, version: str, *, force: bool) -> None:
    """Through the gate, onto the server, then champion. Raises GateClosed."""
    registry = _registry()
    _tell_of_rollback(registry, model)
    champion = registry.champion(model)
    registry.version(model, version)
    if champion is not None and champion.number != version and not champion.is_packed:
        print(f"{model} {champion.number} was never packed and never served: {version} takes its place")
    elif champion is not None and champion.number != version:
        verdict = _gate(registry, model, champion.number, version)
        print(f"{model} {version} against {champion.number}: {verdict}")
        registry.tag(model, version, verdict.tags(forced=force))
        if not verdict.passed and not force:
            command = f"python -m training promote {model} {version} --force"
            raise GateClosed(f"{model} {version} is not promoted: {verdict}. All the same: {command}")
    published = _serve(registry, model, version)
    registry.crown(model, version, {})
    print(f"{model}: version {published.version} is champion and serves")


def rollback(model: str) -> None:
    """The version that served before serves again and is champion again. A registry that is away does not hold this
    up: it is told by the next `publish`, `promote` or `rollback`."""
    store, server = _store()
    try:
        registry = _registry()
    except RegistryError as error:
        published = publishing.rollback(model, store, server)
        print(f"{model}: version {published.version} serves again; rolled back, registry not told: {error}")
        return
    if _tell_of_rollback(registry, model):
        return
    published = publishing.rollback(model, store, server)
    print(f"{model}: version {published.version} serves again")
    try:
        _tell_of_rollback(registry, model)
    except MlflowException as error:
        print(f"{model}: rolled back, registry not told: {error}")


def _tell_of_rollback(registry: Registry, model: str) -> bool:
    """Tell the registry what it missed; False where that was nothing."""
    store, _ = _store()
    mark, current = store.rolled_back(model), store.current(model)
    if mark is None or current is None or mark.is_registered:
        return False
    try:
        registry.version(model, current.version)
        registry.crown(model, current.version, ROLLED_BACK)
    except RegistryError as error:  # another registry than the one this version came from
        print(f"{model}: {error}")
    else:
        print(f"{model}: version {current.version} is champion again, {mark.left} was rolled back")
    publishing.registered(model, store)
    return True


def _gate(registry: Registry, model: str, champion: str, challenger: str) -> Verdict:
    params, data = read_params(paths.PARAMS), ExportFolder(paths.EXPORT)
    tags = {f"version {number}": registry.version(model, number).tags for number in (champion, challenger)}
    if any("validation_end" in each for each in tags.values()):
        try:
            known = leak(tags, spans(listeners(data.songs()), params.split))
        except (OSError, ValueError) as error:
            return Verdict(objection=f"there is no export to measure on ({error})")
        if known is not None:
            return known
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / version for version in (champion, challenger)]
        for place in places:
            place.mkdir()
        after, _ = registry.fetch_archive(model, challenger, places[1])
        try:
            before, _ = registry.fetch_archive(model, champion, places[0])
        except RegistryError as error:
            return Verdict(objection=str(error))
        return compare(model, before, after, params, data, paths.EMBEDDINGS)


def _serve(registry: Registry, model: str, version: str) -> Published:
    store, server = _store()
    with tempfile.TemporaryDirectory() as folder:
        archive, sha256 = registry.fetch_archive(model, version, Path(folder))
        return publishing.publish(archive, sha256, store, server)


def _store() -> tuple[ModelStore, ModelServer]:
    manifest = Path(required("INFERENCE_MANIFEST"))
    key_file = Path(required("INFERENCE_KEY_FILE"))
    server = ModelServer(required("INFERENCE_URL"), required("INFERENCE_MANAGEMENT_URL"), key_file)
    return ModelStore(manifest.parent), server


def _registry() -> Registry:
    return Registry(required("MLFLOW_TRACKING_URI"))
