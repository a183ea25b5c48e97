"""A teacher for the embedder: musicnn's VGG (Pons & Serra 2019, ISC), read out of its wheel, run only to compute
targets.

    pip download --no-deps musicnn==0.1.0        and `teacher: musicnn-0.1.0-py3-none-any.whl` in the parameters

No TensorFlow is needed and nothing of the wheel enters a bundle: a bundle holds the pupil's own weights. The front
end is librosa's as musicnn calls it: 16 kHz, 512 samples every 256, centred; 96 bands on Slaney's mel scale, normed
by area; log10(10,000 · power + 1).
"""

import functools
import zipfile
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from modeling.audio_embedder.features import SAMPLE_RATE
from training.errors import TrainingError
from training.fitting import has_fast_bfloat16
from training.hearing.checkpoints import CheckpointError, read_checkpoint

FFT, HOP, BANDS, FRAMES = 512, 256, 96, 187
PATCH_SAMPLES = (FRAMES - 1) * HOP
"""47,616 samples, 2.98 s: what the teacher hears at once."""
SIZE = 256
_PATCHES_AT_ONCE = 16
_BATCH_NORM_EPSILON = 1e-3
_POOLS = ((4, 1, 2), (2, 2, 2), (2, 2, 2), (2, 2, 2), (4, 4, 4))
"""Height, width and stride after each convolution."""


class TeacherError(TrainingError):
    """The teacher cannot be read; the message says what to do."""


class Musicnn:
    """`MTT_vgg` of the wheel: 2.98 s of sound → 256 numbers, the last maps before its tags."""

    def __init__(self, wheel: Path, model: str = "MTT_vgg") -> None:
        try:
            with zipfile.ZipFile(wheel) as archive:
                folder = f"musicnn/{model}/"
                weights = read_checkpoint(
                    archive.read(folder + ".index"), archive.read(folder + ".data-00000-of-00001")
                )
            self._weights = {name: torch.from_numpy(tensor.copy()) for name, tensor in weights.items()}
            self._norms = [self._norm(place) for place in range(6)]
            self._convolutions = [
                (self._weights[f"{place}CNN/kernel"].permute(3, 2, 0, 1), self._weights[f"{place}CNN/bias"])
                for place in range(1, 6)
            ]
        except (OSError, KeyError, zipfile.BadZipFile, CheckpointError) as error:
            raise TeacherError(
                f"{wheel} is not the wheel of musicnn 0.1.0 ({error}); get it with "
                "pip download --no-deps musicnn==0.1.0, or set teacher: null"
            ) from error

    def _norm(self, place: int) -> tuple[Tensor, Tensor]:
        """(scale, shift) of one batch normalisation in inference."""
        name = "batch_normalization" + (f"_{place}" if place else "")
        gamma, beta, mean, variance = (
            self._weights[f"{name}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        scale = gamma / torch.sqrt(variance + _BATCH_NORM_EPSILON)
        return scale[:, None, None], (beta - mean * scale)[:, None, None]

    @torch.inference_mode()
    def hear(self, patches: Tensor) -> Tensor:
        """(n, 47,616) samples at 16 kHz → (n, 256)."""
        return torch.cat([self._hear(part) for part in torch.split(patches, _PATCHES_AT_ONCE)])

    def _hear(self, patches: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16(torch.device("cpu"))):
            scale, shift = self._norms[0]
            maps = (log_mel(patches)[:, None] * scale + shift).contiguous(memory_format=torch.channels_last)
            for (kernel, bias), (scale, shift), (height, width, stride) in zip(
                self._convolutions, self._norms[1:], _POOLS, strict=True
            ):
                maps = functional.conv2d(maps, kernel, bias, padding=1).relu_()
                # The norm stands before the pool; after it there is an eighth to norm. A negative scale turns the
                # maximum.
                sign = torch.where(scale < 0, -1.0, 1.0).to(maps.dtype)
                maps = functional.max_pool2d(maps.mul_(sign), (height, width), stride) * sign * scale + shift
        return maps.permute(0, 2, 3, 1).flatten(1).float()


def log_mel(samples: Tensor) -> Tensor:
    """(n, samples) → (n, 1 + samples / 256, 96)."""
    window = torch.hann_window(FFT, periodic=True)
    spectrum = torch.stft(samples, FFT, HOP, window=window, center=True, pad_mode="constant", return_complex=True)
    power = spectrum.abs().square().transpose(1, 2)
    return torch.log10(10_000 * (power @ _mel_weights()) + 1)


@functools.cache
def _mel_weights() -> Tensor:
    """(257, 96) triangles that are straight in hertz between points of Slaney's mel scale, each of area one."""
    step, knee = 200.0 / 3, 1_000.0
    top = knee / step + torch.log(torch.tensor(SAMPLE_RATE / 2 / knee, dtype=torch.float64)) * 27 / torch.log(
        torch.tensor(6.4, dtype=torch.float64)
    )
    mels = torch.linspace(0, float(top), BANDS + 2, dtype=torch.float64)
    above = knee * torch.exp((mels - knee / step) * torch.log(torch.tensor(6.4, dtype=torch.float64)) / 27)
    edges = torch.where(mels < knee / step, mels * step, above)
    bins = torch.linspace(0, SAMPLE_RATE / 2, FFT // 2 + 1, dtype=torch.float64)[:, None]
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    triangles = torch.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre)).clamp(min=0)
    return (triangles * 2 / (upper - lower)).float()
