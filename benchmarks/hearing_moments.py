"""Whether a moment of music is recognised by another moment of the same track, at four strictnesses.

Six moments spread over a track stand half a minute apart; all moments side by side leave a neighbour that goes on
where one ends, and passages that repeat. In between, moments within two or five seconds do not count.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.hearing_questions import Hits, z_scored
from benchmarks.hearing_ways import Hear, Vectors
from modeling.audio_embedder.decoding import SILENCE, read_recording
from modeling.audio_embedder.features import EXAMPLE_SAMPLES, SAMPLE_RATE

MOMENT_SECONDS = EXAMPLE_SAMPLES / SAMPLE_RATE
APART_SECONDS = (0.0, 2.0, 5.0)
_ROWS = 1_000


def moments(path: Path) -> list[bytes]:
    """All consecutive 0.975 s of a file, as files of their own; the rest at the end and silence are dropped."""
    samples = read_recording(path.read_bytes()).at_16_khz().numpy()
    bodies: list[bytes] = []
    for start in range(0, max(len(samples) - EXAMPLE_SAMPLES, 0) + 1, EXAMPLE_SAMPLES):
        moment = samples[start : start + EXAMPLE_SAMPLES]
        if np.abs(moment).max(initial=0.0) < SILENCE:
            continue
        file = io.BytesIO()
        soundfile.write(file, moment, SAMPLE_RATE, format="WAV", subtype="FLOAT")
        bodies.append(file.getvalue())
    return bodies


def every_moment(hear: Hear, paths: Sequence[Path]) -> dict[str, Hits]:
    """Per track: share of all its moments whose nearest other comes from it."""
    heard = [np.array([hear(body)[0] for body in bodies]) for bodies in map(moments, paths) if bodies]
    return {
        f"all of 0.96 s, more than {apart:g} s apart" if apart else "all of 0.96 s": own_track(heard, apart)
        for apart in APART_SECONDS
    }


def own_track(heard: Sequence[Vectors], apart_seconds: float) -> Hits:
    """Share of hits per track, for tracks with at least two moments that far apart.

    >>> flat = np.array([[1.0, 0.1], [1.0, 0.2]]), np.array([[0.1, 1.0], [0.2, 1.0]])
    >>> own_track(flat, 0.0).tolist()
    [1.0, 1.0]
    >>> len(own_track(flat, 5.0))
    0
    """
    sizes = [len(each) for each in heard]
    owner, place = np.repeat(np.arange(len(heard)), sizes), np.concatenate([np.arange(size) for size in sizes])
    unit = z_scored(np.concatenate(heard)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True) + 1e-12
    hit, possible = np.zeros(len(unit)), np.zeros(len(unit), dtype=bool)
    for rows in np.array_split(np.arange(len(unit)), -(-len(unit) // _ROWS)):
        own = owner[rows, None] == owner
        close = own & _within(place[rows, None], place, apart_seconds)
        similarity = np.where(close, -np.inf, unit[rows] @ unit.T)
        hit[rows] = owner[similarity.argmax(axis=1)] == owner[rows]
        possible[rows] = (own & ~close).any(axis=1)
    asked = [(owner == track) & possible for track in range(len(heard))]
    return np.array([hit[each].mean() for each in asked if each.any()])


def _within(one: NDArray[np.int64], other: NDArray[np.int64], seconds: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(one - other) * MOMENT_SECONDS <= seconds)
