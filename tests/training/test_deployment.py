"""The deliberate commands on a real registry and a real TorchServe: a champion, a closed gate, force, and back."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
import yaml

from modeling.bundle import Bundle
from tests.support.tiny_habit import tiny_habit
from tests.support.torchserve import Serving, temporary_torchserve
from tests.training.synthetic import write_export
from training import paths
from training.__main__ import main
from training.packing import pack
from training.registry.versions import Candidate, Registry, Version

ROOT = Path(__file__).parent.parent.parent
SMALL = {"split": {"validation_days": 14, "test_days": 21}, "evaluate": {"sessions_per_listener": 4}}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with temporary_torchserve(Path(tmp_path_factory.mktemp("serving"))) as serving:
        yield serving


@pytest.fixture(autouse=True)
def nothing_serves(serving: Serving) -> Iterator[None]:
    yield
    loaded = [version for version in ("1", "2", "3") if serving.server.describe("habit", version)]
    if loaded:
        serving.server.make_default("habit", loaded[0])
    for version in reversed(loaded):
        serving.server.unregister("habit", version)
    serving.manifest.unlink(missing_ok=True)


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


def registered(registry: Registry, folder: Path, shift: float) -> tuple[Bundle, Version]:
    bundle = tiny_habit(folder / f"bundle-{shift}", shift=shift)
    snapshot = {"id": "s", "rows": {"plays": 1}, "until": None}
    given = Candidate(bundle, "code", {}, {}, snapshot, [], {"shift": shift}, folder / "nothing")
    return bundle, registry.register(given)


def packed(registry: Registry, folder: Path, shift: float) -> str:
    """A registered and packed habit model; answers its version."""
    bundle, version = registered(registry, folder, shift)
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
    refused = registry.version("habit", worse)
    assert refused.aliases == ["challenger"]
    assert (refused.tags["gate"], refused.tags["gate_forced"]) == ("not passed", "false")
    assert "FAILS forecast" in refused.tags["gate_difference"], "what it was refused for can be looked up"

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


def test_a_champion_that_was_never_packed_stands_in_nobodys_way(
    registry: Registry, serving: Serving, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make train` was interrupted between registering and packing, then something changed and it ran to its end."""
    _, first = registered(registry, tmp_path, shift=0.0)
    assert main(["publish", "habit", "recommender"]) == 1
    said = capsys.readouterr()
    assert "1 was never packed" in said.err
    assert "recommender: no champion" in said.out, "one model without an archive must not keep the others out"

    second = packed(registry, tmp_path, shift=0.5)
    assert registry.version("habit", second).aliases == ["champion"]
    assert main(["publish", "habit"]) == 0
    assert serves(serving) == second

    registry.client.set_registered_model_alias("habit", "champion", first.number)  # as older code left it
    assert main(["promote", "habit", second]) == 0
    assert "1 was never packed and never served" in capsys.readouterr().out
    champion = registry.champion("habit")
    assert champion is not None
    assert champion.number == second


def test_an_archive_that_is_gone_keeps_no_other_model_out(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = registry.version("habit", packed(registry, tmp_path, shift=0.0))
    kept = urlparse(str(registry.client.get_run(version.run_id).info.artifact_uri)).path
    shutil.rmtree(Path(kept) / "archive")
    assert main(["publish", "habit", "recommender"]) == 1
    said = capsys.readouterr()
    assert "the archive of habit 1 is not in the registry" in said.err
    assert "recommender: no champion" in said.out


def test_what_cannot_be_compared_is_promoted_by_force_alone(
    registry: Registry, serving: Serving, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(registry, tmp_path, shift=0.0)
    second = packed(registry, tmp_path, shift=0.25)
    shutil.rmtree(paths.EXPORT)
    assert main(["promote", "habit", second]) == 1
    assert "cannot be compared" in capsys.readouterr().err
    assert main(["promote", "habit", second, "--force"]) == 0
    assert serves(serving) == second
    assert registry.version("habit", second).tags["gate_forced"] == "true"


def test_rolled_back_while_the_registry_is_away_stays_rolled_back(
    registry: Registry,
    serving: Serving,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = packed(registry, tmp_path, shift=0.0)
    bad = packed(registry, tmp_path, shift=3.0)
    assert main(["promote", "habit", good]) == 0
    assert main(["promote", "habit", bad, "--force"]) == 0
    address = os.environ["MLFLOW_TRACKING_URI"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert main(["rollback", "habit"]) == 0
    assert "rolled back, registry not told" in capsys.readouterr().out
    assert serves(serving) == good
    assert main(["rollback", "habit"]) == 1
    assert f"serves since it was rolled back from {bad}" in capsys.readouterr().err
    assert serves(serving) == good, "trying again must not bring the bad version back"

    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    assert registry.version("habit", bad).aliases == ["champion"], "the registry still believes so"
    assert main(["publish", "habit"]) == 0
    assert serves(serving) == good, "make train must not bring the bad version back"
    assert registry.version("habit", good).aliases == ["champion"]
    assert main(["rollback", "habit"]) == 1
    assert serves(serving) == good

    assert main(["promote", "habit", bad, "--force"]) == 0
    assert serves(serving) == bad, "said in so many words, it may serve again"
    assert main(["rollback", "habit"]) == 0
    assert serves(serving) == good


def test_a_registry_that_is_away_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert main(["publish"]) == 1
    assert "MLflow does not answer" in capsys.readouterr().err
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert main(["publish"]) == 1
    assert "MLFLOW_TRACKING_URI is not set" in capsys.readouterr().err
