"""A recommender of nine tracks by three artists with random weights: what is tested are rules, not taste."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save

from modeling.bundle import Bundle
from modeling.recommender.catalogue import CATALOGUE, VOCABULARY, Catalogue
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.spec import FEATURES, RecommenderSpec

TRACKS = [f"t{number}" for number in range(9)]
ARTISTS = ["artist:a", "artist:b", "artist:c"]


def catalogue(tracks: Sequence[str] = TRACKS, artists: Sequence[str] = ARTISTS) -> Catalogue:
    """Three tracks per artist. t0–t2 sound alike; t8 has no sound, and nobody played it."""
    random = np.random.default_rng(3)
    audio = random.normal(size=(9, 4))
    audio[1:3] = audio[0] + 0.01 * random.normal(size=(2, 4))
    audio /= np.linalg.norm(audio, axis=1, keepdims=True)
    audio[8] = 0
    learned = np.ones(9, dtype=bool)
    learned[8] = False
    return Catalogue(
        list(tracks), list(artists), np.repeat(np.arange(3), 3), learned, audio.astype(np.float32),
        np.array([0, 0, 0, 1, 1, 1, 1, 1, -1]), np.array([0.9, *[0.1] * 8]), np.array([0, 1, *[1] * 8]),
        np.array([4]), np.array([0.7]),
        np.array([0, 2, 3, *[3] * 7]), np.array([5, 8, 5]), np.array([0.2, 0.1, 0.05]),
    )  # fmt: skip


def tiny_recommender(folder: Path, tracks: Sequence[str] = TRACKS, artists: Sequence[str] = ARTISTS) -> Bundle:
    """A sealed recommender bundle of nine tracks by three artists."""
    weigh = {"network": 0.1, "season": 1.0, "own_next": 1.0}
    weights = tuple(weigh.get(name, 0.0) for name in FEATURES)
    spec = RecommenderSpec(
        width=8, layers=1, heads=2, window=6, audio_size=4, weights_opening=weights, weights_within=weights,
        weights_discover=weights, weights_few=weights, weights_new=weights, artist_cap=1, comfort_artist_cap=2,
        rediscover_listens=3, rediscover_silent_days=60.0,
    )  # fmt: skip
    torch.manual_seed(0)
    words = json.dumps({"tracks": tracks, "artists": artists}).encode()
    return Bundle.write(
        folder, model="recommender", spec=vars(spec), tensors=RecommenderNetwork(spec, 9, 3).state_dict(),
        files={VOCABULARY: words, CATALOGUE: save(catalogue(tracks, artists).tensors())},
    )  # fmt: skip
