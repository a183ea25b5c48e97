"""What is asked of a way to hear: instruments, passages of music, the town, tracks nobody played."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.hearing_ways import Hear, Vectors
from modeling.audio_embedder.decoding import read_recording
from training.audio_library import SUFFIXES
from training.data.export_folder import ExportFolder
from training.evaluate.metrics import auc
from training.hearing.library import audio_files, is_held_out

Hits = NDArray[np.float64]
PASSAGE_SECONDS, PASSAGES = 10.0, 6


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
