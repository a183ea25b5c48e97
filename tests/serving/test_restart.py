"""After a restart TorchServe serves what the manifest names, as the manifest names it, and nothing altered."""

import json
import shutil
from pathlib import Path

from serving.config.render import BATCHING
from tests.support.tiny_models import tiny_archive, tone
from tests.support.torchserve import temporary_torchserve
from training.publishing import ModelStore, Published

MODEL = "audio_embedder"


def test_a_restarted_server_equals_its_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "model_store"
    folder.mkdir()
    store = ModelStore(folder)
    versions: list[Published] = []
    for version in ("1", "2"):
        archive = tiny_archive(tmp_path / "packed", version)
        shutil.copyfile(archive.path, folder / archive.path.name)
        versions.append(Published(version, archive.path.name, archive.sha256, archive.bundle))
    store.switch(MODEL, versions[1], versions[0])
    store.switch("habit", Published("7", "habit-7.mar", "0" * 64, "0" * 64), None)

    with temporary_torchserve(tmp_path) as serving:
        for published in versions:
            described = serving.server.describe(MODEL, published.version)
            assert described is not None
            intended = BATCHING[MODEL]
            assert (described["batchSize"], described["maxBatchDelay"]) == (intended.batch_size, 1)
            assert (described["minWorkers"], described["maxWorkers"]) == (intended.workers, intended.workers)
            assert described["responseTimeout"] == intended.response_timeout_s
            answer = json.loads(serving.server.predict(MODEL, published.version, tone()).body)
            assert answer["bundle"] == published.bundle[:12]
        assert serving.server.describe("habit", "7") is None, "an archive that is missing is left out"
    assert "habit 7 is not loaded" in (tmp_path / "inference.log").read_text()
