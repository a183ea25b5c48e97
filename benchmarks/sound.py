"""How well an embedder hears, through the served predictor: instruments, passages of music, and the town.

    python -m benchmarks.sound --bundle FOLDER [--bundle FOLDER …] [--instruments FOLDER] [--tracks FOLDER]
                               [--library FOLDER --truth truth.json] [--export FOLDER] [--teacher musicnn.whl]

`--instruments`: a folder of short samples; the class is what stands before the first `_` of a file's name. Leave-one-
out nearest neighbour by cosine of z-scored embeddings, as the bars of the field were measured (Debian's sonic-pi-
samples: apt-get download sonic-pi-samples; dpkg -x). Nothing of that folder may have been trained or tuned on.
`--tracks`: a folder of music; does the nearest of all other segments (six per track) come from the same track, and
does the nearest of all other passages of ten seconds (six per track)? With `--every-moment` also for all consecutive
0.96 s of each track, and for those more than two and five seconds apart (a few minutes per way of hearing).
`--library`: tagged files of the demo town with its truth file: same artist, album and style among the ten nearest.
`--export`: an export of the same town (`python -m benchmarks.town_export`): tracks that were held out, ranked for each
listener by nothing but their sound, against chance and against popularity (which a truly cold track has not).

Bundles should differ in the seed alone: the table gives the mean over them with an interval of 95 % (bootstrap over
samples, tracks or queries, and over seeds), and the least and most of any seed.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.hearing_moments import every_moment
from benchmarks.hearing_questions import Hits, audio_in, cold_baselines, cold_tracks, instruments, town, tracks
from benchmarks.hearing_ways import Hear, mel_statistics, served, taught, untrained
from modeling.bundle import load_predictor
from training.data.export_folder import ExportFolder
from training.hearing.teacher import Musicnn

NEEDS = "a bundle (--bundle)"

SAMPLES = 2_000


def interval(runs: Sequence[Hits], random: np.random.Generator) -> tuple[float, float, float]:
    """Mean over seeds and units, with the middle 95 % of redraws of both."""
    table = np.array(runs)
    draws = [
        table[random.integers(len(table), size=len(table))][
            :, random.integers(table.shape[1], size=table.shape[1])
        ].mean()
        for _ in range(SAMPLES)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(table.mean()), float(low), float(high)


def report(title: str, measured: Mapping[str, Sequence[Mapping[str, Hits]]]) -> dict[str, dict[str, dict[str, float]]]:
    """Print one table: a row per way of hearing, a column per question."""
    random = np.random.default_rng(0)
    names = list(next(iter(measured.values()))[0])
    table = Table("", *names, title=title)
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for row, runs in measured.items():
        cells: list[str] = []
        figures[row] = {}
        for name in names:
            hits = [run[name] for run in runs]
            mean, low, high = interval(hits, random)
            seeds = [float(each.mean()) for each in hits]
            figures[row][name] = {"mean": mean, "low": low, "high": high, "least": min(seeds), "most": max(seeds)}
            spread = f"; {min(seeds):.3f} to {max(seeds):.3f} by seed" if len(seeds) > 1 else ""
            cells.append(f"{mean:.3f} ({low:.3f} to {high:.3f}{spread})")
        table.add_row(row, *cells)
    Console(width=160).print(table)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, action="append", required=True)
    parser.add_argument("--instruments", type=Path)
    parser.add_argument("--tracks", type=Path)
    parser.add_argument("--every-moment", action="store_true", help="all consecutive moments of --tracks too")
    parser.add_argument("--library", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--export", type=Path, help="an export folder of the same library: cold tracks")
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    ways: dict[str, list[Hear]] = {
        "mean and spread of the mel bands": [mel_statistics],
        "untrained network": [untrained(given.bundle[0], seed) for seed in range(3)],
        "embedder": [served(load_predictor(bundle)) for bundle in given.bundle],
    }
    if given.teacher:
        ways["the teacher (musicnn MTT_vgg)"] = [taught(Musicnn(given.teacher))]
    figures: dict[str, object] = {}
    if given.instruments:
        paths = audio_in(given.instruments)
        measured = {way: [instruments(hear, paths) for hear in each] for way, each in ways.items()}
        figures["instruments"] = report(f"{len(paths)} instrument samples, leave one out", measured)
    if given.tracks:
        paths = audio_in(given.tracks)
        measured = {way: [tracks(hear, paths) for hear in each] for way, each in ways.items()}
        figures["tracks"] = report(f"{len(paths)} tracks: the nearest other comes from the same track", measured)
    if given.tracks and given.every_moment:
        measured = {way: [every_moment(hear, paths) for hear in each] for way, each in ways.items()}
        figures["moments"] = report(f"{len(paths)} tracks, all their moments: the nearest other", measured)
    if given.library and given.truth:
        truth = json.loads(given.truth.read_text())
        measured = {way: [town(hear, given.library, truth) for hear in each] for way, each in ways.items()}
        figures["town"] = report("the demo town (synthetic): ten nearest", measured)
    if given.export:
        export = ExportFolder(given.export)
        measured = {way: [cold_tracks(hear, export) for hear in each] for way, each in ways.items()}
        title = "tracks never trained on, ranked for each listener by sound alone"
        figures["cold"] = report(title, {**cold_baselines(export), **measured})
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
