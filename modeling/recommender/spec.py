"""What a served recommender is made of."""

from dataclasses import dataclass
from typing import Literal

Wish = Literal["discover", "comfort", "rediscover", "hour"]
WISHES: tuple[Wish, ...] = ("discover", "comfort", "rediscover", "hour")

FEATURES = (
    "network", "base_level", "week", "month", "season", "total", "heard", "just_played", "skip_rate", "own_next",
    "others_next", "together", "artist", "artist_now", "artist_met", "popularity", "sound", "sound_met", "hour",
    "opener", "unlearned",
)  # fmt: skip
"""What a track's score is a weighted sum of, in the order of `features.count_features`; `network` comes first."""

MOMENTS = ("opening", "within", "discover", "few", "new")
"""Each has its own weights: what a session will hold, the next track within one, a track never heard before, and what
a session will hold for somebody of whom few plays are known, or none."""
FEW_PLAYS = 50
"""So many are few. Where there is little to count, what others do weighs more."""
TOLD_PLAYS = 4000
"""A request of the product tells no more, so training and evaluation do not either."""


@dataclass(frozen=True)
class RecommenderSpec:
    """Sizes of the network, the weights of the fusion and the rules of ranking."""

    width: int
    layers: int
    heads: int
    window: int
    """Plays that the network reads."""
    audio_size: int
    """Numbers per audio embedding."""
    weights_opening: tuple[float, ...]
    """One weight per entry of FEATURES; so for the other moments."""
    weights_within: tuple[float, ...]
    weights_discover: tuple[float, ...]
    weights_few: tuple[float, ...]
    weights_new: tuple[float, ...]
    artist_cap: int
    """At most so many tracks of one artist in an answer for `discover` and `rediscover` …"""
    comfort_artist_cap: int
    """… and for `comfort`, where somebody may want nothing but one artist."""
    rediscover_listens: int
    """A track is worth a comeback when it was listened to at least this often …"""
    rediscover_silent_days: float
    """… and not for this long."""
