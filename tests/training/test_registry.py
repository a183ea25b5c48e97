"""The registry on a real MLflow store (a file of its own), with bundles that are real and small."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from modeling.bundle import Bundle
from tests.support.tiny_models import tiny_embedder
from tests.training.synthetic import write_export
from training import paths
from training.errors import RegistryError
from training.packing import pack
from training.registry.versions import Candidate, Registry
from training.stages import register

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def registry(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.chdir(tmp_path)  # where MLflow keeps artifacts of such a store
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    return Registry(f"sqlite:///{tmp_path / 'mlflow.db'}")


def candidate(bundle: Bundle, folder: Path, score: float = 0.5, serving_code: str = "code") -> Candidate:
    tables = folder / "evaluation"
    tables.mkdir(exist_ok=True)
    (tables / "per_unit.csv").write_text("unit,score\na,0.5\n")
    return Candidate(
        bundle=bundle,
        serving_code=serving_code,
        params={"seed": 7, "audio_embedder": {"width": 2}},
        tags={"git_commit": "abc", "data_snapshot": "d1", "rows_plays": "10"},
        snapshot={"id": "d1", "rows": {"plays": 10}, "until": None},
        curve=[(0, "loss", 2.0), (10, "loss", 1.0)],
        load=[(1, "system/cpu_utilization_percentage", 80.0), (3, "system/cpu_utilization_percentage", 90.0)],
        metrics={"retrieval": {"model": {"recall_at_1": score}}, "note": "kept as text", "missing": None},
        evaluation=tables,
    )


def test_a_training_that_ran_out_of_time_says_so_at_its_run_and_its_version(registry: Registry, tmp_path: Path) -> None:
    ending = {"stopped_by": "max_seconds", "steps": 80, "max_steps": 250}
    edges = {"validation_end": "2026-01-05T00:00:00+00:00"}
    bundle = replace(tiny_embedder(tmp_path / "a"), made_from={"training": ending, "spans": edges})
    given = replace(candidate(bundle, tmp_path), metrics={"training": ending})
    version = registry.register(given)
    assert version.tags["stopped_by"] == "max_seconds"
    run = registry.client.get_run(version.run_id)
    assert run.data.tags["stopped_by"] == "max_seconds"
    assert run.data.tags["validation_end"] == version.tags["validation_end"] == edges["validation_end"]
    assert run.data.metrics == {"loss": 1.0, "training.steps": 80, "training.max_steps": 250}


def test_adopted_weights_have_nothing_of_the_training_that_was_here_before(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `python -m training published`, MLflow showed the curve and the parameters of other weights."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    shutil.copy(ROOT / "params.yaml", paths.PARAMS)
    write_export(paths.EXPORT, listeners=1, days=10)
    tiny_embedder(paths.bundle_folder("audio_embedder"))
    paths.curve_file("audio_embedder").parent.mkdir(parents=True)
    paths.curve_file("audio_embedder").write_text("step,name,value\n0,loss,2.5\n")
    register.run("audio_embedder")
    champion = registry.champion("audio_embedder")
    assert champion is not None
    told = registry.client.get_run(champion.run_id).data
    assert (told.params, told.metrics) == ({}, {})


def test_the_same_bundle_twice_is_one_version(registry: Registry, tmp_path: Path) -> None:
    first = registry.register(candidate(tiny_embedder(tmp_path / "a", seed=1), tmp_path))
    again = registry.register(candidate(tiny_embedder(tmp_path / "b", seed=1), tmp_path))
    assert (first.number, again.number, first.run_id) == ("1", "1", again.run_id)
    assert again.aliases == ["champion"]


def test_the_same_bundle_served_by_other_code_is_another_version(registry: Registry, tmp_path: Path) -> None:
    bundle = tiny_embedder(tmp_path / "a")
    registry.register(candidate(bundle, tmp_path))
    second = registry.register(candidate(bundle, tmp_path, serving_code="another handler"))
    assert (second.number, second.aliases) == ("2", ["challenger"])


def test_another_bundle_is_a_challenger_until_it_is_crowned(registry: Registry, tmp_path: Path) -> None:
    registry.register(candidate(tiny_embedder(tmp_path / "a", seed=1), tmp_path))
    second = registry.register(candidate(tiny_embedder(tmp_path / "b", seed=2), tmp_path))
    assert (second.number, second.aliases) == ("2", ["challenger"])
    registry.crown("audio_embedder", "2", {"gate": "passed"})
    champion = registry.champion("audio_embedder")
    assert champion is not None
    assert (champion.number, champion.aliases, champion.tags["gate"]) == ("2", ["champion"], "passed")
    assert registry.version("audio_embedder", "1").aliases == ["previous"]


def test_a_run_tells_where_its_bundle_comes_from(registry: Registry, tmp_path: Path) -> None:
    version = registry.register(candidate(tiny_embedder(tmp_path / "a"), tmp_path))
    run = registry.client.get_run(str(version.run_id))
    assert run.data.tags["git_commit"] == "abc"
    assert run.data.params == {"seed": "7", "audio_embedder.width": "2"}
    assert run.data.metrics == {"retrieval.model.recall_at_1": 0.5, "loss": 1.0}, "curves of runs lie over each other"
    assert run.inputs is not None
    assert run.inputs.dataset_inputs[0].dataset.digest == "d1"
    children = registry.client.search_runs(
        [run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'", order_by=["attributes.start_time"]
    )
    assert [child.info.run_name for child in children] == ["fit audio_embedder", "evaluate audio_embedder"]
    curve = registry.client.get_metric_history(children[0].info.run_id, "loss")
    assert [(point.step, point.value) for point in curve] == [(0, 2.0), (10, 1.0)]
    load = registry.client.get_metric_history(children[0].info.run_id, "system/cpu_utilization_percentage")
    assert [(point.step, point.value) for point in load] == [(1, 80.0), (3, 90.0)]
    assert load[1].timestamp - load[0].timestamp == 2000, "MLflow draws it over time"
    kept = Path(registry.client.download_artifacts(run.info.run_id, "bundle", str(tmp_path)))
    assert Bundle.read(kept).identity == version.tags["bundle"]


def test_measured_anew_is_another_evaluation_not_another_version(registry: Registry, tmp_path: Path) -> None:
    bundle = tiny_embedder(tmp_path / "a")
    registry.register(candidate(bundle, tmp_path))
    registry.register(candidate(bundle, tmp_path))
    other = replace(candidate(bundle, tmp_path, score=0.75), measured_with={"evaluate": {"history_plays": 50}})
    version = registry.register(other)
    assert version.number == "1"
    run = registry.client.get_run(str(version.run_id))
    assert run.data.metrics["retrieval.model.recall_at_1"] == 0.75
    runs = registry.client.search_runs([run.info.experiment_id])
    with_params = {
        each.data.metrics["retrieval.model.recall_at_1"]: each.data.params
        for each in runs
        if str(each.info.run_name).startswith("evaluate")
    }
    assert with_params == {0.5: {}, 0.75: {"evaluate.history_plays": "50"}}, "each measurement says how it was made"
    assert sorted(str(each.info.run_name) for each in runs)[1:] == [
        "evaluate audio_embedder", "evaluate audio_embedder", "fit audio_embedder",
    ]  # fmt: skip


def test_a_version_keeps_one_archive(registry: Registry, tmp_path: Path) -> None:
    bundle = tiny_embedder(tmp_path / "a")
    registry.register(candidate(bundle, tmp_path))
    archive = pack(bundle, "1", tmp_path / "audio_embedder.mar")
    with pytest.raises(RegistryError, match="never packed"):
        registry.fetch_archive("audio_embedder", "1", tmp_path)
    for _ in range(2):
        registry.keep_archive("audio_embedder", "1", archive.path, archive.sha256)
    place = tmp_path / "fetched"
    place.mkdir()
    fetched, sha256 = registry.fetch_archive("audio_embedder", "1", place)
    assert (fetched.read_bytes(), sha256) == (archive.path.read_bytes(), archive.sha256)
    with pytest.raises(RegistryError, match="another archive"):
        registry.keep_archive("audio_embedder", "1", archive.path, "0" * 64)


def test_a_version_that_does_not_exist_is_named(registry: Registry, tmp_path: Path) -> None:
    registry.register(candidate(tiny_embedder(tmp_path / "a"), tmp_path))
    with pytest.raises(RegistryError, match="has no version 5; there is 1"):
        registry.version("audio_embedder", "5")
    assert registry.champion("habit") is None
    assert json.loads(json.dumps(registry.version_of("habit", "x", "code"))) is None
