"""The served recommender beside plain counting on public sets and on a real account export.

    python -m benchmarks.public_recommendation {ml1m,lastfm,account} FOLDER [--seeds 0 1 2] [--set steps=… …]

`ml1m`: MovieLens-1M of github.com/asash/gSASRec-pytorch (train/input.txt, val/input.txt, val/output.txt); its published
validation, 512 users, NDCG@10: SASRec .1428, gSASRec .1974. `lastfm`: LastFM.txt of github.com/aHuiWang/CIKM2020-S3Rec,
leave-one-out; published HR@10/NDCG@10: SASRec .0688/.0390, S3-Rec .0743/.0427. `account`: a folder with Spotify's
StreamingHistory*.json, the last fifth of the plays. Full ranking; the fusion is fitted on a validation span.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.recommenders.judging import counting, judged, served, show
from benchmarks.recommenders.ours import thinned, train
from benchmarks.recommenders.sets import Set, account_history, lastfm, ml1m
from training.params import Params, read_params

NEEDS = "a public set or an account export"
SETS = {"ml1m": ml1m, "lastfm": lastfm, "account": account_history}
SETTINGS: dict[str, dict[str, Any]] = {
    "ml1m": {"window": 200, "batch_plays": 4096, "dropout": 0.2, "learning_rate": 0.004, "max_steps": 2400},
    "lastfm": {"window": 50, "batch_plays": 1024, "dropout": 0.4, "learning_rate": 0.002, "max_steps": 400},
    "account": {"window": 64, "batch_plays": 1024, "dropout": 0.3, "learning_rate": 0.003, "max_steps": 300},
}
SHARED = {"unheard_share": 0.0, "artist_cap": 10, "precision": "bfloat16", "fusion_moments": 600}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("set", choices=SETS)
    parser.add_argument("folder", type=Path, help="where its files lie")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2], help="none: plain counting alone")
    parser.add_argument("--every", type=int, default=1, help="ask every n-th moment")
    parser.add_argument("--against", default="served", help="the ranker that the last column is the difference to")
    parser.add_argument("--change", type=json.loads, default={}, help='settings as JSON, as {"max_steps": 100}')
    arguments = parser.parse_args()
    chosen = thinned(SETS[arguments.set](arguments.folder), arguments.every)
    compare(chosen, settings(arguments.set, arguments.change), arguments.seeds, arguments.against)


def settings(name: str, change: dict[str, Any]) -> Params:
    """The product's parameters with what a set needs otherwise."""
    params = read_params(Path(__file__).parent.parent / "params.yaml")
    recommender = type(params.recommender).model_validate(
        params.recommender.model_dump() | SHARED | {"max_seconds": 36_000} | SETTINGS[name] | change
    )
    return params.model_copy(update={"recommender": recommender})


def compare(chosen: Set, params: Params, seeds: list[int], against: str) -> None:
    """Train once per seed, ask everybody, print one table."""
    catalogue = chosen.catalogue()
    found = judged(chosen, catalogue)
    for name, answers in counting(chosen, catalogue).items():
        found.add(name, answers)
    for seed in seeds:
        with TemporaryDirectory() as folder:
            predictors = train(chosen, catalogue, params.model_copy(update={"seed": seed}), Path(folder))
            for name, predictor in predictors.items():
                found.add(f"{name} {seed}", served(chosen, predictor), family=name)
    show(found.table(against if against in found.seeds else max(found.seeds, key=lambda name: sum(found.ndcg[name]))))


if __name__ == "__main__":
    main()
