"""The VGGish network, with the layer names of torchvggish so that published weights load by name."""

import torch
from torch import Tensor, nn

from modeling.audio_embedder.features import EXAMPLE_FRAMES, MEL_BANDS
from modeling.audio_embedder.postprocessing import project
from modeling.audio_embedder.spec import EmbedderSpec

_PUBLISHED_WIDTH = 64
_PUBLISHED_HIDDEN = 4096


class Vggish(nn.Module):
    """Four convolution blocks and a head; gives the embedding BEFORE the last activation, as Google's does.

    `features.N` are the convolutions and `embeddings.N` the dense layers, exactly as in torchvggish's state dict
    (which ends in a ReLU that has no weights and is left out here).
    """

    pca_vectors: Tensor
    pca_means: Tensor

    def __init__(self, spec: EmbedderSpec) -> None:
        super().__init__()
        self.features, trunk_channels = _trunk(spec.width)
        self.head = spec.head
        if spec.head == "dense":
            hidden = _PUBLISHED_HIDDEN * spec.width // _PUBLISHED_WIDTH
            flat = trunk_channels * (EXAMPLE_FRAMES // 16) * (MEL_BANDS // 16)
            self.embeddings = nn.Sequential(
                nn.Linear(flat, hidden),
                nn.ReLU(),
                nn.Linear(hidden, hidden),
                nn.ReLU(),
                nn.Linear(hidden, spec.embedding_size),
            )
        else:
            self.embeddings = nn.Sequential(nn.Linear(2 * trunk_channels, spec.embedding_size))
        self.pca = spec.pca
        if spec.pca:
            self.register_buffer("pca_vectors", torch.eye(spec.embedding_size))
            self.register_buffer("pca_means", torch.zeros(spec.embedding_size))

    def forward(self, examples: Tensor) -> Tensor:
        """(n, 96, 64) log-mel → (n, embedding_size), not normalised."""
        return self.head_of(self.features(examples[:, None]))

    def head_of(self, maps: Tensor) -> Tensor:
        """The trunk's maps (n, channels, 6, 4) → (n, embedding_size)."""
        if self.head == "dense":
            # The reference flattens height, width, channel.
            pooled = maps.permute(0, 2, 3, 1).flatten(1)
        else:
            pooled = torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1)
        embedding: Tensor = self.embeddings(pooled)
        return project(embedding, self.pca_vectors, self.pca_means) if self.pca else embedding


def _trunk(width: int) -> tuple[nn.Sequential, int]:
    layers: list[nn.Module] = []
    channels = 1
    for block in ((1,), (2,), (4, 4), (8, 8)):
        for factor in block:
            convolution = nn.Conv2d(channels, factor * width, kernel_size=3, padding=1)
            # Channels last is 1.3 times as fast on a CPU; loading a state dict keeps the layout.
            convolution.weight.data = convolution.weight.data.contiguous(memory_format=torch.channels_last)
            layers += [convolution, nn.ReLU()]
            channels = factor * width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers), channels
