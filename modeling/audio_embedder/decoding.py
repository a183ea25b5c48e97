"""From the bytes of an audio file to mono samples: any codec of libsndfile, any rate, any number of channels."""

import io
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchaudio.functional import resample

from modeling.audio_embedder.features import SAMPLE_RATE
from modeling.errors import RequestError

LONGEST_SECONDS = 1_200
"""What comes after twenty minutes is not heard: memory stays bounded, and a song is over by then."""
LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
SILENCE = 1e-4
"""-80 dB of full scale: below it a file has nothing to hear."""
_BLOCK = 1 << 18
_MOST_SAMPLES = 60_000_000
_FINEST_RATIO = 640
"""Rates such as 44,101 Hz become a ratio with a denominator up to this; exactly, they would need a giant kernel."""


@dataclass(frozen=True)
class Recording:
    """Mono samples in [-1, 1] at the file's own rate."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def at_16_khz(self, first: int = 0, last: int | None = None) -> Tensor:
        """(samples,) at 16 kHz of the stretch from sample `first` to `last` of the file's own rate."""
        ratio = Fraction(self.rate, SAMPLE_RATE).limit_denominator(_FINEST_RATIO)
        stretch = torch.from_numpy(self.samples[first:last])
        if ratio == 1:
            return stretch
        resampled: Tensor = resample(stretch, ratio.numerator, ratio.denominator)
        return resampled


def read_recording(body: bytes) -> Recording:
    """Decode WAV, FLAC, OGG, MP3 and whatever else libsndfile knows by its content.

    Raises RequestError 400 for bytes that are not such a file or break off, 422 for sound that says nothing.
    """
    if not body:
        raise RequestError(400, "The audio file is empty.")
    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            samples, rate, promised = _read_mono(file), file.samplerate, file.frames
    except soundfile.LibsndfileError as error:
        raise RequestError(400, f"The audio file cannot be decoded: {error.error_string}") from error
    expected = min(promised, _limit(rate))
    if len(samples) < 0.95 * expected - rate / 2:
        raise RequestError(
            400, f"The audio file breaks off after {len(samples) / rate:.1f} s of {promised / rate:.1f} s."
        )
    if not len(samples):
        raise RequestError(422, "The audio file holds no samples.")
    peak = float(np.abs(samples).max())
    if not np.isfinite(peak):
        raise RequestError(422, "The audio file holds samples that are not numbers.")
    if peak < SILENCE:
        raise RequestError(422, "The audio file is silent.")
    return Recording(samples / peak if peak > 1.0 else samples, rate)


def _limit(rate: int) -> int:
    return min(LONGEST_SECONDS * rate, _MOST_SAMPLES)


def _read_mono(file: soundfile.SoundFile) -> NDArray[np.float32]:
    if not LOWEST_RATE <= file.samplerate <= HIGHEST_RATE:
        raise RequestError(422, f"A sample rate of {file.samplerate} Hz is outside {LOWEST_RATE} to {HIGHEST_RATE} Hz.")
    left = _limit(file.samplerate)
    blocks: list[NDArray[np.float32]] = []
    while left > 0:
        block = file.read(min(_BLOCK, left), dtype="float32", always_2d=True)
        if not len(block):
            break
        blocks.append(block.mean(axis=1))
        left -= len(block)
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)
