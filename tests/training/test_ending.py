"""A training that its time ends is told of, at the console and in the metrics, and is served all the same."""

import json
import logging
from pathlib import Path

import pytest

from modeling.bundle import Bundle
from tests.training.small import SMALL, write_small
from tests.training.synthetic import write_export
from training import paths
from training.stages import evaluate, fit


@pytest.mark.parametrize("model", SMALL)
@pytest.mark.parametrize(("max_seconds", "steps", "stopped_by"), [(1e-6, 1, "max_seconds"), (600, 3, "max_steps")])
def test_of_every_training_it_is_known_what_ended_it(
    model: str,
    max_seconds: float,
    steps: int,
    stopped_by: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_small(model, max_steps=3, max_seconds=max_seconds)
    with caplog.at_level(logging.WARNING, logger="training"):
        fit.run(model)
    warnings = [record.getMessage() for record in caplog.records if record.name == "training.fitting"]
    assert [f"stopped after {steps} of 3 steps" in each for each in warnings] == [True] * (stopped_by == "max_seconds")
    assert set(Bundle.read(paths.bundle_folder(model)).made_from["spans"]) >= {
        "train_end",
        "validation_end",
        "test_begin",
    }
    evaluate.run(model)
    told = json.loads(paths.metrics_file(model).read_text())["training"]
    assert told == {"stopped_by": stopped_by, "steps": steps, "max_steps": 3, "devices": 1}


@pytest.mark.parametrize("model", SMALL)
def test_a_history_that_ends_before_training_does_leaves_the_model_out(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five weeks are all held out to measure on: this stopped the whole of `make train`."""
    monkeypatch.chdir(tmp_path)
    write_small(model, max_steps=3, max_seconds=600)
    write_export(paths.EXPORT, listeners=2, days=35)
    fit.run(model)
    evaluate.run(model)
    told = json.loads(paths.metrics_file(model).read_text())["absent"]
    assert "where training ends" in told
