"""The VGGish front end: 16 kHz mono samples to log-mel examples of 96 frames × 64 bands.

Follows the reference of Hershey et al. 2017 ("CNN architectures for large-scale audio classification") to 1e-4:
frames of 400 samples every 160 without centring, periodic Hann, zero-padded at the end to 512, magnitude,
64 triangles that are straight on the HTK mel scale (not in hertz, as torchaudio draws them), ln(mel + 0.01).
"""

import functools

import torch
from torch import Tensor

SAMPLE_RATE = 16_000
WINDOW = 400
HOP = 160
FFT = 512
MEL_BANDS = 64
LOWEST_HZ = 125.0
HIGHEST_HZ = 7_500.0
LOG_OFFSET = 0.01
EXAMPLE_FRAMES = 96
EXAMPLE_SAMPLES = WINDOW + (EXAMPLE_FRAMES - 1) * HOP
"""15,600 samples, 0.975 s: the least that fills one example."""


def _hertz_to_mel(hertz: Tensor) -> Tensor:
    return 1127.0 * torch.log1p(hertz / 700.0)


@functools.cache
def mel_weights() -> Tensor:
    """(257, 64): how much each FFT bin counts in each mel band; the row of 0 Hz is zero, the area is not normalised."""
    bins = _hertz_to_mel(torch.linspace(0.0, SAMPLE_RATE / 2, FFT // 2 + 1, dtype=torch.float64))[:, None]
    limits = _hertz_to_mel(torch.tensor([LOWEST_HZ, HIGHEST_HZ], dtype=torch.float64))
    edges = torch.linspace(float(limits[0]), float(limits[1]), MEL_BANDS + 2, dtype=torch.float64)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (bins - lower) / (centre - lower)
    falling = (upper - bins) / (upper - centre)
    weights = torch.minimum(rising, falling).clamp(min=0.0)
    weights[0] = 0.0
    return weights


def log_mel(samples: Tensor) -> Tensor:
    """(…, samples) in [-1, 1] at 16 kHz → (…, frames, 64) float32; a last partial frame is dropped.

    Computed in float64: in float32 the logarithm of near-silence is off by more than the reference allows.
    Raises ValueError for fewer than 400 samples.
    """
    if samples.shape[-1] < WINDOW:
        raise ValueError(f"{samples.shape[-1]} samples are less than one window of {WINDOW}")
    frames = samples.double().unfold(-1, WINDOW, HOP)
    window = torch.hann_window(WINDOW, periodic=True, dtype=torch.float64, device=samples.device)
    magnitude = torch.fft.rfft(frames * window, n=FFT).abs()
    return torch.log(magnitude @ mel_weights().to(magnitude.device) + LOG_OFFSET).float()


def examples(samples: Tensor) -> Tensor:
    """(samples,) at 16 kHz → (examples, 96, 64), side by side; what is shorter than one is padded with silence."""
    missing = EXAMPLE_SAMPLES - samples.shape[-1]
    if missing > 0:
        samples = torch.nn.functional.pad(samples, (0, missing))
    frames = log_mel(samples)
    count = frames.shape[0] // EXAMPLE_FRAMES
    return frames[: count * EXAMPLE_FRAMES].reshape(count, EXAMPLE_FRAMES, MEL_BANDS)
