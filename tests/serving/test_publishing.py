"""Publishing on a real TorchServe: what is right serves beside the old, what is wrong leaves no trace."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest

from tests.serving.forgery import Change, forge
from tests.support.tiny_models import tiny_archive, tone
from tests.support.torchserve import Serving
from training.model_server import ModelServer
from training.packing import Archive
from training.publishing import ModelStore, Published, PublishError, publish, rollback

MODEL = "audio_embedder"


@pytest.fixture
def clean(serving: Serving) -> Iterator[Serving]:
    """The server with nothing published."""
    yield serving
    loaded = [version for version in map(str, range(1, 10)) if serving.server.describe(MODEL, version)]
    if loaded:
        serving.server.make_default(MODEL, loaded[0])
    for version in reversed(loaded):
        serving.server.unregister(MODEL, version)
    serving.manifest.unlink(missing_ok=True)


def put(serving: Serving, archive: Archive) -> Published:
    return publish(archive.path, archive.sha256, serving.store, serving.server)


def answering_bundle(serving: Serving, version: str) -> str:
    reply = serving.server.predict(MODEL, version, tone())
    assert reply.status == 200
    bundle: str = json.loads(reply.body)["bundle"]
    return bundle


def test_published_beside_the_old_one_and_rolled_back(clean: Serving, tmp_path: Path) -> None:
    first, second, third = (tiny_archive(tmp_path, version) for version in ("1", "2", "3"))
    put(clean, first)
    assert answering_bundle(clean, "1") == first.bundle[:12]
    described = clean.server.describe(MODEL, "1")
    assert described is not None
    assert (described["batchSize"], described["maxBatchDelay"], described["minWorkers"]) == (8, 1, 1)

    put(clean, second)
    assert (clean.store.current(MODEL), clean.store.previous(MODEL)) == (published(second), published(first))
    assert answering_bundle(clean, "2") == second.bundle[:12]
    assert answering_bundle(clean, "1") == first.bundle[:12], "the previous version stays warm"

    assert rollback(MODEL, clean.store, clean.server) == published(first)
    assert (clean.store.current(MODEL), clean.store.previous(MODEL)) == (published(first), published(second))

    put(clean, second)
    put(clean, third)
    assert clean.store.current(MODEL) == published(third)
    assert clean.server.describe(MODEL, "1") is None, "the one before the previous is gone"
    assert not (clean.store.folder / first.path.name).exists()


def published(archive: Archive) -> Published:
    return Published(archive.version, archive.path.name, archive.sha256, archive.bundle)


def test_publishing_again_changes_nothing(clean: Serving, tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path, "1")
    put(clean, archive)
    before = clean.manifest.read_bytes()
    put(clean, archive)
    assert clean.manifest.read_bytes() == before
    with pytest.raises(PublishError, match="already another archive"):
        put(clean, tiny_archive(tmp_path / "other", "1", seed=5))


def test_what_is_wrong_is_refused_and_the_champion_serves_on(clean: Serving, tmp_path: Path) -> None:
    champion = tiny_archive(tmp_path, "1")
    put(clean, champion)
    good = tiny_archive(tmp_path, "2")

    def wrong_golden(content: bytes) -> bytes:
        golden = json.loads(content)
        golden["answer"]["embedding"][0] += 0.5
        return json.dumps(golden).encode()

    def slow(source: bytes) -> bytes:
        return source.replace(b"return self.head_of(", b"__import__('time').sleep(1.0); return self.head_of(")

    broken: dict[str, dict[str, Change]] = {
        "differs at answer.embedding": {"golden.json": wrong_golden},
        "takes 1.": {"modeling/audio_embedder/network.py": slow},
        "TorchServe refused": {"weights.safetensors": lambda content: content[:-64]},
        "TorchServe refused POST": {
            "modeling/audio_embedder/predictor.py": lambda source: b"raise ValueError\n" + source
        },
    }
    for index, (reason, changes) in enumerate(broken.items()):
        archive = forge(good.path, tmp_path / f"broken-{index}.mar", changes)
        with pytest.raises(PublishError, match=reason):
            put(clean, archive)
        assert clean.server.describe(MODEL, "2") is None
        assert not (clean.store.folder / "audio_embedder-2.mar").exists()
    assert clean.store.current(MODEL) == published(champion)
    assert answering_bundle(clean, "1") == champion.bundle[:12]


def test_one_altered_byte_is_refused(clean: Serving, tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path, "1")
    content = bytearray(archive.path.read_bytes())
    content[len(content) // 2] ^= 1
    archive.path.write_bytes(content)
    with pytest.raises(PublishError):
        put(clean, archive)
    assert clean.store.current(MODEL) is None


def test_a_damaged_store_is_not_rolled_back_to(clean: Serving, tmp_path: Path) -> None:
    first, second = tiny_archive(tmp_path, "1"), tiny_archive(tmp_path, "2")
    put(clean, first)
    put(clean, second)
    (clean.store.folder / first.path.name).write_bytes(b"something else")
    with pytest.raises(PublishError, match="not the archive that was published"):
        rollback(MODEL, clean.store, clean.server)
    assert clean.store.current(MODEL) == published(second)


def test_one_bad_item_among_32_at_once(clean: Serving, tmp_path: Path) -> None:
    put(clean, tiny_archive(tmp_path, "1"))
    bodies = [tone(1.0 + index / 16) for index in range(31)]
    bodies.insert(13, b"not audio")
    with ThreadPoolExecutor(32) as pool:
        replies = list(pool.map(lambda body: clean.server.predict(MODEL, "1", body), bodies))
    assert [reply.status for reply in replies] == [400 if index == 13 else 200 for index in range(32)]
    refused = json.loads(replies[13].body)
    assert refused["status"] == 400
    assert "cannot be decoded" in refused["detail"]
    seconds = [json.loads(reply.body)["seconds"] for reply in replies if reply.status == 200]
    assert seconds == [round(1.0 + index / 16, 3) for index in range(31)], "each answer belongs to its own question"


def test_rolling_out_and_back_under_load_fails_nobody(clean: Serving, tmp_path: Path) -> None:
    """Clients do as the API does: read the manifest, ask that version by name. Going back takes five seconds at most
    (CHECKS 27); a new version has to be loaded first, while the one before answers.
    """
    archives = [tiny_archive(tmp_path, version) for version in ("1", "2", "3")]
    bundles = {archive.version: archive.bundle[:12] for archive in archives}
    put(clean, archives[0])
    over = Event()

    def client(_: int) -> list[tuple[int, str, str]]:
        seen: list[tuple[int, str, str]] = []
        while not over.is_set():
            current = clean.store.current(MODEL)
            assert current is not None
            reply = clean.server.predict(MODEL, current.version, tone(1.0))
            seen.append((reply.status, current.version, json.loads(reply.body).get("bundle", "")))
        return seen

    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(client, number) for number in range(4)]
        try:
            put(clean, archives[1])
            put(clean, archives[2])
            began = time.monotonic()
            rollback(MODEL, clean.store, clean.server)
            assert time.monotonic() - began < 5
        finally:
            over.set()
    answers = [answer for each in clients for answer in each.result()]
    assert {status for status, _, _ in answers} == {200}
    assert {version for _, version, _ in answers} == {"1", "2", "3"}
    assert all(bundle == bundles[version] for _, version, bundle in answers)


def test_doors_are_closed_without_the_right_token(clean: Serving, tmp_path: Path) -> None:
    put(clean, tiny_archive(tmp_path, "1"))
    inference_key = json.loads(clean.key_file.read_text())["inference"]["key"]
    for headers in ({}, {"Authorization": f"Bearer {inference_key}"}, {"Authorization": "Bearer guessed"}):
        for method, path in (
            ("GET", "/models"),
            ("DELETE", f"/models/{MODEL}/1"),
            ("PUT", f"/models/{MODEL}/1/set-default"),
        ):
            assert httpx.request(method, clean.management_url + path, headers=headers).status_code >= 400
    answer = httpx.post(f"{clean.inference_url}/predictions/{MODEL}/1", content=tone())
    assert answer.status_code == 400
    assert clean.server.describe(MODEL, "1") is not None


def test_a_workflow_is_never_loaded(clean: Serving, tmp_path: Path) -> None:
    """Not without a key, and not with the right one: from the network, a file or the store there is nothing to load."""
    archive = clean.store.folder / put(clean, tiny_archive(tmp_path, "1")).archive
    for folder in (tmp_path, clean.store.folder):
        (folder / "evil.war").write_bytes(archive.read_bytes())
    key = json.loads(clean.key_file.read_text())["management"]["key"]
    for url in (
        "http://127.0.0.1:9/evil.war",
        f"file://{tmp_path}/evil.war",
        f"{tmp_path}/evil.war",
        f"../{archive.name}",
        archive.name,
        "evil.war",
    ):
        for headers, refusal in (({}, "Token Authorization failed"), ({"Authorization": f"Bearer {key}"}, url)):
            answer = httpx.post(f"{clean.management_url}/workflows", params={"url": url}, headers=headers)
            assert 400 <= answer.status_code < 500
            assert refusal in answer.json()["message"]


def test_a_key_that_died_is_renewed(clean: Serving, tmp_path: Path) -> None:
    put(clean, tiny_archive(tmp_path, "1"))
    keys = json.loads(clean.key_file.read_text())
    keys["management"]["key"] = keys["inference"]["key"] = "expired1"
    clean.key_file.write_text(json.dumps(keys))
    assert clean.server.describe(MODEL, "1") is not None
    assert answering_bundle(clean, "1")


def test_without_torchserve_the_message_says_what_to_do(tmp_path: Path) -> None:
    away = ModelServer("http://127.0.0.1:9", "http://127.0.0.1:9", tmp_path / "key_file.json")
    store = ModelStore(tmp_path / "store")
    archive = tiny_archive(tmp_path, "1")
    with pytest.raises(PublishError, match="make up"):
        publish(archive.path, archive.sha256, store, away)
    assert store.current(MODEL) is None
    (tmp_path / "key_file.json").write_text('{"management": {"key": "x"}}')
    with pytest.raises(PublishError, match="make up"):
        publish(archive.path, archive.sha256, store, away)


def test_nothing_to_roll_back_to(clean: Serving) -> None:
    with pytest.raises(PublishError, match="no previous version"):
        rollback(MODEL, clean.store, clean.server)
