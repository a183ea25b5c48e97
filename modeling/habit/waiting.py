"""When the next session begins, asked at the present moment and, to learn from it, when earlier pauses began."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modeling.habit import comeback
from modeling.habit.experience import PAUSES, Correction, at_horizons, hazard_of, learned, within_edges
from modeling.habit.network import HabitNetwork, HourHead
from modeling.habit.spec import HabitSpec
from modeling.habit.timeline import HALF_LIVES_DAYS, HOUR_S, Rates, Timeline, hour_features, week_rates_each_day
from modeling.plays import Floats, Plays, begins_session

DAY_S = 86400.0


def pause_places(plays: Plays) -> list[int]:
    """Places of the plays after which the latest pauses began; the last play is not one of them."""
    if not len(plays):
        return []
    return [int(place) for place in np.flatnonzero(begins_session(plays))[1:][-PAUSES:] - 1]


@dataclass(frozen=True)
class Wait:
    """What is said of the next session."""

    hazard: Floats
    """(BINS,) from now on, corrected by experience."""
    correction: Correction


def waiting(
    network: HabitNetwork, spec: HabitSpec, states: Tensor, line: Timeline, begun: Floats, lasted_h: Floats, now: float
) -> Wait:
    """begun: (m,) when each of the latest pauses began, the present one last; lasted_h: (m - 1,) how long those before
    it lasted; states: (m, hidden) of the network when they began. For somebody who never played, m is 0."""
    moments = np.append(begun, now)
    everything = torch.cat([states, states[-1:] if len(states) else torch.zeros(1, spec.hidden, device=states.device)])
    said = _hazards(network, spec, everything, line, moments)
    if not len(begun):
        return Wait(said[-1], Correction())
    earlier = np.array([at_horizons(each) for each in said[:-2]])
    correction = learned(earlier, lasted_h, (now - begun[:-1]) / DAY_S)
    already = float(np.interp((now - begun[-1]) / HOUR_S, comeback.EDGES_H, within_edges(said[-2])))
    return Wait(hazard_of(correction.of_silence(already, within_edges(said[-1]))), correction)


def _hazards(network: HabitNetwork, spec: HabitSpec, states: Tensor, line: Timeline, now: Floats) -> Floats:
    """(m, BINS) probability that the next session begins in each bin, given that it has not before, as the network and
    the listener's own pauses say it at each of the rising moments `now`."""
    rates = _rates_at(line, now)
    bins = np.stack([
        hour_features(line, moment, moment + comeback.MIDDLES_H * HOUR_S, known)
        for moment, known in zip(now.tolist(), rates, strict=True)
    ])  # fmt: skip
    counted = np.stack([comeback.prior_hazard(line, moment) for moment in now.tolist()])
    corrected = head_correction(network.comeback, states, bins, comeback.LOG_WIDTHS)
    logits = counted + spec.return_residual * corrected + spec.return_shift
    possible = np.stack([comeback.possible_share(_silent_s(line, moment)) for moment in now.tolist()])
    return np.asarray(possible / (1 + np.exp(-logits)))


def _silent_s(line: Timeline, now: float) -> float:
    past = line.ended[line.ended <= now]
    return now - float(past[-1]) if len(past) else 1e9


def _rates_at(line: Timeline, now: Floats) -> Sequence[Rates]:
    """As `timeline.rates` at each moment, in one walk over the past."""
    edges = [line.upto(moment) for moment in now.tolist()]
    heard, begun = (
        np.stack([list(week_rates_each_day(line, values, row, edges)) for row in range(len(HALF_LIVES_DAYS))], axis=1)
        for values in (line.listened.astype(np.float64), line.starts)
    )
    return [Rates(*each) for each in zip(heard, begun, strict=True)]


def head_correction(head: HourHead, states: Tensor, features: Floats, log_width: NDArray[np.float32]) -> Floats:
    """(m, k) from states (m, hidden) and features (m, k, HOUR_FEATURES)."""
    told = torch.from_numpy(features.astype(np.float32)).to(states.device)
    correction: Tensor = head(states, told, torch.from_numpy(log_width).to(states.device))
    return np.asarray(correction.double().cpu().numpy())
