"""The front end equals the reference within 1e-4."""

import numpy as np
import pytest
import torch

from modeling.audio_embedder.decoding import read_recording
from modeling.audio_embedder.features import EXAMPLE_SAMPLES, examples, log_mel
from tests.modeling.audio_embedder.reference import reference_log_mel
from tests.support.tiny_models import audio_file

LENGTH = 5_000
TIME = np.arange(LENGTH) / 16_000


@pytest.mark.parametrize(
    "samples",
    [
        np.sin(2 * np.pi * 1000 * TIME),
        0.4 * np.sin(2 * np.pi * 220 * TIME)
        + 0.25 * np.sin(2 * np.pi * 1310 * TIME)
        + 0.1 * np.sin(2 * np.pi * 5000 * TIME),
        np.random.default_rng(0).uniform(-1, 1, LENGTH),
        (np.arange(LENGTH) == 2_000).astype(np.float64),
        np.sin(2 * np.pi * (100 + 9_000 * TIME) * TIME) * np.exp(-8 * TIME),
    ],
    ids=["1 kHz", "three tones", "noise", "click", "falling chirp"],
)
def test_log_mel_equals_the_plain_reference(samples: np.ndarray) -> None:
    given = log_mel(torch.from_numpy(samples).float())
    expected = reference_log_mel(samples)
    assert tuple(given.shape) == expected.shape == (29, 64)
    assert np.abs(given.numpy() - expected).max() < 1e-4


def test_known_figures() -> None:
    """Of the reference implementation, for 2 s of three tones (0.4·220 Hz + 0.25·1310 Hz + 0.1·5000 Hz)."""
    time = torch.arange(32_000, dtype=torch.float64) / 16_000
    tones = sum(
        level * torch.sin(2 * torch.pi * pitch * time) for level, pitch in ((0.4, 220), (0.25, 1310), (0.1, 5000))
    )
    first = examples(torch.as_tensor(tones).float())[0]
    assert first[0, :3].tolist() == pytest.approx([1.5536483, 3.1850495, 3.6897240], abs=1e-4)


def test_examples_lie_side_by_side() -> None:
    samples = torch.from_numpy(np.random.default_rng(1).uniform(-1, 1, 16_000 * 3)).float()
    given, frames = examples(samples), log_mel(samples)
    assert given.shape == (3, 96, 64)
    assert torch.equal(given[1], frames[96:192])


@pytest.mark.parametrize(("length", "count"), [(1, 1), (399, 1), (15_599, 1), (15_600, 1), (30_959, 1), (30_960, 2)])
def test_short_sound_is_padded_with_silence(length: int, count: int) -> None:
    given = examples(torch.full((length,), 0.5))
    assert given.shape == (count, 96, 64)
    assert torch.isfinite(given).all()
    if length < EXAMPLE_SAMPLES - 400:
        assert given[0, -1, 0] == pytest.approx(np.log(0.01), abs=1e-6)


def test_less_than_a_window_is_an_error() -> None:
    with pytest.raises(ValueError, match="less than one window"):
        log_mel(torch.zeros(399))


@pytest.mark.parametrize("rate", [44_100, 48_000, 22_050])
def test_resampled_sound_has_the_reference_features(rate: int) -> None:
    time = np.arange(rate) / rate
    chord = sum(np.sin(2 * np.pi * pitch * time) * np.exp(-3 * time) for pitch in (196.0, 392.5, 1_567.98, 5_274.0))
    body = audio_file(0.2 * chord + 0.02 * np.random.default_rng(0).normal(size=rate), rate, "FLAC")
    samples = read_recording(body).at_16_khz()
    expected = reference_log_mel(samples.double().numpy())
    assert np.abs(log_mel(samples).numpy() - expected).max() < 1e-4
