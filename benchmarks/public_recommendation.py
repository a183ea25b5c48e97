"""The served recommender beside plain counting on public sets and on a real history.

    python -m benchmarks.public_recommendation {ml1m,lastfm,history} FOLDER [--seeds 0 1 2] [--change JSON]
                                               [--beside PYTHON]

`ml1m`: MovieLens-1M of github.com/asash/gSASRec-pytorch (train/input.txt, val/input.txt, val/output.txt); its published
validation, 512 users, NDCG@10: SASRec .1428, gSASRec .1974. `lastfm`: LastFM.txt of github.com/aHuiWang/CIKM2020-S3Rec,
leave-one-out; published HR@10/NDCG@10: SASRec .0688/.0390, S3-Rec .0743/.0427. `history`: one listener's files of
Spotify's, account data or (`--files 'Streaming_History_Audio*.json'`) extended, the last fifth of the plays. Full
ranking; the fusion is fitted on a validation span.
`--beside`: the Python of an environment with RecTools and implicit (`recommenders/rivals.py` says how it is made).
Their eSASRec, of the same sizes, and ALS answer the same moments and stand in the same table.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.recommenders.beside import rivals
from benchmarks.recommenders.judging import Judged, counting, judged, served, show
from benchmarks.recommenders.ours import thinned, train
from benchmarks.recommenders.sets import Set, history, lastfm, ml1m
from training.params import Params, RecommenderParams, read_params

NEEDS = "a public set or one real history"
SETS: dict[str, Callable[..., Set]] = {"ml1m": ml1m, "lastfm": lastfm, "history": history}
SETTINGS: dict[str, dict[str, Any]] = {
    "ml1m": {
        "window": 200,
        "width": 128,
        "batch_plays": 4096,
        "dropout": 0.3,
        "learning_rate": 0.002,
        "max_steps": 5000,
    },
    "lastfm": {"window": 50, "batch_plays": 1024, "dropout": 0.5, "learning_rate": 0.002, "max_steps": 800},
    "history": {
        "window": 64,
        "batch_plays": 1024,
        "dropout": 0.3,
        "learning_rate": 0.003,
        "max_steps": 300,
    },
}
SHARED = {"unheard_share": 0.0, "artist_cap": 10, "precision": "bfloat16"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("set", choices=SETS)
    parser.add_argument("folder", type=Path, help="where its files lie")
    parser.add_argument("--files", default="*StreamingHistory*.json", help="of a history: which in FOLDER")
    parser.add_argument("--zone", default="UTC", help="of a history: the listener's IANA time zone")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2], help="none: plain counting alone")
    parser.add_argument("--every", type=int, default=1, help="ask every n-th moment")
    parser.add_argument("--against", default="served", help="the ranker that the last column is the difference to")
    parser.add_argument("--beside", type=Path, help="the Python that has RecTools and implicit")
    parser.add_argument("--passes", type=int, default=8, help="of RecTools' training")
    parser.add_argument("--change", type=json.loads, default={}, help='settings as JSON, as {"max_steps": 100}')
    arguments = parser.parse_args()
    more = {"files": arguments.files, "zone": arguments.zone} if arguments.set == "history" else {}
    chosen = thinned(SETS[arguments.set](arguments.folder, **more), arguments.every)
    params = settings(arguments.set, arguments.change)
    catalogue = chosen.catalogue(chosen.when.validation_end)
    found = judged(chosen, catalogue)
    for name, answers in counting(chosen, catalogue).items():
        found.add(name, answers)
    if arguments.beside:
        add_rivals(found, params.recommender, arguments.beside, arguments.passes)
    for seed in arguments.seeds:
        add_ours(found, params.model_copy(update={"seed": seed}))
    against = arguments.against
    show(found.table(against if against in found.seeds else max(found.seeds, key=lambda name: sum(found.ndcg[name]))))


def settings(name: str, change: dict[str, Any]) -> Params:
    """The product's parameters with what a set needs otherwise."""
    params = read_params(Path(__file__).parent.parent / "params.yaml")
    recommender = type(params.recommender).model_validate(
        params.recommender.model_dump() | SHARED | {"max_seconds": 36_000} | SETTINGS[name] | change
    )
    return params.model_copy(update={"recommender": recommender})


def add_ours(found: Judged, params: Params) -> None:
    """One training of the product's recommender, alone and as it is served."""
    with TemporaryDirectory() as folder:
        for name, predictor in train(found.set, params, Path(folder)).items():
            run = f"{name} {params.seed}"
            found.add(run, served(found.set, predictor), family=name)
            print(f"{run}: NDCG@10 {sum(found.ndcg[run]) / len(found.set.asked):.4f}", flush=True)


def add_rivals(found: Judged, sizes: RecommenderParams, python: Path, passes: int) -> None:
    """RecTools' eSASRec after its last pass, each pass told as it comes, and implicit's ALS."""
    repeats = {"repeats": found.set.wish != "discover"}
    same = {name: getattr(sizes, name) for name in ("width", "layers", "heads", "window", "dropout")}
    for each in rivals(python, found.set, "esasrec", {**same, **repeats, "passes": passes}):
        found.add("RecTools eSASRec", each["answers"])
        ndcg = sum(found.ndcg["RecTools eSASRec"]) / len(found.set.asked)
        print(f"RecTools eSASRec, pass {each['pass']}: {each['cpu_s']:.0f} s of CPU, NDCG@10 {ndcg:.4f}", flush=True)
    for each in rivals(python, found.set, "als", {"width": sizes.width, **repeats}):
        found.add("implicit ALS", each["answers"])


if __name__ == "__main__":
    main()
