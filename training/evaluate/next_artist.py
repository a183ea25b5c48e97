"""Which place the artist that was played next has in the model's list and in what plain counting would say."""

from typing import Any

import numpy as np

from modeling.plays import Floats, Plays

TOP = 10
ABSENT = 1e6
"""The place of whoever is not ranked at all: an artist never heard before is in nobody's list."""
DECAY_DAYS = 30.0
STEPS = ((1, 1.0), (2, 0.5), (3, 0.25))


def artist_ranks(plays: Plays, place: int, told: list[dict[str, Any]]) -> dict[str, float]:
    """Places of the artist of the play at `place`, from 1; every ranking knows all plays before it."""
    artist, now = plays.artist[:place], float(plays.started[place])
    played = int(plays.artist[place])
    keys = [each["artist"] for each in told]
    key = plays.artist_keys[played]
    ranks = {"model": float(keys.index(key) + 1) if key in keys else ABSENT}
    age_days = np.maximum(now - plays.ended[:place], 60.0) / 86400
    size = len(plays.artist_keys)
    last = np.full(size, -np.inf)
    np.maximum.at(last, artist, -age_days)
    frequency = np.bincount(artist, weights=np.exp(-age_days / DECAY_DAYS), minlength=size).astype(np.float64)
    recency = np.where(np.isfinite(last), 1 / (1 - last), 0.0)
    follows = np.zeros(size)
    for back, weight in STEPS:
        if place > back:
            after = np.flatnonzero(artist[:-back] == artist[-back]) + back
            follows += weight * np.bincount(artist[after], minlength=size)
    for name, scores in (
        ("recency", recency),
        ("decayed_frequency", frequency),
        ("markov", follows + 1e-3 * frequency),
        ("markov_and_recency", follows / max(1.0, follows.sum()) + 0.3 * recency),
    ):
        ranks[name] = _rank(scores, played)
    return ranks


def _rank(scores: Floats, played: int) -> float:
    """Equal scores share the mean of their places; no score is no place."""
    if scores[played] <= 0:
        return ABSENT
    return float((scores > scores[played]).sum() + ((scores == scores[played]).sum() + 1) / 2)
