"""VGGish has no normalisation and is slow to train from scratch; it learns with batch norms, which then fold into it.

A norm right behind a convolution is an affine map of each channel, so the folded network computes the same and is the
published shape, with its layer names. A norm that never turns a channel over may as well come after the pooling, where
there is a quarter of the numbers to read and to write: the largest of four stays the largest.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from modeling.audio_embedder.network import Vggish


class NormedVggish(nn.Module):
    """The network with a batch norm behind each convolution. `fold()` when training is over."""

    def __init__(self, network: Vggish) -> None:
        super().__init__()
        self.network = network
        convolutions = [layer for layer in network.features if isinstance(layer, nn.Conv2d)]
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer.out_channels) for layer in convolutions)

    def forward(self, examples: Tensor) -> Tensor:
        """(n, 96, 64) log-mel → (n, embedding_size), as `Vggish` after folding."""
        maps, norms = examples[:, None], iter(self.norms)
        layers = list(self.network.features)
        for layer, after in zip(layers, [*layers[2:], None, None], strict=True):
            if not isinstance(layer, nn.Conv2d):
                continue
            maps = layer(maps)
            if isinstance(after, nn.MaxPool2d):
                maps = after(maps)
            norm = cast(nn.BatchNorm2d, next(norms))
            maps = torch.relu(
                functional.batch_norm(
                    maps, norm.running_mean, norm.running_var, norm.weight.abs(), norm.bias, self.training,
                    cast(float, norm.momentum), norm.eps,
                )
            )  # fmt: skip
        return self.network.head_of(maps)

    @torch.no_grad()
    def fold(self) -> Vggish:
        """Moves the norms' running statistics into the convolutions; the network alone then answers as both did."""
        norms = iter(self.norms)
        for layer in self.network.features:
            if not isinstance(layer, nn.Conv2d):
                continue
            norm = cast(nn.BatchNorm2d, next(norms))
            mean, variance = cast(Tensor, norm.running_mean), cast(Tensor, norm.running_var)
            scale = norm.weight.abs() / torch.sqrt(variance + norm.eps)
            bias = cast(Tensor, layer.bias)
            layer.weight.mul_(scale[:, None, None, None])
            bias.copy_((bias - mean) * scale + norm.bias)
        return self.network
