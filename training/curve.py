"""The learning curve as a file: every pipeline writes it the same way, MLflow and DVC plot it."""

import csv
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers.logger import Logger
from lightning.pytorch.utilities import rank_zero_only


def begin_curve(path: Path) -> None:
    """A curve file without rows, which is also what a stage leaves that trained nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerow(("step", "name", "value"))


class CurveLogger(Logger):
    """Writes what a LightningModule logs to a CSV with the columns step, name, value."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        begin_curve(path)

    @property
    def name(self) -> str:
        return "curve"

    @property
    def version(self) -> str:
        return "0"

    @rank_zero_only
    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:
        """Nothing: the parameters are in params.yaml."""

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        with self.path.open("a", newline="") as file:
            writer = csv.writer(file)
            for name, value in metrics.items():
                if name != "epoch":
                    writer.writerow((step, name, f"{value:.6g}"))


def read_curve(path: Path) -> list[tuple[int, str, float]]:
    """The rows of a curve file."""
    with path.open(newline="") as file:
        return [(int(row["step"]), row["name"], float(row["value"])) for row in csv.DictReader(file)]
