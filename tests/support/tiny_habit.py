"""A small real habit model that was never trained: its forecast is the plain histogram, moved by `shift` on purpose."""

import json
from pathlib import Path

import torch

from modeling.bundle import Bundle
from modeling.habit.artists import ARTIST_FEATURES
from modeling.habit.network import HabitNetwork
from modeling.habit.predictor import VOCABULARY
from modeling.habit.spec import HabitSpec

BY_COUNTS = tuple(float(name in ("base_level", "after_shares")) for name in ARTIST_FEATURES)


def tiny_habit(folder: Path, *, shift: float = 0.0, return_shift: float = 0.0, seed: int = 0) -> Bundle:
    """A sealed habit bundle; the larger the shift, the worse the forecast; with the other, all are back sooner."""
    spec = HabitSpec(
        hidden=8, window=16, artists=2, skip_rate=0.2, skip_scale=1.0, skip_shift=0.0, kind_residual=1.0,
        forecast_residual=1.0, forecast_shift=shift, return_residual=1.0, return_shift=return_shift,
        artist_within=BY_COUNTS, artist_opening=BY_COUNTS,
    )  # fmt: skip
    torch.manual_seed(seed)
    words = {"artists": ["artist:x", "artist:y"], "track_skip": {"a": 0.9}, "artist_skip": {}}
    return Bundle.write(
        folder, model="habit", spec=vars(spec), tensors=HabitNetwork(spec).state_dict(),
        files={VOCABULARY: json.dumps(words).encode()},
    )  # fmt: skip
