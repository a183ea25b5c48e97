"""The VGGish front end once more, as slow plain numpy written from the paper's description alone."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


def reference_log_mel(samples: Samples) -> Samples:
    """(samples,) at 16 kHz → (frames, 64), one frame and one band after the other."""
    window = np.array([0.5 - 0.5 * np.cos(2 * np.pi * index / 400) for index in range(400)])
    frames = [samples[start : start + 400] for start in range(0, len(samples) - 399, 160)]
    rows = []
    for frame in frames:
        padded = np.concatenate([frame * window, np.zeros(112)])
        magnitude = np.abs(np.fft.fft(padded))[:257]
        rows.append([np.log(band(magnitude, number) + 0.01) for number in range(64)])
    return np.array(rows)


def mel(hertz: float) -> float:
    return 1127.0 * float(np.log(1.0 + hertz / 700.0))


def band(magnitude: Samples, number: int) -> float:
    """Sum under one triangle whose sides are straight on the mel scale."""
    step = (mel(7500.0) - mel(125.0)) / 65
    low = mel(125.0) + number * step
    total = 0.0
    for index in range(1, 257):
        place = (mel(index * 16000 / 512) - low) / step
        total += magnitude[index] * max(0.0, min(place, 2.0 - place))
    return total
