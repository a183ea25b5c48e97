"""A real TorchServe for a session of tests, on free ports, with a model store of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack import servers
from stack.environment import Environment, Place
from stack.ports import LOOPBACK
from stack.servers import Server
from stack.temporary import free_port, running
from training.model_server import ModelServer
from training.publishing import ModelStore


@dataclass(frozen=True)
class Serving:
    """The server, its store, and what the API's settings would say about it."""

    server: ModelServer
    store: ModelStore
    inference_url: str
    management_url: str
    key_file: Path
    manifest: Path


def torchserve_in(folder: Path) -> tuple[Server, Serving]:
    """Not started. It will serve what `folder/model_store/manifest.json` names, nothing when there is none."""
    first = free_port(span=5)
    inference_url, management_url = f"http://{LOOPBACK}:{first}", f"http://{LOOPBACK}:{first + 1}"
    key_file = folder / "torchserve" / "key_file.json"
    manifest = folder / "model_store" / "manifest.json"
    variables = {
        "INFERENCE_URL": inference_url,
        "INFERENCE_MANAGEMENT_URL": management_url,
        "INFERENCE_KEY_FILE": str(key_file),
        "INFERENCE_MANIFEST": str(manifest),
    }
    environment = Environment(Place(folder), {"INFERENCE_PORT": first}, {}, variables)
    door = ModelServer(inference_url, management_url, key_file)
    serving = Serving(door, ModelStore(manifest.parent), inference_url, management_url, key_file, manifest)
    return servers.inference(folder / "torchserve", environment), serving


@contextmanager
def temporary_torchserve(folder: Path) -> Iterator[Serving]:
    """A running one."""
    server, serving = torchserve_in(folder)
    with running(server, folder):
        yield serving
