"""How well an embedder hears, through the served predictor: instruments, passages of music, and the town.

    python -m benchmarks.sound --bundle FOLDER [--bundle FOLDER …] [--instruments FOLDER] [--tracks FOLDER]
                               [--library FOLDER --truth truth.json] [--export FOLDER] [--teacher musicnn.whl]

`--instruments`: a folder of short samples; the class is what stands before the first `_` of a file's name. Leave-one-
out nearest neighbour by cosine of z-scored embeddings, as the bars of the field were measured (Debian's sonic-pi-
samples: apt-get download sonic-pi-samples; dpkg -x). Nothing of that folder may have been trained or tuned on.
`--tracks`: a folder of music; does the nearest of all other segments (six per track) come from the same track, and
does the nearest of all other passages of ten seconds (six per track)?
`--library`: tagged files of the demo town with its truth file: same artist, album and style among the ten nearest.
`--export`: an export of the same town (`python -m benchmarks.town_export`): tracks that were held out, ranked for each
listener by nothing but their sound, against chance and against popularity (which a truly cold track has not).

Bundles should differ in the seed alone: the table gives the mean over them with an interval of 95 % (bootstrap over
samples, tracks or queries, and over seeds), and the least and most of any seed.
"""

import argparse
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from modeling.audio_embedder.decoding import read_recording
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.predictor import segments
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle, Predictor, load_predictor
from modeling.errors import RequestError
from modeling.spec import read_spec
from training.audio_library import SUFFIXES
from training.data.export_folder import ExportFolder
from training.evaluate.metrics import auc
from training.hearing.library import audio_files, is_held_out
from training.hearing.teacher import PATCH_SAMPLES, Musicnn

Vectors = NDArray[np.float64]
Hits = NDArray[np.float64]
Hear = Callable[[bytes], tuple[Vectors, Vectors]]
"""A file's bytes → (of the whole file, of its segments)."""
PASSAGE_SECONDS, PASSAGES = 10.0, 6
SAMPLES = 2_000


def served(predictor: Predictor) -> Hear:
    """The embedding as the product gets it."""

    def hear(body: bytes) -> tuple[Vectors, Vectors]:
        [answer] = predictor.predict([body])
        if isinstance(answer, RequestError):
            raise answer
        content = json.loads(answer)
        return np.array(content["embedding"]), np.array(content["segments"])

    return hear


def mel_statistics(body: bytes) -> tuple[Vectors, Vectors]:
    """Mean and deviation of the log-mel bands over the same six segments; no network."""
    heard = segments(read_recording(body), 6).double().numpy()

    def statistics(frames: Vectors) -> Vectors:
        return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])

    return statistics(heard.reshape(-1, heard.shape[2])), np.array([statistics(each) for each in heard])


def taught(teacher: Musicnn) -> Hear:
    """The teacher itself: up to six patches of 2.98 s; shorter sound is repeated, as it was trained."""

    def hear(body: bytes) -> tuple[Vectors, Vectors]:
        samples = read_recording(body).at_16_khz()
        if len(samples) < PATCH_SAMPLES:
            patches = samples.repeat(-(-PATCH_SAMPLES // len(samples)))[:PATCH_SAMPLES][None]
        else:
            count = min(6, len(samples) // PATCH_SAMPLES)
            starts = np.linspace(0, len(samples) - PATCH_SAMPLES, count).astype(int)
            patches = torch.stack([samples[start : start + PATCH_SAMPLES] for start in starts])
        heard = teacher.hear(patches).double().numpy()
        return heard.mean(axis=0), heard

    return hear


def untrained(bundle: Path, seed: int) -> Hear:
    """The same network with random weights."""
    spec = read_spec(EmbedderSpec, Bundle.read(bundle).spec)
    torch.manual_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        Bundle.write(
            Path(folder), model="audio_embedder", spec=asdict(spec), tensors=Vggish(spec).state_dict(), made_from={}
        )
        return served(load_predictor(Path(folder)))


def audio_in(folder: Path) -> list[Path]:
    """The audio files below a folder, by path."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        raise SystemExit(f"no audio files in {folder}")
    return found


def z_scored(vectors: Vectors) -> Vectors:
    return np.asarray((vectors - vectors.mean(axis=0)) / (vectors.std(axis=0) + 1e-9))


def nearest(vectors: Vectors, k: int, apart: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """(n, k) of the nearest others by cosine, never those of the same group in `apart`.

    >>> nearest(np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]), 1)[:, 0].tolist()
    [1, 0, 1]
    """
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
    similarity = unit @ unit.T
    np.fill_diagonal(similarity, -np.inf)
    if apart is not None:
        similarity[apart[:, None] == apart[None, :]] = -np.inf
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


def instruments(hear: Hear, paths: Sequence[Path]) -> dict[str, Hits]:
    """One hit or miss per sample."""
    labels = np.array([path.stem.split("_")[0] for path in paths])
    vectors = np.array([hear(path.read_bytes())[0] for path in paths])
    return {"1-NN": (labels[nearest(z_scored(vectors), 1)[:, 0]] == labels).astype(float)}


def passages(path: Path) -> list[bytes]:
    """Six stretches of ten seconds, evenly spread, as files of their own."""
    recording = read_recording(path.read_bytes())
    length = int(PASSAGE_SECONDS * recording.rate)
    spare = len(recording.samples) - length
    count = min(PASSAGES, max(1, len(recording.samples) // length))
    bodies: list[bytes] = []
    for place in range(count):
        start = max(0, int(spare * (place + 0.5) / count))
        file = io.BytesIO()
        soundfile.write(file, recording.samples[start : start + length], recording.rate, format="FLAC")
        bodies.append(file.getvalue())
    return bodies


def tracks(hear: Hear, paths: Sequence[Path]) -> dict[str, Hits]:
    """Per track: share of its segments and of its passages whose nearest other comes from it."""
    found: dict[str, Hits] = {}
    whole = [hear(path.read_bytes())[1] for path in paths]
    parts = [np.array([hear(body)[0] for body in passages(path)]) for path in paths]
    for name, vectors in (("segment of 0.96 s", whole), ("passage of 10 s", parts)):
        owner = np.repeat(np.arange(len(paths)), [len(each) for each in vectors])
        hit = owner[nearest(z_scored(np.concatenate(vectors)), 1)[:, 0]] == owner
        found[name] = np.array([hit[owner == place].mean() for place in range(len(paths))])
    return found


def town(hear: Hear, library: Path, truth: Mapping[str, object]) -> dict[str, Hits]:
    """Per track that was never trained on: recall@10 of its artist's and album's others, share of its style among the
    ten nearest.

    Same style is also asked with the own artist left out, which is the harder question.
    """
    songs = [each for each in truth["tracks"] if each.get("file")]  # type: ignore[attr-defined]
    paths = [library.parent / each["file"] for each in songs]
    vectors = np.array([hear(path.read_bytes())[0] for path in paths])
    asked = np.array([is_held_out(each["uri"]) for each in songs])
    found: dict[str, Hits] = {}
    order = nearest(vectors, 10)
    for name in ("artist", "album"):
        labels = np.array([str(each[name]) for each in songs])
        same = labels[order] == labels[:, None]
        others = np.array([(labels == label).sum() - 1 for label in labels])
        found[name] = (same.sum(axis=1) / np.minimum(np.maximum(others, 1), 10))[asked & (others > 0)]
    styles = np.array([each["style"] for each in songs])
    artists = np.unique([each["artist"] for each in songs], return_inverse=True)[1]
    found["style"] = (styles[order] == styles[:, None]).mean(axis=1)[asked]
    elsewhere = nearest(vectors, 10, artists)
    found["style, other artists"] = (styles[elsewhere] == styles[:, None]).mean(axis=1)[asked]
    return found


def cold_tracks(hear: Hear, export: ExportFolder) -> dict[str, Hits]:
    """Per listener: are the tracks that the embedder never heard, and that nothing is counted of, ranked by their
    sound as the listener listened to them?

    Candidates are the held-out tracks. A listener's taste is the mean embedding of the other tracks, weighted by the
    logarithm of listens; what counts is recall@10 of, and the chance of ranking right (AUC), those listened to at least
    twice. The listens of held-out tracks are looked at for judging only.
    """
    files = {file.track_key: file for file in audio_files(export)}
    keys = list(files)
    vectors = np.array([hear(files[key].path.read_bytes())[0] for key in keys])
    vectors = z_scored(vectors)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    listens = listens_of(export, keys)
    cold = np.array([files[key].is_held_out for key in keys])
    return judged_cold(
        listens, cold, lambda row: vectors[cold] @ (np.log1p(row[~cold])[:, None] * vectors[~cold]).sum(axis=0)
    )


def listens_of(export: ExportFolder, keys: Sequence[str]) -> NDArray[np.float64]:
    """(listeners, tracks): how often each was listened to."""
    songs = export.songs().select(["user_key", "track_key", "is_listen"]).to_pandas()
    counted = songs[songs["is_listen"]].groupby(["user_key", "track_key"]).size().unstack(fill_value=0)
    return np.asarray(counted.reindex(columns=list(keys), fill_value=0).to_numpy(dtype=np.float64))


def judged_cold(
    listens: NDArray[np.float64], cold: NDArray[np.bool_], rank: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> dict[str, Hits]:
    """recall@10 and AUC per listener of a way to score the cold tracks."""
    recall: list[float] = []
    right: list[float] = []
    for row in listens:
        wanted = row[cold] >= 2
        if not 0 < wanted.sum() < len(wanted):
            continue
        scores = rank(row)
        best = np.argsort(-scores, kind="stable")[:10]
        recall.append(float(wanted[best].sum() / min(10, wanted.sum())))
        right.append(auc(scores, wanted))
    return {"recall@10": np.array(recall), "AUC": np.array(right)}


def cold_baselines(export: ExportFolder) -> dict[str, list[dict[str, Hits]]]:
    """Chance, and what no cold track has in truth: how often all other listeners listened to it."""
    keys = [file.track_key for file in audio_files(export)]
    cold = np.array([is_held_out(key) for key in keys])
    listens = listens_of(export, keys)
    random = np.random.default_rng(0)
    chance = [judged_cold(listens, cold, lambda row: random.random(int(cold.sum()))) for _ in range(10)]  # noqa: ARG005
    others = judged_cold(listens, cold, lambda row: np.log1p(listens)[:, cold].sum(axis=0) - np.log1p(row[cold]))
    return {"random": chance, "popularity among the others (a cold track has none)": [others]}


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
