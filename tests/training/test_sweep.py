"""The search sees nothing of the test span, keeps what it tried, and starts from what there is."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from mlflow import MlflowClient
from mlflow.entities import Run

from tests.training.small import write_small
from training import paths, sweep
from training.data.export_folder import ExportFolder
from training.data.sequences import listeners, spans
from training.params import Params, read_params


@pytest.fixture
def client(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """A folder to search in, and its empty MLflow. The present width and dropout lie outside of what is searched."""
    store = tmp_path / "mlflow.db"
    shutil.copy(empty_store, store)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    monkeypatch.chdir(tmp_path)
    write_small("recommender", max_steps=2, max_seconds=600)
    content = yaml.safe_load(paths.PARAMS.read_text())
    content["recommender"] |= {"dropout": 0.5}
    paths.PARAMS.write_text(yaml.safe_dump(content))
    return MlflowClient(tracking_uri=f"sqlite:///{store}")


def runs_of(client: MlflowClient) -> dict[str | None, Run]:
    experiment = client.get_experiment_by_name(sweep.EXPERIMENT)
    assert experiment is not None
    return {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}


@pytest.mark.usefixtures("client")
def test_the_search_does_not_see_the_test_span() -> None:
    params = read_params(paths.PARAMS)
    when = spans(listeners(ExportFolder(paths.EXPORT).songs()), params.split)
    data, shorter = sweep.without_test(paths.EXPORT, params)
    seen = listeners(data.songs())
    assert max(each.plays.ended[-1] for each in seen) <= when.validation_end
    assert abs(spans(seen, shorter.split).validation_end - when.train_end) < 2 * 86400


def test_two_trials_and_what_the_better_one_gains(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted = sweep.measured

    def flattered(model: str, data: ExportFolder, params: Params) -> sweep.Measured:
        """The trials are told apart by their dropout, so that the second one always wins; by listener it is even."""
        found = fitted(model, data, params)
        return replace(found, value=float(params.recommender.dropout < 0.5), per_unit={"ann": 0.5, "bob": 0.25})

    monkeypatch.setattr(sweep, "measured", flattered)
    best = sweep.run("recommender", trials=2)
    assert set(best) == {"width", "layers", "window", "dropout", "unheard_share", "learning_rate"}
    runs = runs_of(client)
    again = {f"{name}, seed {seed}" for name in ("best", "present") for seed in (8, 9, 10)}
    assert set(runs) == {"recommender", "trial 0", "trial 1", *again}
    first = runs["trial 0"].data.params
    assert (first["width"], first["dropout"]) == ("8", "0.5"), "the present parameters come first, wherever they lie"
    parent = runs["recommender"]
    assert len(client.get_metric_history(parent.info.run_id, "value")) == 2
    assert (parent.data.metrics["gain.low"], parent.data.metrics["gain.high"]) == (0.0, 0.0)
    assert "95 % interval +0.0000 to +0.0000" in capsys.readouterr().out
    assert parent.info.status == "FINISHED"


def test_a_search_that_breaks_does_not_look_as_if_it_ran_on(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> sweep.Measured:
        raise MemoryError

    monkeypatch.setattr(sweep, "measured", broken)
    with pytest.raises(MemoryError):
        sweep.run("recommender", trials=2)
    assert runs_of(client)["recommender"].info.status == "FAILED"
