"""The deliberate commands on a real registry and a real TorchServe: a champion, a closed gate, force, and back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.tiny_habit import tiny_habit
from tests.support.torchserve import Serving, temporary_torchserve
from tests.training.synthetic import write_export
from training import paths
from training.__main__ import main
from training.packing import pack
from training.registry.versions import Candidate, Registry

ROOT = Path(__file__).parent.parent.parent
SMALL = {"split": {"validation_days": 14, "test_days": 21}, "evaluate": {"sessions_per_listener": 4}}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with temporary_torchserve(Path(tmp_path_factory.mktemp("serving"))) as serving:
        yield serving


@pytest.fixture
def registry(serving: Serving, empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A workplace with an export, and the variables that the running stack would set."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    content = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, values in SMALL.items():
        content[section] |= values
    paths.PARAMS.write_text(yaml.safe_dump(content))
    write_export(paths.EXPORT, listeners=3, days=100)
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    monkeypatch.setenv("INFERENCE_URL", serving.inference_url)
    monkeypatch.setenv("INFERENCE_MANAGEMENT_URL", serving.management_url)
    monkeypatch.setenv("INFERENCE_KEY_FILE", str(serving.key_file))
    monkeypatch.setenv("INFERENCE_MANIFEST", str(serving.manifest))
    return Registry(store)


def packed(registry: Registry, folder: Path, shift: float) -> str:
    """A registered and packed habit model; answers its version."""
    bundle = tiny_habit(folder / f"bundle-{shift}", shift=shift)
    snapshot = {"id": "s", "rows": {"plays": 1}, "until": None}
    version = registry.register(Candidate(bundle, "code", {}, {}, snapshot, [], {"shift": shift}, folder / "nothing"))
    archive = pack(bundle, version.number, folder / "habit.mar")
    registry.keep_archive("habit", version.number, archive.path, archive.sha256)
    return version.number


def serves(serving: Serving) -> str:
    current = serving.store.current("habit")
    assert current is not None
    request = tiny_request()
    assert serving.server.predict("habit", current.version, request).status == 200
    return current.version


def tiny_request() -> bytes:
    return b'{"now":"2026-01-05T18:00:00Z","time_zone":"UTC","plays":[],"candidates":[]}'


def test_a_worse_model_serves_only_by_force_and_an_equal_one_by_right(
    registry: Registry, serving: Serving, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = packed(registry, tmp_path, shift=0.0)
    assert main(["publish"]) == 0
    assert "recommender: no champion, nothing to serve" in capsys.readouterr().out
    assert serves(serving) == first

    worse = packed(registry, tmp_path, shift=3.0)
    assert main(["promote", "habit", worse]) == 1
    assert "may be worse than the champion" in capsys.readouterr().err
    assert serves(serving) == first
    assert registry.version("habit", worse).aliases == ["challenger"]

    assert main(["promote", "habit", worse, "--force"]) == 0
    champion = registry.champion("habit")
    assert champion is not None
    assert (serves(serving), champion.number) == (worse, worse)
    assert (champion.tags["gate"], champion.tags["gate_forced"]) == ("not passed", "true")

    assert main(["rollback", "habit"]) == 0
    assert serves(serving) == first
    assert registry.version("habit", first).aliases == ["champion"]

    equal = packed(registry, tmp_path, shift=0.001)
    assert main(["promote", "habit", equal]) == 0
    assert "no worse than the champion" in capsys.readouterr().out
    assert serves(serving) == equal
    assert registry.version("habit", equal).tags["gate"] == "passed"

    assert main(["promote", "habit", "17"]) == 1
    assert "habit has no version 17; there is 1, 2, 3" in capsys.readouterr().err


def test_a_registry_that_is_away_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert main(["publish"]) == 1
    assert "MLflow does not answer" in capsys.readouterr().err
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert main(["publish"]) == 1
    assert "MLFLOW_TRACKING_URI is not set" in capsys.readouterr().err
