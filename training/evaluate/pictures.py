"""Pictures that MLflow shows beside a run. matplotlib comes with MLflow."""

from pathlib import Path

import pyarrow as pa
from matplotlib.figure import Figure


def reliability_picture(table: pa.Table, path: Path) -> None:
    """What was said against how often it happened, a line per head (columns name, said, happened)."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="as often as said")
    rows = table.to_pylist()
    for name in dict.fromkeys(row["name"] for row in rows):
        mine = [row for row in rows if row["name"] == name]
        axes.plot([row["said"] for row in mine], [row["happened"] for row in mine], marker="o", label=name)
    axes.set(xlabel="chance that was said", ylabel="share that happened", xlim=(0, 1), ylim=(0, 1))
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Software": None})  # the same bytes with any version of matplotlib's name
