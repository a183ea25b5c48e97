"""What decides an audio embedder besides its weights."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class EmbedderSpec:
    """The front end is fixed (see `features`); these are the choices that are left."""

    width: int
    """Channels of the first convolution; 64 is the published VGGish, everything else scales with it."""
    head: Literal["dense", "pooled"]
    """`dense`: the published 4096-4096-128 (at width 64); `pooled`: global mean and maximum of the trunk, one layer."""
    embedding_size: int
    """128 everywhere but in small tests."""
    segments: int
    """How many examples of 0.96 s, spread evenly over a track, are heard and pooled."""
    pca: bool = False
    """Whether the embedding is projected on principal components that the weights bring, and clipped to ±2."""
