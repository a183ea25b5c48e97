"""What a stage hands to a model's own code: one object in, one object out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from modeling.bundle import Predictor
from training.data.export_folder import ExportFolder
from training.params import Params


class NothingToLearn(ValueError):
    """A model cannot be trained from this export, and that is no fault: a history of a month, for example.

    The pipeline goes on without the model; what uses it has to do without.
    """


class NothingToMeasure(ValueError):
    """There is a model, and nothing in this export to measure it on."""


@dataclass(frozen=True)
class FitJob:
    """For `training.modules.<model>.fit(job) -> Bundle`."""

    params: Params
    data: ExportFolder
    out: Path
    """The bundle folder to write; absent or empty."""
    curve: Path
    """The learning curve to write: CSV with the columns step, name, value."""
    embeddings: Path
    """Parquet (track_key, embedding) of the audio embedder, without rows where it is absent; for the recommender."""
    devices: int = 1


@dataclass(frozen=True)
class EvaluationJob:
    """For `training.evaluate.<model>.evaluate(job) -> Evaluation`."""

    params: Params
    data: ExportFolder
    predictor: Predictor
    embeddings: Path


@dataclass(frozen=True)
class Evaluation:
    """What was measured. `metrics` nests at most two levels: `{"next_session": {"model": {"recall_at_10": …}}}`."""

    metrics: Mapping[str, Any]
    primary: str
    """Dotted name of the number that the gate compares; larger is better."""
    per_unit: Sequence[tuple[str, float]]
    """(listener or track key, the primary number there): the units of the paired bootstrap."""
    guarded: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    """Dotted name → the same of other numbers that must not break while the primary one gains; larger is better."""
    plots: Mapping[str, pa.Table] = field(default_factory=dict)
    """Plot name → its points, written as CSV."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Page name → HTML that needs nothing outside it; MLflow shows it among the run's artifacts."""
