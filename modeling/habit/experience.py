"""How the chances of coming back follow the listener: corrected by how the chances said in earlier pauses went.

Of every earlier pause it is known what would have been said when it began, and how long it lasted. Two numbers turn
the log-odds of coming back within any time into better ones: a stretch (how sure to be) and a shift (how soon). They
are the most probable ones under a belief that nothing is wrong, so few pauses change little; older pauses fade. Nothing
is kept between answers, and nothing later than the moment is looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modeling.habit.comeback import EDGES_H
from modeling.plays import Floats

PAUSES = 100
"""The latest ones are looked at."""
HALF_LIFE_DAYS = 60.0
DOUBT = 0.5
"""Standard deviation of the belief that the stretch is one and the shift zero."""
HORIZONS_H: Floats = np.array([1.0, 3.0, 6.0, 12.0, 24.0, 48.0])
EVIDENCE = 2.0
"""Answers that a pause counts for, all horizons together: they say much the same."""
LEAST_STRETCH = 0.1
"""Above zero, so that a longer time is always the likelier one."""
STEPS = 30


@dataclass(frozen=True)
class Correction:
    stretch: float = 1.0
    shift: float = 0.0

    def of(self, chances: Floats) -> Floats:
        """Chances of coming back within rising times, corrected; 0 stays 0 and 1 stays 1."""
        kept = np.clip(chances, 1e-9, 1 - 1e-9)
        better = _chance(self.stretch * np.log(kept / (1 - kept)) + self.shift)
        return np.where(chances <= 0, 0.0, np.where(chances >= 1, 1.0, better))

    def of_silence(self, already: float, chances: Floats) -> Floats:
        """The same for somebody already silent for a while.

        already: the chance, said when the silence began, that they would have come back by now; chances: of coming back
        from now on.
        """
        before = float(self.of(np.array([already]))[0])
        whole = self.of(already + (1 - already) * chances)
        return np.clip((whole - before) / max(1 - before, 1e-9), 0.0, 1.0)


def learned(said: Floats, lasted_h: Floats, age_days: Floats) -> Correction:
    """said: (n, HORIZONS_H) chances when each pause began; lasted_h: (n,); age_days: (n,) since it began."""
    if not len(said):
        return Correction()
    kept = np.clip(said, 1e-6, 1 - 1e-6)
    odds = np.log(kept / (1 - kept)).ravel()
    came = (lasted_h[:, None] <= HORIZONS_H).ravel()
    weight = np.repeat(0.5 ** (age_days / HALF_LIFE_DAYS) * (EVIDENCE / len(HORIZONS_H)), len(HORIZONS_H))
    columns, usual = np.column_stack([odds, np.ones(len(odds))]), np.array([1.0, 0.0])
    numbers = _most_probable(columns, came, weight, usual)
    return Correction(max(LEAST_STRETCH, float(numbers[0])), float(numbers[1]))


def _most_probable(columns: Floats, came: NDArray[np.bool_], weight: Floats, usual: Floats) -> Floats:
    """Newton's method; a step that would make things worse is halved until it does not."""

    def improbability(numbers: Floats) -> float:
        margin = np.where(came, 1.0, -1.0) * (columns @ numbers)
        doubt = ((numbers - usual) ** 2).sum() / (2 * DOUBT**2)
        return float(weight @ np.logaddexp(0.0, -margin) + doubt)

    numbers, lowest = usual, improbability(usual)
    for _ in range(STEPS):
        chance = _chance(columns @ numbers)
        slope = columns.T @ (weight * (chance - came)) + (numbers - usual) / DOUBT**2
        curve = (columns.T * (weight * chance * (1 - chance))) @ columns + np.eye(len(usual)) / DOUBT**2
        step = np.linalg.solve(curve, slope)
        while (found := improbability(numbers - step)) > lowest and np.abs(step).max() > 1e-6:
            step = step / 2
        if np.abs(step).max() <= 1e-6:
            break
        numbers, lowest = numbers - step, found
    return numbers


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


def within_edges(hazard: Floats) -> Floats:
    """(BINS + 1,) Chance of having come back by each of EDGES_H, from the hazards (BINS,)."""
    return np.asarray(1 - np.concatenate([[1.0], np.cumprod(1 - hazard)]))


def hazard_of(chances: Floats) -> Floats:
    """The hazards (BINS,) of which `chances` (BINS + 1,) are the sums: `within_edges` turned around."""
    left = 1 - chances
    return np.asarray(np.clip(1 - left[1:] / np.maximum(left[:-1], 1e-12), 0.0, 1 - 1e-9))


def at_horizons(hazard: Floats) -> Floats:
    """(HORIZONS_H,)"""
    return np.asarray(np.interp(HORIZONS_H, EDGES_H, within_edges(hazard)))
