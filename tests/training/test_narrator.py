"""The narrator's way into the registry: from a file in the data folder, once."""

import shutil
from pathlib import Path

import pytest

from tests.modeling.narrator.tiny_gguf import write_tiny_gguf
from tests.training.synthetic import write_export
from training import narrator, paths
from training.packing import read_archive
from training.registry.versions import Registry

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def registry(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """An empty registry, and a folder with an export and parameters to run stages in."""
    store = tmp_path / "mlflow.db"
    shutil.copy(empty_store, store)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "stack"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    shutil.copy(ROOT / "params.yaml", tmp_path / "params.yaml")
    write_export(paths.EXPORT)
    return Registry(f"sqlite:///{store}")


def test_weights_become_one_packed_version(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrator.adopt()
    assert "no weights" in capsys.readouterr().out
    assert registry.champion("narrator") is None

    (tmp_path / "stack" / "narrator").mkdir(parents=True)
    write_tiny_gguf(tmp_path / "stack" / "narrator" / "tiny.gguf")
    narrator.adopt()
    champion = registry.champion("narrator")
    assert champion is not None
    archive = read_archive(paths.archive_folder("narrator") / "narrator.mar")
    assert (archive.version, archive.sha256) == (champion.number, champion.tags["archive_sha256"])
    assert not paths.bundle_folder("narrator").exists(), "the archive and the registry have it"

    capsys.readouterr()
    narrator.adopt()
    assert "packed already" in capsys.readouterr().out

    shutil.rmtree(paths.archive_folder("narrator"))
    narrator.adopt()
    again = registry.champion("narrator")
    assert again is not None
    assert again.number == champion.number, "the same weights are the same version"
