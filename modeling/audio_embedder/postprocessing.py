"""What Google does with VGGish's embeddings: principal components, clipped to ±2, and eight bits of each.

The published parameters (`vggish_pca_params`) hold `pca_eigen_vectors` (128, 128), a component per row, and `pca_means`
(128, 1). They differ from model to model.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

CLIP = 2.0


def read_pca(published: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """(vectors (d, d), means (d,)) of published parameters. Raises KeyError, ValueError for anything else."""
    vectors, means = published["pca_eigen_vectors"].float(), published["pca_means"].float().reshape(-1)
    if vectors.shape != (len(means), len(means)):
        raise ValueError(f"components of shape {tuple(vectors.shape)} do not fit {len(means)} means")
    return vectors, means


def project(embeddings: Tensor, vectors: Tensor, means: Tensor) -> Tensor:
    """(n, d) → (n, d) principal components in [-2, 2]."""
    return ((embeddings - means) @ vectors.T).clamp(-CLIP, CLIP)


def quantise(components: Tensor) -> Tensor:
    """[-2, 2] → 0…255 in one byte each, as Google's AudioSet embeddings are stored.

    >>> quantise(torch.tensor([-2.0, 0.0, 2.0, 9.0])).tolist()
    [0, 127, 255, 255]
    """
    return ((components.clamp(-CLIP, CLIP) + CLIP) * (255 / (2 * CLIP))).to(torch.uint8)


def restore(quantised: Tensor) -> Tensor:
    """0…255 → the middle of what was rounded to it; off by 1/128 at most.

    >>> round(restore(torch.tensor([127], dtype=torch.uint8)).item(), 3)
    0.0
    """
    return ((quantised.float() + 0.5) * (2 * CLIP / 255) - CLIP).clamp(-CLIP, CLIP)
