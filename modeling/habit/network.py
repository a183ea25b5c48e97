"""An LSTM over plays with four heads: the next skip, what kind of track comes next, the hours of the coming week, the
hazard of the next session.

All but the first correct a plain count: their last layer begins at zero, so an untrained network says exactly what the
count says.
"""

import torch
from torch import Tensor, nn

from modeling.habit.features import AFTER, BEFORE, KINDS, MOMENT
from modeling.habit.spec import HabitSpec
from modeling.habit.timeline import HOUR_FEATURES
from modeling.plays import REASONS

ARTIST_WIDTH, REASON_WIDTH, STATE_WIDTH = 16, 4, 16


class HourHead(nn.Module):
    """A correction in log-odds for each moment, from its features and a summary of the state."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.state = nn.Linear(hidden, STATE_WIDTH)
        self.hidden = nn.Linear(HOUR_FEATURES + STATE_WIDTH + 1, 48)
        self.deeper = nn.Linear(48, 32)
        self.out = nn.Linear(32, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, state: Tensor, hours: Tensor, log_width: Tensor) -> Tensor:
        """state: (b, hidden); hours: (b, k, HOUR_FEATURES); log_width: (k,) ln of the hours a bin lasts → (b, k)."""
        summary = torch.tanh(self.state(state))[:, None].expand(-1, hours.shape[1], -1)
        width = log_width.expand(hours.shape[0], -1)[..., None]
        x = torch.nn.functional.silu(self.hidden(torch.cat([hours, summary, width], dim=-1)))
        correction: Tensor = self.out(torch.nn.functional.silu(self.deeper(x)))[..., 0]
        return correction


class HabitNetwork(nn.Module):
    """One state after each play; every head reads it."""

    def __init__(self, spec: HabitSpec) -> None:
        super().__init__()
        self.artist = nn.Embedding(spec.artists + 1, ARTIST_WIDTH)
        """Row 0 is any artist without an embedding of its own."""
        self.reason_start = nn.Embedding(len(REASONS), REASON_WIDTH)
        self.reason_end = nn.Embedding(len(REASONS), REASON_WIDTH)
        self.into = nn.Linear(BEFORE + AFTER + ARTIST_WIDTH + 2 * REASON_WIDTH, spec.hidden)
        self.lstm = nn.LSTM(spec.hidden, spec.hidden, batch_first=True)
        self.skip_plain = nn.Linear(BEFORE, 1)
        self.skip_deep = nn.Sequential(
            nn.Linear(spec.hidden + BEFORE + ARTIST_WIDTH, spec.hidden), nn.SiLU(), nn.Linear(spec.hidden, 1)
        )
        self.kind = nn.Linear(spec.hidden + MOMENT, len(KINDS))
        nn.init.zeros_(self.kind.weight)
        nn.init.zeros_(self.kind.bias)
        self.forecast = HourHead(spec.hidden)
        self.comeback = HourHead(spec.hidden)
        for table in (self.artist, self.reason_start, self.reason_end):
            nn.init.normal_(table.weight, std=0.1)

    def states(self, before: Tensor, after: Tensor, artist: Tensor, start: Tensor, end: Tensor) -> Tensor:
        """before: (b, n, BEFORE); after: (b, n, AFTER); artist, start, end: (b, n) codes → (b, n, hidden)."""
        parts = [before, after, self.artist(artist), self.reason_start(start), self.reason_end(end)]
        states: Tensor = self.lstm(torch.nn.functional.silu(self.into(torch.cat(parts, dim=-1))))[0]
        return states

    def skip(self, states: Tensor, before: Tensor, artist: Tensor) -> Tensor:
        """Logit that a play will be skipped: states (…, hidden) before it, before (…, BEFORE), artist (…) → (…)."""
        deep = self.skip_deep(torch.cat([states, before, self.artist(artist)], dim=-1))
        logit: Tensor = (self.skip_plain(before) + deep)[..., 0]
        return logit

    def next_kind(self, states: Tensor, moment: Tensor) -> Tensor:
        """What to add to ln(share) of each kind: states (…, hidden), moment (…, MOMENT) of the play → (…, KINDS)."""
        correction: Tensor = self.kind(torch.cat([states, moment], dim=-1))
        return correction
