"""Ways to hear a file: the served embedder, and what it is measured beside."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from modeling.audio_embedder.decoding import read_recording
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.predictor import segments
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle, Predictor, load_predictor
from modeling.errors import RequestError
from modeling.spec import read_spec
from training.hearing.teacher import PATCH_SAMPLES, Musicnn

Vectors = NDArray[np.float64]
Hear = Callable[[bytes], tuple[Vectors, Vectors]]
"""A file's bytes → (of the whole file, of its segments)."""


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
