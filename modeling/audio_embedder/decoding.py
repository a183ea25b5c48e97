"""From the bytes of an audio file to mono samples: any codec of libsndfile or FFmpeg, any rate, any channels."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
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
LARGEST_BYTES = 256 * 1024 * 1024
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


@dataclass(frozen=True)
class _Decoded:
    samples: NDArray[np.float32]
    rate: int
    promised: float
    """Samples per channel that the file says it has; 0 where it does not say."""


def read_recording(body: bytes) -> Recording:
    """Decode WAV, FLAC, OGG and MP3 with libsndfile, what it does not know (AAC, M4A, Opus in MP4 …) with FFmpeg.

    Raises RequestError 400 for bytes that are not such a file or break off, 413 for more than 256 MiB, 422 for sound
    that says nothing.
    """
    if not body:
        raise RequestError(400, "The audio file is empty.")
    if len(body) > LARGEST_BYTES:
        raise RequestError(413, f"The audio file is larger than {LARGEST_BYTES >> 20} MiB.")
    decoded = _decode(body)
    rate, samples = decoded.rate, decoded.samples
    expected = min(decoded.promised, _limit(rate))
    if len(samples) < 0.95 * expected - rate / 2:
        raise RequestError(
            400, f"The audio file breaks off after {len(samples) / rate:.1f} s of {decoded.promised / rate:.1f} s."
        )
    if not len(samples):
        raise RequestError(422, "The audio file holds no samples.")
    peak = float(np.abs(samples).max())
    if not np.isfinite(peak):
        raise RequestError(422, "The audio file holds samples that are not numbers.")
    if peak < SILENCE:
        raise RequestError(422, "The audio file is silent.")
    return Recording(samples / peak if peak > 1.0 else samples, rate)


def _decode(body: bytes) -> _Decoded:
    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            return _Decoded(_first_samples(_blocks(file), file.samplerate), file.samplerate, file.frames)
    except soundfile.LibsndfileError as error:
        by_ffmpeg = _decode_with_ffmpeg(body)
        if by_ffmpeg is None:
            raise RequestError(400, f"The audio file cannot be decoded: {error.error_string}") from error
        return by_ffmpeg


def _blocks(file: soundfile.SoundFile) -> Iterator[NDArray[np.float32]]:
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        yield block.mean(axis=1)


def _decode_with_ffmpeg(body: bytes) -> _Decoded | None:
    """None for bytes that FFmpeg cannot read either, or that hold no audio of a codec that it knows."""
    try:
        with av.open(io.BytesIO(body), mode="r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                return None
            stream = container.streams.audio[0]
            if stream.codec_context is None or not stream.rate:
                return None
            rate = int(stream.rate)
            # ADTS guesses its length from the bit rate, so only what is counted in samples is held against the file.
            counted = stream.duration if container.format.name != "aac" else None
            promised = float(counted * stream.time_base * rate) if counted and stream.time_base else 0.0
            return _Decoded(_first_samples(_frames(container, rate), rate), rate, promised)
    except (av.FFmpegError, ValueError):
        return None


def _frames(container: "av.container.InputContainer", rate: int) -> Iterator[NDArray[np.float32]]:
    mono = av.AudioResampler(format="flt", layout="mono", rate=rate)
    for frame in container.decode(audio=0):
        for part in mono.resample(frame):
            yield part.to_ndarray()[0]
    for part in mono.resample(None):
        yield part.to_ndarray()[0]


def _limit(rate: int) -> int:
    return min(LONGEST_SECONDS * rate, _MOST_SAMPLES)


def _first_samples(blocks: Iterator[NDArray[np.float32]], rate: int) -> NDArray[np.float32]:
    """As much as is heard of a file; what lies beyond is not even decoded."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise RequestError(422, f"A sample rate of {rate} Hz is outside {LOWEST_RATE} to {HIGHEST_RATE} Hz.")
    left = _limit(rate)
    kept: list[NDArray[np.float32]] = []
    for block in blocks:
        kept.append(block[:left])
        left -= len(kept[-1])
        if left <= 0:
            break
    return np.concatenate(kept) if kept else np.zeros(0, dtype=np.float32)
