"""The product's client on a real TorchServe: it names a version and survives keys that others renewed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from platform_api.core.settings import InferenceSettings
from platform_api.services.habits import wire
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable, RequestRefused
from tests.support.tiny_habit import tiny_habit
from tests.support.torchserve import Serving
from training.packing import pack
from training.publishing import publish

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def client(serving: Serving, tmp_path: Path) -> Iterator[InferenceClient]:
    archive = pack(tiny_habit(tmp_path / "bundle"), "1", tmp_path / "habit-1.mar")
    publish(archive.path, archive.sha256, serving.store, serving.server)
    client = InferenceClient(
        InferenceSettings(
            url=serving.inference_url,
            management_url=serving.management_url,
            key_file=serving.key_file,
            manifest=serving.manifest,
            deadline_ms=5000,
        )
    )
    yield client
    client.close()
    serving.server.unregister("habit", "1")
    serving.manifest.unlink()


def ask(client: InferenceClient) -> str:
    body = wire.request_body([], [], now=NOW, time_zone="Europe/Prague")
    return client.ask("habit", body, wire.Habits, check=wire.plausible([], NOW.date())).model.version


def change_the_key(serving: Serving) -> None:
    """As another process does when it finds the key about to expire."""
    keys = json.loads(serving.key_file.read_bytes())
    url = f"{serving.management_url}/token?type=inference"
    httpx.get(url, headers={"Authorization": f"Bearer {keys['API']['key']}"}).raise_for_status()


def test_the_published_version_answers_through_lost_keys(client: InferenceClient, serving: Serving) -> None:
    assert client.is_up()
    assert ask(client) == "1"
    change_the_key(serving)
    assert ask(client) == "1"
    change_the_key(serving)
    assert client.is_up()
    with pytest.raises(RequestRefused):
        client.ask("habit", b'{"now": "never"}', wire.Habits)
    with pytest.raises(ModelUnavailable) as caught:
        client.ask("narrator", b"{}", wire.Habits)
    assert caught.value.outcome == "unpublished"
    assert ask(client) == "1"
    assert client.counts()["habit"] == {"answered": 3, "refused": 1}
