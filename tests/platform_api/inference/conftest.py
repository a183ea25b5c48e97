from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_api.core.settings import InferenceSettings
from platform_api.services.inference.client import InferenceClient
from tests.platform_api.inference.model_server import ModelServer, running_model_server, write_manifest


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ModelServer]:
    with running_model_server(tmp_path) as running:
        yield running


@pytest.fixture
def settings(server: ModelServer, tmp_path: Path) -> InferenceSettings:
    write_manifest(tmp_path / "manifest.json", {"habit": "3"})
    return InferenceSettings(
        url=server.url,
        management_url=server.management_url,
        key_file=server.key_file,
        manifest=tmp_path / "manifest.json",
        deadline_ms=800,
    )


@pytest.fixture
def client(settings: InferenceSettings) -> Iterator[InferenceClient]:
    running = InferenceClient(settings)
    yield running
    running.close()
