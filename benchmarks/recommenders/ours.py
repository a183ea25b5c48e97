"""The product's recommender trained on a set: its own sequences, network, fusion and bundle, nothing made for it."""

import time
from pathlib import Path

import numpy as np

from benchmarks.recommenders.sets import Set
from modeling.bundle import load_predictor
from modeling.recommender.predictor import RecommenderPredictor
from modeling.recommender.spec import FEATURES, MOMENTS
from training.data.catalogue import recounted
from training.fitting import seed_everything
from training.modules.recommender import fit_network, seal, write_sequences
from training.params import Params
from training.recommending.fusion import fit_fusion

ALONE = dict.fromkeys(MOMENTS, tuple(1.0 if name == "network" else 0.0 for name in FEATURES))


def train(chosen: Set, params: Params, folder: Path) -> dict[str, RecommenderPredictor]:
    """Two predictors of one training: the network alone, and fused with the counts as it is served."""
    random = seed_everything(params.seed)
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = chosen.catalogue(chosen.when.train_end)
    began = time.process_time()
    sequences = write_sequences(folder / "sequences", chosen.everyone, catalogue, chosen.when.train_end)
    network, ending = fit_network(sequences, catalogue, params.recommender, random, folder / "curve.csv")
    cpu_s, plays = time.process_time() - began, ending.steps * params.recommender.batch_plays
    print(f"seed {params.seed}: {plays:,} plays in {cpu_s:.0f} s of CPU, {plays / cpu_s:,.0f} a second", flush=True)
    weights = fit_fusion(network, catalogue, chosen.everyone, chosen.when, params, random)
    moment = "discover" if chosen.wish == "discover" else "within"
    print(moment, {name: round(weight, 2) for name, weight in zip(FEATURES, weights[moment], strict=True)}, flush=True)
    catalogue = recounted(catalogue, chosen.catalogue(chosen.when.validation_end))
    found = {}
    for name, fusion in (("network alone", ALONE), ("served", weights)):
        bundle = seal(folder / name.replace(" ", "-"), network, catalogue, params.recommender, fusion, {})
        predictor = load_predictor(bundle.folder)
        assert isinstance(predictor, RecommenderPredictor)
        found[name] = predictor
    return found


def thinned(chosen: Set, every: int) -> Set:
    """The same set with every n-th moment asked."""
    kept = [chosen.asked[place] for place in np.arange(0, len(chosen.asked), every)]
    return Set(chosen.name, chosen.everyone, chosen.when, kept, chosen.wish, chosen.artists)
