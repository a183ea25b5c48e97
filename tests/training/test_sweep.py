"""The search sees nothing of the test span, keeps what it tried, and starts from what there is."""

import shutil
from pathlib import Path

import pytest
import yaml
from mlflow import MlflowClient

from tests.training.synthetic import write_embeddings, write_export
from training import paths, sweep
from training.data.sequences import listeners, spans
from training.params import read_params

ROOT = Path(__file__).parent.parent.parent


def test_two_trials_on_a_small_town(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "mlflow.db"
    shutil.copy(empty_store, store)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    content = yaml.safe_load((ROOT / "params.yaml").read_text())
    content["split"] |= {"validation_days": 21, "test_days": 21}
    content["recommender"] |= {"batch_plays": 64, "max_steps": 3, "fusion_moments": 12}
    content["evaluate"] |= {"sessions_per_listener": 1, "bootstrap_samples": 10}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(content))
    export = write_export(tmp_path / "export", listeners=3, days=100)
    write_embeddings(tmp_path / "embeddings.parquet")
    for name, path in (("PARAMS", "params.yaml"), ("EXPORT", "export"), ("EMBEDDINGS", "embeddings.parquet")):
        monkeypatch.setattr(paths, name, tmp_path / path)

    params = read_params(paths.PARAMS)
    when = spans(listeners(export.songs()), params.split)
    data, shorter = sweep.without_test(paths.EXPORT, params)
    seen = listeners(data.songs())
    assert max(each.plays.ended[-1] for each in seen) <= when.validation_end
    assert abs(spans(seen, shorter.split).validation_end - when.train_end) < 2 * 86400

    best = sweep.run("recommender", trials=2)
    assert set(best) == {"width", "layers", "window", "dropout", "unheard_share", "learning_rate"}
    client = MlflowClient(tracking_uri=f"sqlite:///{store}")
    experiment = client.get_experiment_by_name(sweep.EXPERIMENT)
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert set(runs) == {"recommender", "trial 0", "trial 1"}
    assert runs["trial 0"].data.params["width"] == str(params.recommender.width), "the present parameters come first"
    assert len(client.get_metric_history(runs["recommender"].info.run_id, "value")) == 2
