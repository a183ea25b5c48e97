"""When the next session begins: a hazard per time bin, and from it quantiles. Censoring is natural to a hazard."""

import numpy as np

from modeling.plays import SESSION_GAP_S, Floats

EDGES_H = np.concatenate([np.arange(0, 12, 0.5), np.arange(12, 48, 1.0), np.arange(48, 169, 4.0)])
"""Bins in hours from now: half hours, hours, then four hours, up to a week."""
MIDDLES_H = (EDGES_H[1:] + EDGES_H[:-1]) / 2
WIDTHS_H = np.diff(EDGES_H)
BINS = len(MIDDLES_H)
LOG_WIDTHS = np.log(WIDTHS_H).astype(np.float32)


def prior_hazard(start_rate: Floats) -> Floats:
    """(BINS,) log-odds that a session begins in a bin, from sessions per hour at its time of the week."""
    expected = np.maximum(start_rate, 1e-4) * WIDTHS_H
    return np.asarray(np.log(np.expm1(np.minimum(expected, 20.0))))


def possible_share(elapsed_s: float) -> Floats:
    """(BINS,) Share of each bin in which a session can begin: not before half an hour has passed since the last play."""
    wait_h = max(0.0, (SESSION_GAP_S - elapsed_s) / 3600)
    return np.asarray(np.clip((EDGES_H[1:] - wait_h) / WIDTHS_H, 0.0, 1.0))


def quantiles(hazard: Floats, levels: Floats) -> Floats:
    """Hours until the next session at the given levels, from the hazards (BINS,) as probabilities.

    Linear within a bin; beyond the last bin the mean hazard per hour of the last two days goes on.
    """
    survival = np.concatenate([[1.0], np.cumprod(1 - hazard)])
    tail_rate = max(1e-4, float(-np.log(np.clip(1 - hazard[-12:], 1e-6, 1)).sum() / WIDTHS_H[-12:].sum()))
    found = np.empty(len(levels))
    for place, level in enumerate(levels):
        left = 1.0 - level
        if survival[-1] <= left:
            found[place] = np.interp(-left, -survival, EDGES_H)
        else:
            found[place] = EDGES_H[-1] + np.log(survival[-1] / left) / tail_rate
    return found


def cumulative(hazard: Floats, hours: float) -> float:
    """Probability that the next session begins within `hours` (at most a week)."""
    survival = np.concatenate([[1.0], np.cumprod(1 - hazard)])
    return float(1 - np.interp(hours, EDGES_H, survival))
