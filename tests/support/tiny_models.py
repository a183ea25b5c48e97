"""Small real models: an embedder of a few thousand weights that was never trained answers as any other does."""

import dataclasses
import io
from pathlib import Path

import numpy as np
import soundfile
import torch

from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle
from training.packing import Archive, pack

TINY = EmbedderSpec(width=2, head="pooled", embedding_size=16, segments=3)


def tiny_embedder(folder: Path, seed: int = 0, spec: EmbedderSpec = TINY) -> Bundle:
    """A sealed audio_embedder bundle with random weights."""
    torch.manual_seed(seed)
    network = Vggish(spec)
    return Bundle.write(
        folder,
        model="audio_embedder",
        spec=dataclasses.asdict(spec),
        tensors=network.state_dict(),
        made_from={"seed": seed},
    )


def tiny_archive(folder: Path, version: str, seed: int | None = None) -> Archive:
    """A packed tiny embedder; another version has other weights."""
    bundle = tiny_embedder(folder / f"bundle-{version}", int(version) if seed is None else seed)
    return pack(bundle, version, folder / f"audio_embedder-{version}.mar")


def tone(
    seconds: float = 3.0,
    rate: int = 16_000,
    channels: int = 1,
    kind: str = "WAV",
    subtype: str | None = None,
    *,
    hertz: float = 440.0,
) -> bytes:
    """An audio file with a sine and its octave."""
    time = np.arange(int(seconds * rate)) / rate
    samples = 0.3 * np.sin(2 * np.pi * hertz * time) + 0.1 * np.sin(4 * np.pi * hertz * time)
    return audio_file(np.repeat(samples[:, None], channels, axis=1), rate, kind, subtype)


def audio_file(samples: np.ndarray, rate: int, kind: str = "WAV", subtype: str | None = None) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()
