"""Time and memory of one recommendation from a catalogue of a million tracks, through the served predictor.

    python -m benchmarks.large_catalogue [--tracks 1000000] [--plays 4000] [--requests 20]

Weights, sounds and neighbours are drawn by chance: what is measured is time and memory, not taste. The bundle lies in a
temporary folder, 1 GB for a million tracks, and is read through the door that TorchServe uses.
"""

import argparse
import json
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from benchmarks.recommenders.sets import END
from modeling.bundle import load_predictor
from modeling.recommender.catalogue import Catalogue
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.spec import FEATURES, MOMENTS
from training.data.catalogue import MOST_GROUPS
from training.evaluate.requests import instant
from training.modules.recommender import seal, spec_of
from training.params import read_params

AUDIO_SIZE = 128
TRACKS_PER_ARTIST = 10
NEIGHBOURS = 20
"""Of each kind per track; a real catalogue has at most 50 followers and 100 companions, and most tracks have none."""
SMALL = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--plays", type=int, default=4_000)
    parser.add_argument("--requests", type=int, default=20)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    table = Table(title=f"{asked.plays:,} plays a request, one thread, {asked.requests} requests a row")
    for column in (
        "tracks",
        "wish",
        "median, ms",
        "slowest, ms",
        "of it processor, ms",
        "loading, s",
        "peak memory, MB",
    ):
        table.add_column(column, justify="right")
    for tracks in (SMALL, asked.tracks):
        measure(tracks, asked.plays, asked.requests, table)
    Console(width=140).print(table)


def measure(tracks: int, plays: int, requests: int, table: Table) -> None:
    """One catalogue, three wishes. The peak is that of the process so far, so sizes must grow."""
    with TemporaryDirectory() as folder:
        write(Path(folder) / "bundle", tracks)
        began = time.perf_counter()
        predictor = load_predictor(Path(folder) / "bundle")
        loading = time.perf_counter() - began
        for wish in ("comfort", "discover", "rediscover"):
            body = request(tracks, plays, wish)
            predictor.predict([body])
            took = []
            cpu = time.process_time()
            for _ in range(requests):
                began = time.perf_counter()
                predictor.predict([body])
                took.append(1e3 * (time.perf_counter() - began))
            cpu_ms = 1e3 * (time.process_time() - cpu) / requests
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            table.add_row(
                f"{tracks:,}", wish, f"{np.median(took):.0f}", f"{max(took):.0f}", f"{cpu_ms:.0f}", f"{loading:.1f}",
                f"{peak:,.0f}",
            )  # fmt: skip


def write(folder: Path, tracks: int) -> None:
    """A bundle of the product's own shape around tensors of chance."""
    random = np.random.default_rng(0)
    audio = random.standard_normal((tracks, AUDIO_SIZE), dtype=np.float32)
    audio /= np.linalg.norm(audio, axis=1, keepdims=True)
    start = np.arange(tracks + 1) * NEIGHBOURS
    near = random.integers(tracks, size=tracks * NEIGHBOURS, dtype=np.int32)
    share = random.random(len(near), dtype=np.float32) / NEIGHBOURS
    artists = max(1, tracks // TRACKS_PER_ARTIST)
    catalogue = Catalogue(
        [f"track:{number:07d}" for number in range(tracks)],
        [f"artist:{number:06d}" for number in range(artists)],
        np.arange(tracks) % artists, random.random(tracks) < 0.9, audio,
        random.integers(MOST_GROUPS, size=tracks, dtype=np.int32), random.random(tracks) ** 8, start, near, share,
        start, near, share,
    )  # fmt: skip
    params = read_params(Path(__file__).parent.parent / "params.yaml").recommender
    network = RecommenderNetwork(spec_of(catalogue, params), tracks, artists)
    seal(folder, network, catalogue, params, dict.fromkeys(MOMENTS, tuple(0.5 for _ in FEATURES)), {})


def request(tracks: int, plays: int, wish: str) -> bytes:
    """A listener with a few hundred tracks, one of them every four minutes."""
    random = np.random.default_rng(1)
    own = random.integers(tracks, size=min(600, tracks))
    artists = max(1, tracks // TRACKS_PER_ARTIST)
    rows = [
        {"track": f"track:{own[which]:07d}", "artist": f"artist:{own[which] % artists:06d}", "skipped": False,
         "ended_at": instant(END - 240 * (plays - place) - 90 * 86400 * (place < plays // 2)), "ms_played": 180_000}
        for place, which in enumerate(random.integers(len(own), size=plays))
    ]  # fmt: skip
    more = {"wish": wish, "limit": 50, "exclude": []}
    return json.dumps({"now": instant(END), "time_zone": "Europe/Prague", "plays": rows, **more}).encode()


if __name__ == "__main__":
    main()
