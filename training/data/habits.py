"""What the habit model is trained on: moments of a listener's life with what came after them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modeling.habit import comeback
from modeling.habit.features import Priors, before_features, kind_shares, kinds_of_plays
from modeling.habit.predictor import state_inputs
from modeling.habit.spec import FORECAST_HOURS
from modeling.habit.timeline import HOUR_S, Timeline, hour_features, rates, timeline
from modeling.plays import SESSION_GAP_S, Floats, Plays, begins_session, was_skipped
from training.data.sequences import Listener, played_before

PRIOR_PLAYS = 20.0
PRIOR_LISTENERS = 3
"""A rate of others is used only where at least so many of them played the track: below, it would tell on one person."""
MIN_ARTIST_PLAYS = 20
FIRST_ORIGIN = 50


@dataclass(frozen=True)
class SkipTable:
    """Plays and skips of every listener by key, to look up what others skip."""

    plays: list[Counter[str]]
    skips: list[Counter[str]]
    overall: float

    def rates(self, without: int | None = None) -> dict[str, float]:
        """Smoothed skip rates by key over all listeners, or all but one, where enough of them played it.

        Of all listeners one more is asked for: who is served may be one of them, as nobody knows then.
        """
        least = PRIOR_LISTENERS + (without is None)
        chosen = [place for place in range(len(self.plays)) if place != without]
        total, skipped, known_by = Counter[str](), Counter[str](), Counter[str]()
        for place in chosen:
            total.update(self.plays[place])
            skipped.update(self.skips[place])
            known_by.update(self.plays[place].keys())
        return {
            key: (skipped[key] + PRIOR_PLAYS * self.overall) / (total[key] + PRIOR_PLAYS)
            for key in sorted(total)
            if known_by[key] >= least
        }


def skip_tables(everyone: Sequence[Listener], end: float) -> tuple[SkipTable, SkipTable]:
    """Of tracks and of artists, from plays that ended before `end`."""
    pairs: list[list[Counter[str]]] = [[], [], [], []]
    skips_in_all = plays_in_all = 0.0
    for listener in everyone:
        plays = listener.plays.part(slice(0, played_before(listener, end)))
        skipped = was_skipped(plays).astype(np.float64)
        skips_in_all, plays_in_all = skips_in_all + float(skipped.sum()), plays_in_all + len(plays)
        for place, (codes, keys) in enumerate(((plays.track, plays.track_keys), (plays.artist, plays.artist_keys))):
            counts, skips = np.bincount(codes), np.bincount(codes, weights=skipped)
            pairs[2 * place].append(Counter({keys[int(c)]: int(counts[c]) for c in np.flatnonzero(counts)}))
            pairs[2 * place + 1].append(Counter({keys[int(c)]: int(skips[c]) for c in np.flatnonzero(skips)}))
    overall = (skips_in_all + 1) / (plays_in_all + 5)
    return SkipTable(pairs[0], pairs[1], overall), SkipTable(pairs[2], pairs[3], overall)


@dataclass(frozen=True)
class HabitSequence:
    """One listener's inputs, ready to be cut into windows."""

    before: NDArray[np.float32]
    after: NDArray[np.float32]
    artist: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    skipped: NDArray[np.bool_]
    kind: NDArray[np.int64]
    shares: NDArray[np.float32]
    """(n, KINDS) ln of what the kinds' shares were before each play."""


def sequence(listener: Listener, priors: Priors, artist_code: Mapping[str, int]) -> HabitSequence:
    """Inputs and skips of a listener's whole history."""
    before = before_features(listener.plays, listener.zone, priors)
    _, after, artist, start, end = state_inputs(listener.plays, before, dict(artist_code))
    kinds = kinds_of_plays(listener.plays)
    shares = kind_shares(kinds, np.arange(len(kinds)))
    return HabitSequence(before, after, artist, start, end, was_skipped(listener.plays), kinds, shares)


@dataclass(frozen=True)
class Moments:
    """m moments of one listener, each right after the play `place` and before the next one."""

    place: NDArray[np.int64]
    now: NDArray[np.float64]
    hours: NDArray[np.float32]
    """(m, 168, HOUR_FEATURES)"""
    listened: NDArray[np.float32]
    """(m, 168) 1 or 0; -1 where the span has ended."""
    bins: NDArray[np.float32]
    """(m, BINS, HOUR_FEATURES)"""
    possible: NDArray[np.float32]
    """(m, BINS) share of the bin in which a session can begin."""
    prior_hazard: NDArray[np.float32]
    """(m, BINS) what the listener's own pauses alone say."""
    event: NDArray[np.float32]
    """(m, BINS) 1 where the next session begins, 0 before, -1 after it or after the end of the span."""


def moments(
    listener: Listener,
    begin: float,
    end: float,
    count: int,
    random: np.random.Generator,
    *,
    at_session_ends: bool = False,
) -> Moments:
    """At most `count` moments between `begin` and `end` (seconds), half right after a play, half in the pause.

    Of what came after the last play nothing is known: an import may have ended there, not the listening.
    """
    plays = listener.plays
    end = min(end, float(plays.ended[-1]))
    first, last = max(FIRST_ORIGIN, played_before(listener, begin)), played_before(listener, end) - 1
    line = timeline(plays, listener.zone, float(plays.ended[-1]) + 1)
    ends_session = np.append(begins_session(plays)[1:], True)
    places = np.arange(first, max(first, last))
    closing = places[ends_session[places]]
    drawn = _draw(closing, count if at_session_ends else count * 2 // 3, random)
    if not at_session_ends:
        drawn = np.concatenate([drawn, _draw(places, count - len(drawn), random)])
    drawn = np.sort(drawn)
    pause = np.minimum(plays.started[drawn + 1], end) - plays.ended[drawn]
    waits = np.maximum(pause, 0) * random.random(len(drawn)) * (random.random(len(drawn)) < 0.5)
    now = plays.ended[drawn] + (0 if at_session_ends else 1) * waits
    rows = [_moment(line, float(instant), end) for instant in now]
    columns = [np.stack(column).astype(np.float32) for column in zip(*rows, strict=True)] if rows else []
    return Moments(drawn, now, *columns) if rows else empty_moments()


def empty_moments() -> Moments:
    """No moment at all."""
    nothing = np.empty((0, 0), dtype=np.float32)
    return Moments(np.empty(0, np.int64), np.empty(0), nothing, nothing, nothing, nothing, nothing, nothing)


def _draw(places: NDArray[np.int64], count: int, random: np.random.Generator) -> NDArray[np.int64]:
    return random.choice(places, size=min(count, len(places)), replace=False)


def _moment(line: Timeline, now: float, end: float) -> tuple[np.ndarray, ...]:
    known = rates(line, now)
    begin = line.next_full_hour(now)
    middles: Floats = np.asarray(begin + (np.arange(FORECAST_HOURS) + 0.5) * HOUR_S)
    hours = hour_features(line, now, middles, known)
    first = round((begin - line.begin) / HOUR_S)
    listened = np.full(FORECAST_HOURS, -1.0)
    inside = min(FORECAST_HOURS, len(line.listened) - first, int((end - begin) // HOUR_S))
    if inside > 0:
        listened[:inside] = line.listened[first : first + inside]
    bins = hour_features(line, now, now + comeback.MIDDLES_H * HOUR_S, known)
    elapsed_s = now - float(line.ended[np.searchsorted(line.ended, now, side="right") - 1])
    possible, prior = comeback.possible_share(elapsed_s), comeback.prior_hazard(line, now)
    return hours, listened, bins, possible, prior, next_event(line, now, end)


def next_event(line: Timeline, now: float, end: float) -> NDArray[np.float64]:
    """(BINS,) The bin in which the next session begins as 1, bins before it 0, bins nobody can know -1."""
    event = np.zeros(comeback.BINS)
    later = line.session_starts[np.searchsorted(line.session_starts, now, side="right") :]
    known_h = (end - now) / HOUR_S
    if len(later) and later[0] <= end:
        place = int(np.searchsorted(comeback.EDGES_H, (later[0] - now) / HOUR_S, side="right")) - 1
        if place < comeback.BINS:
            event[place], event[place + 1 :] = 1.0, -1.0
        return event
    event[comeback.EDGES_H[1:] > known_h] = -1.0
    return event


def hours_to_next_session(plays: Plays, place: int) -> float:
    """From the end of the play at `place` to the beginning of the next session; nan when there is none."""
    pauses = plays.started[place + 1 :] - np.maximum.accumulate(plays.ended)[place:-1]
    later = np.flatnonzero(pauses > SESSION_GAP_S)
    return float((plays.started[place + 1 + later[0]] - plays.ended[place]) / HOUR_S) if len(later) else float("nan")
