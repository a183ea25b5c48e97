"""TorchServe's configuration, written anew at each start from the manifest of published versions.

    python serving/config/render.py --manifest model_store/manifest.json --out ts.properties --first-port 7710

TorchServe has no memory of its own that we trust: what it serves after a restart is what the manifest says.
Imports nothing but the standard library, so that it runs wherever the server is started.
Start the server without PYTHONPATH (it would shadow the code inside the archives) and with a temporary folder of its
own (workers' sockets are named by number alone, two servers in one folder would talk to each other's workers).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REQUEST_LIMIT_BYTES = 64 << 20
"""A song as FLAC; TorchServe's own limit of 6.55 MB is below that."""


@dataclass(frozen=True)
class Batching:
    """How one model is served."""

    batch_size: int
    workers: int = 1
    response_timeout_s: int = 30
    """A worker that takes longer is killed by TorchServe and started again."""
    max_batch_delay_ms: int = 1
    """0 or nothing would silently mean 100 ms."""


BATCHING: Mapping[str, Batching] = {
    "audio_embedder": Batching(batch_size=8, response_timeout_s=60),
    "habit": Batching(batch_size=16),
    "recommender": Batching(batch_size=16),
    "narrator": Batching(batch_size=1, response_timeout_s=180),
}


def published_archives(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(model, version, archive file) of every current and previous version that the manifest names."""
    return [
        (model, published["version"], published["archive"])
        for model, entry in sorted(manifest["models"].items())
        for published in (entry["current"], entry["previous"])
        if published is not None
    ]


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest's content; an empty one when nothing was published yet."""
    if not path.is_file():
        return {"models": {}}
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def without_doubtful(manifest: Mapping[str, Any], model_store: Path) -> dict[str, Any]:
    """The manifest without versions whose archive is missing or altered: they are said out loud, and not loaded.

    TorchServe would not start at all with one of them; so the other models serve, and the API falls back for this one.
    """
    models: dict[str, Any] = {}
    for model, entry in manifest["models"].items():
        models[model] = {
            place: entry[place] if _is_sound(model, entry[place], model_store) else None
            for place in ("current", "previous")
        }
    return {"models": models}


def render(manifest: Mapping[str, Any], model_store: Path, host: str, ports: Sequence[int]) -> str:
    """The text of `ts.config`. `ports`: inference, management, metrics, gRPC inference, gRPC management.

    Tokens stay on (TorchServe's default), archives come from `model_store` only, and no address but `host` listens.
    `enable_model_api` does not switch `POST /workflows` off in 0.12; its store is a folder that is not there, so that
    it finds nothing to load. The management port must be loopback or a private network all the same.
    """
    inference, management, metrics, grpc_inference, grpc_management = ports
    archives = published_archives(manifest)
    models: dict[str, dict[str, Any]] = {}
    for model, version, archive in archives:
        current = manifest["models"][model]["current"]
        is_current = current is not None and current["version"] == version
        models.setdefault(model, {})[version] = _served(model, archive, is_current)
    lines = {
        "inference_address": f"http://{host}:{inference}",
        "management_address": f"http://{host}:{management}",
        "metrics_address": f"http://{host}:{metrics}",
        "grpc_inference_address": host,
        "grpc_inference_port": grpc_inference,
        "grpc_management_address": host,
        "grpc_management_port": grpc_management,
        "model_store": model_store,
        "workflow_store": model_store / "no-workflows",
        "load_models": ",".join(archive for _, _, archive in archives) or "none",
        "models": json.dumps(models),
        "enable_model_api": "true",
        "allowed_urls": "none://",
        "use_env_allowed_urls": "false",
        "enable_envvars_config": "false",
        "install_py_dep_per_model": "false",
        "disable_system_metrics": "true",
        "max_request_size": REQUEST_LIMIT_BYTES,
        "default_workers_per_model": 1,
        "job_queue_size": 200,
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _is_sound(model: str, published: Mapping[str, str] | None, model_store: Path) -> bool:
    if published is None:
        return False
    path = model_store / published["archive"]
    if path.is_file():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == published["sha256"]:
                return True
    print(f"{model} {published['version']} is not loaded: {path} is missing or was altered", file=sys.stderr)
    return False


def _served(model: str, archive: str, is_current: bool) -> dict[str, Any]:
    batching = BATCHING[model]
    return {
        "defaultVersion": is_current,
        "marName": archive,
        "minWorkers": batching.workers,
        "maxWorkers": batching.workers,
        "batchSize": batching.batch_size,
        "maxBatchDelay": batching.max_batch_delay_ms,
        "responseTimeout": batching.response_timeout_s,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write TorchServe's configuration from the manifest.")
    parser.add_argument("--manifest", type=Path, required=True, help="its folder is the model store")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--first-port", type=int, required=True, help="of five in a row")
    given = parser.parse_args()
    ports = range(given.first_port, given.first_port + 5)
    model_store = given.manifest.resolve().parent
    text = render(without_doubtful(read_manifest(given.manifest), model_store), model_store, given.host, ports)
    draft = given.out.with_suffix(".part")
    draft.write_text(text)
    draft.replace(given.out)


if __name__ == "__main__":
    main()
