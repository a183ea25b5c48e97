"""When the next session begins: a hazard per time bin, and from it quantiles. Censoring is natural to a hazard."""

import numpy as np

from modeling.habit.timeline import MEMORY_DAYS, Timeline
from modeling.plays import SESSION_GAP_S, Floats

EDGES_H: Floats = np.concatenate([np.arange(0, 12, 0.5), np.arange(12, 48, 1.0), np.arange(48, 169, 4.0)])
"""Bins in hours from now: half hours, hours, then four hours, up to a week."""
MIDDLES_H: Floats = np.asarray((EDGES_H[1:] + EDGES_H[:-1]) / 2)
WIDTHS_H: Floats = np.diff(EDGES_H)
BINS = len(MIDDLES_H)
SILENCES_H: Floats = np.array([0, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72, 120, 1e6])
"""Stretches of silence in hours, each with a rate of its own."""
PAUSE_HALF_LIVES_DAYS = (30.0, 90.0, 365.0)
USUAL_RATE, USUAL_HOURS = 0.06, 8.0
"""Sessions per hour of silence that are assumed of a stranger, and how many hours that belief counts for."""
LOG_WIDTHS = np.log(WIDTHS_H).astype(np.float32)


def prior_hazard(line: Timeline, now: float) -> Floats:
    """(BINS,) log-odds that a session begins in a bin, from the listener's own pauses before `now` alone.

    Per stretch of silence: pauses that ended in it over the hours of silence spent in it, recent pauses counting more,
    with each of the half-lives; the mean of their log-odds.
    """
    count = int(np.searchsorted(line.session_starts, now, side="right"))
    first = max(1, int(np.searchsorted(line.session_starts, now - MEMORY_DAYS * 86400)))
    pauses, ended = line.pauses_h[first:count], line.session_starts[first:count]
    weights = 0.5 ** ((now - ended) / 86400 / np.array(PAUSE_HALF_LIVES_DAYS)[:, None])
    spent = np.clip(pauses[:, None] - SILENCES_H[:-1], 0, np.diff(SILENCES_H))
    came = (pauses[:, None] >= SILENCES_H[:-1]) & (pauses[:, None] < SILENCES_H[1:])
    rate = (weights @ came + USUAL_RATE * USUAL_HOURS) / (weights @ spent + USUAL_HOURS)
    past = line.ended[line.ended <= now]
    silent_h = (now - float(past.max())) / 3600 if len(past) else float(SILENCES_H[-2])
    place = np.searchsorted(SILENCES_H, silent_h + MIDDLES_H, side="right") - 1
    expected = rate[:, np.clip(place, 0, rate.shape[1] - 1)] * WIDTHS_H
    return np.asarray(np.log(np.expm1(np.clip(expected, 1e-4, 20.0))).mean(axis=0))


def possible_share(elapsed_s: float) -> Floats:
    """(BINS,) Share of each bin in which a session can begin: not within half an hour of the last play."""
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
