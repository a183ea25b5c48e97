"""RecTools' and implicit's models on the interactions of one file, in an environment of their own.

    PYTHON benchmarks/recommenders/rivals.py IN.npz OUT.json {esasrec,als} [--passes 8] [--seconds 600] [--window 50] …

Run by the measurements, with the Python of an environment made by
`python3.11 -m venv DIR && DIR/bin/pip install 'rectools[torch]==0.19.0' implicit==0.7.3 'numpy<2'`: RecTools needs an
older numpy than Tonearm. It imports nothing of ours. IN holds `user`, `item` and `place` of every play of a history,
`learned` (may be trained on) and `asked` (users); OUT gets, after each pass, the time so far and ten items per user.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from implicit.als import AlternatingLeastSquares
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel
from rectools.models.nn.transformers.ligr import LiGRLayers
from scipy import sparse

K = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("given", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("model", choices=["esasrec", "als"])
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=600, help="of processor time; no pass begins after it")
    parser.add_argument("--window", type=int, default=50)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--rows", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.001)
    parser.add_argument("--negatives", type=int, default=0, help="0: softmax over all items")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeats", action="store_true", help="what was played before may be answered")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    arrays = dict(np.load(asked.given))
    torch.manual_seed(asked.seed)
    steps = esasrec(asked, arrays) if asked.model == "esasrec" else als(asked, arrays)
    curve: list[dict[str, Any]] = []
    cpu, wall = 0.0, 0.0
    began = time.process_time(), time.monotonic()
    for answer in steps:
        cpu, wall = cpu + time.process_time() - began[0], wall + time.monotonic() - began[1]
        curve.append({"pass": len(curve) + 1, "cpu_s": cpu, "wall_s": wall, "answers": answer()})
        asked.out.write_text(json.dumps(curve))
        if cpu > asked.seconds:
            break
        began = time.process_time(), time.monotonic()


def dataset(arrays: Mapping[str, np.ndarray], kept: np.ndarray) -> Dataset:
    rows = pd.DataFrame(
        {
            Columns.User: arrays["user"][kept],
            Columns.Item: arrays["item"][kept],
            Columns.Weight: 1.0,
            Columns.Datetime: pd.Timestamp("2026-01-01") + pd.to_timedelta(arrays["place"][kept], unit="s"),
        }
    )
    return Dataset.construct(rows)


Answer = Callable[[], list[list[int]]]
"""Ten items per asked user, best first."""


def esasrec(asked: argparse.Namespace, arrays: Mapping[str, np.ndarray]) -> Iterator[Answer]:
    """RecTools' strongest recipe: SASRec with LiGR layers and a softmax over all or over drawn items. A step a pass."""
    learned, whole = dataset(arrays, arrays["learned"]), dataset(arrays, np.ones(len(arrays["user"]), dtype=bool))
    model = SASRecModel(
        n_blocks=asked.layers,
        n_heads=asked.heads,
        n_factors=asked.width,
        dropout_rate=asked.dropout,
        session_max_len=asked.window,
        loss="sampled_softmax" if asked.negatives else "softmax",
        n_negatives=asked.negatives or 1,
        lr=asked.learning_rate,
        batch_size=asked.rows,
        transformer_layers_type=LiGRLayers,
        epochs=1,
        recommend_torch_device="cpu",
    )

    def answer() -> list[list[int]]:
        users = arrays["asked"]
        table = model.recommend(users, whole, k=K, filter_viewed=not asked.repeats, on_unsupported_targets="ignore")
        table = table.sort_values([Columns.User, Columns.Rank])
        by_user = {user: group[Columns.Item].tolist() for user, group in table.groupby(Columns.User)}
        return [by_user.get(user, []) for user in users.tolist()]

    for _ in range(asked.passes):
        model.fit_partial(learned, min_epochs=1, max_epochs=1)
        yield answer


def als(asked: argparse.Namespace, arrays: Mapping[str, np.ndarray]) -> Iterator[Answer]:
    """implicit's ALS, one step. Confidence 1 + 10 per play; a user's factors are solved anew from the whole history."""
    shape = int(arrays["user"].max()) + 1, int(arrays["item"].max()) + 1

    def counted(kept: np.ndarray) -> sparse.csr_matrix:
        ones = np.ones(int(kept.sum()), dtype=np.float32)
        return sparse.csr_matrix((ones, (arrays["user"][kept], arrays["item"][kept])), shape=shape)

    learned, whole = counted(arrays["learned"]), counted(np.ones(len(arrays["user"]), dtype=bool))
    model = AlternatingLeastSquares(
        factors=asked.width, iterations=15, alpha=10, regularization=0.05, num_threads=1, random_state=asked.seed
    )
    model.fit(learned, show_progress=False)
    users = arrays["asked"]
    items, _ = model.recommend(
        users, whole[users], N=K, filter_already_liked_items=not asked.repeats, recalculate_user=True
    )
    yield items.tolist


if __name__ == "__main__":
    main()
