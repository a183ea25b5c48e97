"""The same sound once more, heard a little otherwise: on (b, 96, 64) log-mel, where it is cheap."""

import torch
from torch import Tensor
from torch.nn import functional

from modeling.audio_embedder.features import EXAMPLE_FRAMES, LOG_OFFSET, MEL_BANDS

_EQUALISER_BENDS = 4
_MOST_BANDS = 3.0
"""Up or down, as a whole: about a third at most."""
_MOST_TEMPO = 0.3
"""In octaves."""
_MIXED_SHARE, _CUT_SHARE = 0.3, 0.2


def augment(examples: Tensor) -> Tensor:
    """Another pitch and tempo, volume and equaliser, something else faintly beside it, an end that is cut off, and a
    masked moment and band; (b, 96, 64) log-mel in and out.

    Volume, equaliser and mixing act on magnitudes, before the offset inside the logarithm, as they would on the sound.
    """
    count, device = len(examples), examples.device
    bands = torch.linspace(0, torch.pi, MEL_BANDS, device=device)
    bends = torch.cos(torch.arange(1, _EQUALISER_BENDS + 1, device=device)[:, None] * bands)
    log_gain = (
        0.5 * torch.randn(count, 1, device=device) + 0.15 * torch.randn(count, _EQUALISER_BENDS, device=device) @ bends
    )
    magnitude = (_warped(examples).exp() - LOG_OFFSET).clamp(min=0.0) * log_gain.exp()[:, None, :]
    beside = magnitude[torch.randperm(count, device=device)]
    faintly = 10 ** (-0.5 - 0.9 * torch.rand(count, 1, 1, device=device))
    mixed = torch.rand(count, 1, 1, device=device) < _MIXED_SHARE
    magnitude = magnitude + beside * faintly * mixed
    kept = _kept(count, EXAMPLE_FRAMES, 20, device)[:, :, None] & _kept(count, MEL_BANDS, 10, device)[:, None, :]
    return torch.log(magnitude * kept * _ending(count, device) + LOG_OFFSET)


def _warped(examples: Tensor) -> Tensor:
    """Shifted in pitch and stretched in time from its beginning; what would lie outside repeats the edge."""
    count, device = len(examples), examples.device
    tempo = 2 ** (_MOST_TEMPO * (2 * torch.rand(count, device=device) - 1))
    shift = _MOST_BANDS * (2 * torch.rand(count, device=device) - 1) * 2 / MEL_BANDS
    move = torch.zeros(count, 2, 3, device=device)
    move[:, 0, 0], move[:, 0, 2] = 1.0, shift
    move[:, 1, 1], move[:, 1, 2] = tempo, tempo - 1
    grid = functional.affine_grid(move, [count, 1, EXAMPLE_FRAMES, MEL_BANDS], align_corners=False)
    return functional.grid_sample(examples[:, None], grid, padding_mode="border", align_corners=False)[:, 0]


def _ending(count: int, device: torch.device) -> Tensor:
    """(count, 96, 1): for some, nothing after a moment; else all."""
    end = torch.where(
        torch.rand(count, 1, device=device) < _CUT_SHARE,
        20 + (EXAMPLE_FRAMES - 20) * torch.rand(count, 1, device=device),
        torch.tensor(float(EXAMPLE_FRAMES + 8), device=device),
    )
    place = torch.arange(EXAMPLE_FRAMES, device=device)
    return ((end - place) / 8).clamp(0, 1)[:, :, None]


def _kept(count: int, length: int, longest: int, device: torch.device) -> Tensor:
    """(count, length): False on one run of up to `longest` places of each row."""
    run_length = torch.randint(0, longest + 1, (count, 1), device=device)
    start = (torch.rand(count, 1, device=device) * (length - run_length)).long()
    place = torch.arange(length, device=device)
    return (place < start) | (place >= start + run_length)
