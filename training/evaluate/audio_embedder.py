"""The audio embedder as served: do tracks that the network never heard land beside their artist's and album's others?

Queries are the held-out tracks, the gallery is the whole library: the same artist, the same album, and the same genre
where the files' tags name one. A page of neighbours to listen to and a map go with the numbers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tinytag import TinyTag, TinyTagException

from modeling.audio_embedder.decoding import read_recording
from modeling.audio_embedder.predictor import segments
from modeling.bundle import Predictor
from modeling.errors import RequestError
from modeling.wire import read_object
from training.evaluate.listening_page import Piece, confusion, map_page, neighbours_page
from training.evaluate.metrics import paired_bootstrap, recall_at_k
from training.hearing.library import AudioFile, audio_files
from training.jobs import Evaluation, EvaluationJob, NothingToMeasure

K = 10
TASKS = ("same_artist", "same_album", "same_genre")
PAGE_QUERIES = 24
SEGMENTS = 6
LARGEST_LIBRARY = 3_000
"""A larger library is measured on this many tracks, the same ones each time."""
FILES_AT_ONCE = 8

Vectors = NDArray[np.float64]


def evaluate(job: EvaluationJob) -> Evaluation:
    """Retrieval of the same artist and the same album, against the mean and spread of the mel bands and chance.

    Raises NothingToMeasure when no audio belongs to the catalogue.
    """
    heard = _embed(audio_files(job.data)[:LARGEST_LIBRARY], job.predictor)
    if not heard:
        raise NothingToMeasure("no audio file belongs to a track of the catalogue: set AUDIO_LIBRARY_DIR")
    files = [file for file, _ in heard]
    random = np.random.default_rng(job.params.seed)
    rankers = {
        "model": np.array([vector for _, vector in heard]),
        "mel_statistics": mel_statistics(files),
        "random": random.normal(size=(len(files), 128)),
    }
    rankings = {name: _nearest(vectors) for name, vectors in rankers.items()}
    metrics: dict[str, Any] = {"library": {"tracks": len(files), "queries": sum(file.is_held_out for file in files)}}
    guarded: dict[str, list[tuple[str, float]]] = {}
    genres = [_genre(file) for file in files]
    labels_of = {"same_artist": [file.artist_key for file in files], "same_album": _albums(files), "same_genre": genres}
    for task, labels in labels_of.items():
        count = _recalls if task != "same_genre" else _shares
        recalls = {name: count(files, labels, ranking) for name, ranking in rankings.items()}
        metrics[task] = {name: _mean(recall) for name, recall in recalls.items()} | {
            "against_mel_statistics": _difference(recalls["model"], recalls["mel_statistics"], job)
        }
        guarded[f"{task}.model"] = list(recalls["model"].items())
    units = guarded.pop("same_artist.model")
    rows = [{"task": task, "ranker": name, "recall_at_10": metrics[task][name]} for task in TASKS for name in rankers]
    names, counts = confusion(genres, rankers["model"])
    mixed = [
        {"genre": genre, "nearest": other, "tracks": int(counts[row, column])}
        for row, genre in enumerate(names)
        for column, other in enumerate(names)
    ]
    pieces = [Piece(file.path, file.path.stem, genre) for file, genre in zip(files, genres, strict=True)]
    asked = [place for place, file in enumerate(files) if file.is_held_out][:PAGE_QUERIES]
    return Evaluation(
        metrics,
        "same_artist.model",
        units,
        guarded,
        {"rankers": pa.Table.from_pylist(rows), "confusion_by_genre": pa.Table.from_pylist(mixed)},
        {
            "neighbours": neighbours_page("Held-out tracks and what sounds like them", pieces, rankers["model"], asked),
            "projection": map_page("The library as the embedder hears it", pieces, rankers["model"]),
        },
    )


def _genre(file: AudioFile) -> str:
    """What the file's tags say; "" where they say nothing."""
    try:
        return TinyTag.get(file.path).genre or ""
    except (TinyTagException, OSError):
        return ""


def _shares(files: Sequence[AudioFile], labels: Sequence[str], ranking: NDArray[np.int64]) -> dict[str, float]:
    """Track key → share of its label among the ten nearest, of the held-out tracks with a label."""
    return {
        file.track_key: float(np.mean([labels[place] == label for place in nearest]))
        for file, label, nearest in zip(files, labels, ranking, strict=True)
        if file.is_held_out and label
    }


def _embed(files: Sequence[AudioFile], predictor: Predictor) -> list[tuple[AudioFile, list[float]]]:
    heard: list[tuple[AudioFile, list[float]]] = []
    for start in range(0, len(files), FILES_AT_ONCE):
        some = files[start : start + FILES_AT_ONCE]
        answers = predictor.predict([file.path.read_bytes() for file in some])
        pairs = zip(some, answers, strict=True)
        heard += [(file, read_object(each)["embedding"]) for file, each in pairs if not isinstance(each, RequestError)]
    return heard


def mel_statistics(files: Sequence[AudioFile]) -> Vectors:
    """(files, 128): mean and standard deviation of the 64 log-mel bands over the same segments, z-scored."""
    rows: list[Vectors] = []
    for file in files:
        frames = segments(read_recording(file.path.read_bytes()), SEGMENTS).flatten(0, 1).double().numpy()
        rows.append(np.concatenate([frames.mean(axis=0), frames.std(axis=0)]))
    table = np.array(rows)
    return np.asarray((table - table.mean(axis=0)) / (table.std(axis=0) + 1e-9))


def _nearest(vectors: Vectors) -> NDArray[np.int64]:
    """(n, 10) indices of the nearest others by cosine."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    similarity = unit @ unit.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :K]


def _albums(files: Sequence[AudioFile]) -> list[str]:
    """A track without a known album is an album of its own."""
    return ["\n".join(file.album) if file.album else file.track_key for file in files]


def _recalls(files: Sequence[AudioFile], labels: Sequence[str], ranking: NDArray[np.int64]) -> dict[str, float]:
    """Track key → recall@10, of the held-out tracks whose label has another track."""
    members: dict[str, list[str]] = {}
    for file, label in zip(files, labels, strict=True):
        members.setdefault(label, []).append(file.track_key)
    found: dict[str, float] = {}
    for file, label, nearest in zip(files, labels, ranking, strict=True):
        wanted = [key for key in members[label] if key != file.track_key]
        if file.is_held_out and wanted:
            found[file.track_key] = recall_at_k([files[place].track_key for place in nearest], wanted, K)
    return found


def _mean(recalls: dict[str, float]) -> float:
    return round(float(np.mean(list(recalls.values()))), 5) if recalls else float("nan")


def _difference(model: dict[str, float], rival: dict[str, float], job: EvaluationJob) -> dict[str, float]:
    if not model:
        return {}
    differences = [model[key] - rival[key] for key in model]
    mean, low, high = paired_bootstrap(differences, job.params.evaluate.bootstrap_samples, job.params.seed)
    return {"difference": round(mean, 5), "low": round(low, 5), "high": round(high, 5)}
