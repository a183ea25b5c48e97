"""A causal transformer over plays (SASRec, Kang & McAuley 2018) with gated blocks (LiGR, as in eSASRec 2025).

An item is what was learned about it + how it sounds + who plays it. A track nobody played has no learned part and is
still an item. Scores are cosines over a learned temperature, so an item without a learned part is not at a loss.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from modeling.recommender.spec import RecommenderSpec

PLAY_FEATURES = 8
"""Columns of `features.play_features`."""
MOMENT_FEATURES = 6
"""Columns of `features.moment_features`."""


class Block(nn.Module):
    """Attention and a gated feed-forward layer, each with its own gate on the residual."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.attention_out = nn.Linear(width, width, bias=False)
        self.attention_gate = nn.Linear(width, width)
        self.forward_norm = nn.LayerNorm(width)
        self.forward_in = nn.Linear(width, 4 * width)
        self.forward_out = nn.Linear(2 * width, width)
        self.forward_gate = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, length, width) → the same shape; position t sees positions ≤ t."""
        batch, length, width = x.shape
        query, key, value = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.query_key_value(self.attention_norm(x)).chunk(3, dim=-1)
        )
        # No dropout on the attention itself: with it PyTorch has no fused kernel on a CPU, and takes thrice as long.
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        attended = self.attention_out(attended.transpose(1, 2).reshape(batch, length, width))
        x = x + functional.dropout(attended, self.dropout, self.training) * torch.sigmoid(self.attention_gate(x))
        gate, content = self.forward_in(self.forward_norm(x)).chunk(2, dim=-1)
        changed = self.forward_out(functional.silu(gate) * content)
        return x + functional.dropout(changed, self.dropout, self.training) * torch.sigmoid(self.forward_gate(x))


class Items(nn.Module):
    """Vectors of tracks: learned part + projected sound + artist."""

    def __init__(self, spec: RecommenderSpec, tracks: int, artists: int) -> None:
        super().__init__()
        self.learned = nn.Embedding(tracks, spec.width)
        self.artist = nn.Embedding(artists + 1, spec.width)
        """The last row stands for an artist nobody heard of."""
        self.sound = nn.Linear(spec.audio_size, spec.width, bias=False)
        for table in (self.learned, self.artist):
            nn.init.normal_(table.weight, std=0.3 / spec.width**0.5)

    def forward(self, track: Tensor, has_learned: Tensor, artist: Tensor, audio: Tensor) -> Tensor:
        """track: (n,) index; has_learned: (n,) 0 or 1; artist: (n,) index; audio: (n, audio_size) → (n, width)."""
        vectors: Tensor = self.learned(track) * has_learned[:, None] + self.artist(artist) + self.sound(audio)
        return vectors


class RecommenderNetwork(nn.Module):
    """Reads a window of plays and says, after each of them, where in item space the next one should lie."""

    def __init__(self, spec: RecommenderSpec, tracks: int, artists: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = dropout
        self.items = Items(spec, tracks, artists)
        self.beginning = nn.Parameter(torch.zeros(spec.width))
        self.position = nn.Embedding(spec.window, spec.width)
        self.play = nn.Linear(PLAY_FEATURES, spec.width)
        self.input_norm = nn.LayerNorm(spec.width)
        self.blocks = nn.ModuleList([Block(spec.width, spec.heads, dropout) for _ in range(spec.layers)])
        self.output_norm = nn.LayerNorm(spec.width)
        self.moment = nn.Sequential(
            nn.Linear(spec.width + MOMENT_FEATURES, 2 * spec.width), nn.SiLU(), nn.Linear(2 * spec.width, spec.width)
        )
        self.log_scale = nn.Parameter(torch.tensor(2.5))
        nn.init.normal_(self.position.weight, std=0.02)
        nn.init.normal_(self.beginning, std=0.02)

    def forward(self, vectors: Tensor, plays: Tensor, moments: Tensor) -> Tensor:
        """Queries for the next item, of length 1 in item space.

        vectors: (batch, n, width) item vectors of the plays; plays: (batch, n, PLAY_FEATURES);
        moments: (batch, n + 1, MOMENT_FEATURES) of the play that follows the beginning and each play.
        Returns (batch, n + 1, width).
        """
        batch, count, _ = vectors.shape
        x = torch.cat([self.beginning.expand(batch, 1, -1), vectors + self.play(plays)], dim=1)
        x = self.input_norm(x + self.position.weight[: count + 1])
        x = functional.dropout(x, self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        x = self.output_norm(x)
        return functional.normalize(x + self.moment(torch.cat([x, moments], dim=-1)), dim=-1)

    def scale(self) -> Tensor:
        """What a cosine is multiplied by: the inverse of the learned temperature."""
        return self.log_scale.exp().clamp(max=60.0)

    def scores(self, queries: Tensor, vectors: Tensor) -> Tensor:
        """(…, width) × (items, width) → (…, items): cosine times the learned scale."""
        return queries @ functional.normalize(vectors, dim=-1).T * self.scale()
