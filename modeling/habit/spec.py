"""What a served habit model is made of."""

from dataclasses import dataclass

TOLD_PLAYS = 6000
"""A request of the product tells no more, so evaluation does not either."""
FORECAST_HOURS = 168
SURPRISE_DAYS = 28


@dataclass(frozen=True)
class HabitSpec:
    """Sizes of the network and what was calibrated on the validation span."""

    hidden: int
    window: int
    """Plays that the network reads to know the present state."""
    artists: int
    """Artists with an embedding of their own."""
    skip_rate: float
    """Share of skips in the training span: what is expected of a track that nobody knows."""
    skip_scale: float
    """The skip logit is multiplied by this, then shifted (Platt)."""
    skip_shift: float
    kind_residual: float
    """How much of the learned correction is added to the shares of what was played lately."""
    forecast_residual: float
    """How much of the learned correction is added to the mean of the hour-of-week histograms; 0: these alone."""
    forecast_shift: float
    return_residual: float
    """The same for the hazard of the next session."""
    return_shift: float
    artist_within: tuple[float, ...]
    """What each of ARTIST_FEATURES weighs for the next artist while a session is under way."""
    artist_opening: tuple[float, ...]
    """The same for the artist that opens a session."""
