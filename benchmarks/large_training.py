"""Time and memory of fitting the recommender to a catalogue of a million tracks, stage by stage.

    python -m benchmarks.large_training [--tracks 1000000] [--listeners 1000] [--plays 2000]
                                        [--negatives 4096] [--steps 300]

The pipeline's own functions in the pipeline's own order, with `negatives` drawn per step, since all of a million are
out of reach. Histories are drawn by chance, some tracks played far more often than others: what is measured is time and
memory, not taste. Every track has a sound. The peak is that of the process so far.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import torch
from rich.console import Console
from rich.table import Table

from benchmarks.large_catalogue import AUDIO_SIZE, TRACKS_PER_ARTIST
from benchmarks.recommenders.sets import END
from modeling.bundle import load_predictor
from modeling.plays import Plays
from training.data.catalogue import build_catalogue, recounted
from training.data.export_folder import TRACKS
from training.data.sequences import DAY_S, Listener, spans
from training.fitting import seed_everything
from training.modules.recommender import fit_network, seal, write_sequences
from training.params import Params, read_params
from training.recommending.fusion import fit_fusion

NEEDS = "7 GB of memory and a quarter of an hour"

DAYS = 400
SESSION_PLAYS, PLAY_S = 15, 240.0
OWN_TRACKS = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--plays", type=int, default=2_000, help="of a listener")
    parser.add_argument("--negatives", type=int, default=4_096)
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    params = read_params(Path(__file__).parent.parent / "params.yaml")
    more = {"negatives": asked.negatives, "max_steps": asked.steps, "max_seconds": 36_000}
    params = params.model_copy(update={"recommender": params.recommender.model_copy(update=more)})
    table = Table(title=f"{asked.tracks:,} tracks, {asked.listeners:,} × {asked.plays:,} plays, one thread")
    for column in ("stage", "s", "of it processor, s", "peak memory, GB"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    fit(params, asked.tracks, asked.listeners, asked.plays, table)
    Console(width=100).print(table)


def fit(params: Params, tracks: int, listeners: int, plays: int, table: Table) -> None:
    @contextmanager
    def stage(name: str) -> Iterator[None]:
        wall, cpu = time.monotonic(), time.process_time()
        yield
        took = time.monotonic() - wall, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        table.add_row(name, f"{took[0]:.0f}", f"{took[1]:.0f}", f"{peak:.1f}")
        print(f"{name}: {took[0]:.0f} s, {took[1]:.0f} s of processor time, {peak:.1f} GB at most so far", flush=True)

    random = seed_everything(params.seed)
    with stage("what is given"):
        rows, sound, everyone = _given(tracks, listeners, plays)
        when = spans(everyone, params.split)
    with stage("catalogue"):
        catalogue = build_catalogue(rows, sound, everyone, when.train_end)
    with TemporaryDirectory() as folder:
        with stage("sequences"):
            sequences = write_sequences(Path(folder) / "sequences", everyone, catalogue, when.train_end)
        with stage(f"network, {params.recommender.max_steps} steps"):
            network, _ = fit_network(sequences, catalogue, params.recommender, random, Path(folder) / "curve.csv")
        with stage("fusion"):
            weights = fit_fusion(network, catalogue, everyone, when, params, random)
        with stage("catalogue again"):
            catalogue = recounted(catalogue, build_catalogue(rows, sound, everyone, when.validation_end))
        with stage("bundle"):
            bundle = seal(Path(folder) / "bundle", network, catalogue, params.recommender, weights, {})
        with stage("reading it"):
            load_predictor(bundle.folder)


def _given(tracks: int, listeners: int, plays: int) -> tuple[pa.Table, tuple[list[str], np.ndarray], list[Listener]]:
    """Tracks, their sounds, and listeners with a few hundred tracks each, half of them from what many listen to."""
    random = np.random.default_rng(0)
    keys = [f"track:{number:07d}" for number in range(tracks)]
    artists = [f"artist:{number:06d}" for number in range(max(1, tracks // TRACKS_PER_ARTIST))]
    artist_of = np.arange(tracks) % len(artists)
    of = pa.array(artists).take(pa.array(artist_of))
    nothing = pa.nulls(tracks)
    columns = {
        "track_key": pa.array(keys), "kind": pa.array(["song"] * tracks), "title": pa.array(keys), "artist_key": of,
        "artist_name": of,
    }  # fmt: skip
    rows = pa.table({name: columns.get(name, nothing) for name in TRACKS.names}).cast(TRACKS)
    audio = random.standard_normal((tracks, AUDIO_SIZE), dtype=np.float32)
    return rows, (keys, audio), [_listener(number, keys, artists, artist_of, plays) for number in range(listeners)]


def _listener(number: int, keys: list[str], artists: list[str], artist_of: np.ndarray, plays: int) -> Listener:
    random = np.random.default_rng(number + 1)
    popular = (len(keys) * random.random(OWN_TRACKS // 2) ** 4).astype(np.int64)
    own = np.concatenate([popular, random.integers(len(keys), size=OWN_TRACKS // 2)])
    track = own[(len(own) * random.random(plays) ** 2).astype(np.int64)]
    sessions = -(-plays // SESSION_PLAYS)
    begins = np.sort(random.choice(DAYS * 24, size=sessions, replace=False)) * 3600.0
    ended = END - DAYS * DAY_S + np.repeat(begins, SESSION_PLAYS)[:plays] + PLAY_S * (np.arange(plays) % SESSION_PLAYS)
    unknown, none = np.full(plays, -1, np.int8), np.zeros(plays, np.int8)
    ms = np.full(plays, 1000 * PLAY_S)
    ms[random.random(plays) < 0.1] = 9_000.0
    told = Plays(
        keys, artists, track.astype(np.int32), artist_of[track].astype(np.int32), ended - ms / 1000, ended, ms,
        unknown, unknown, none, none,
    )  # fmt: skip
    return Listener(f"{number:06d}", ZoneInfo("Europe/Prague"), told)


if __name__ == "__main__":
    main()
