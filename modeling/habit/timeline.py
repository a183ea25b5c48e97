"""A listener's life by the hour: when they listened, when sessions began, and what that says of hours to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modeling.plays import NO_SESSIONS, Floats, Plays, Sessions, continued, hours_of_week, sessions_of

HOUR_S = 3600.0
DAY_HOURS, WEEK_HOURS = 24, 168
HALF_LIVES_DAYS = (14.0, 56.0, 365.0)
MEMORIES = slice(0, len(HALF_LIVES_DAYS))
"""Columns of `hour_features`: the log-odds of the histograms. Their mean is the plain forecast."""
USUAL = 1
"""What is usual is told by the second of them."""
MEMORY_DAYS = 364
"""Nothing older counts, and no more is told with a request."""
MEMORY_HOURS = MEMORY_DAYS * 24
LEANING = 12.0
"""How many observations an hour of the day counts for beside one of its hours of the week: a half-life of eight weeks
holds some eleven of each of these."""
DAILY_LEANING = 1.0
"""The same for the listener's mean beside an hour of the day."""

HOUR_FEATURES = 20
"""Columns of `hour_features`."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Timeline:
    """Consecutive hours that begin at full hours by the listener's clock; h of them up to the end of the history."""

    begin: float
    """Seconds since 1970 of the first hour."""
    listened: NDArray[np.bool_]
    """(h,) Was anything playing in that hour."""
    starts: Floats
    """(h,) Sessions that began in that hour."""
    clock: NDArray[np.int64]
    """(h,) Hour of the local week, 0 = Monday 00:00."""
    ended: Floats
    """(plays,) Ends of the plays."""
    session_starts: Floats
    """(sessions,)"""
    pauses_h: Floats
    """(sessions,) Hours of silence before each session; nan before the first."""
    zone: tzinfo

    def upto(self, now: float) -> int:
        """How many hours are over at `now`."""
        return int(np.clip(np.floor((now - self.begin) / HOUR_S), 0, len(self.listened)))

    @cached_property
    def decays(self) -> Matrix:
        """(half-lives, h) What an hour still counts for that many hours later."""
        age_days = (np.arange(len(self.listened)) + 1) / DAY_HOURS
        return np.stack([0.5 ** (age_days / half_life) for half_life in HALF_LIVES_DAYS])

    def next_full_hour(self, now: float) -> float:
        """The first full hour by the listener's clock at or after `now`."""
        return self.begin + float(np.ceil((now - self.begin) / HOUR_S)) * HOUR_S


def timeline(plays: Plays, zone: tzinfo, until: float, earlier: Sessions = NO_SESSIONS) -> Timeline:
    """The hours from the first play to `until` (seconds); `earlier` is what is known of the time before the plays."""
    first = min([until, *plays.started.tolist(), *earlier.started[:1].tolist()])
    offset = datetime.fromtimestamp(until, zone).utcoffset()
    # In a zone such as India's a full hour by the clock is not a full hour of UTC.
    phase = -(offset.total_seconds() if offset else 0.0) % HOUR_S
    begin = float(np.floor((first - phase) / HOUR_S)) * HOUR_S + phase
    hours = max(0, int(np.ceil((until - begin) / HOUR_S)))
    listened, starts = np.zeros(hours, dtype=np.bool_), np.zeros(hours)
    sessions = continued(earlier, sessions_of(plays))
    pauses_h = np.full(len(sessions), np.nan)
    pauses_h[1:] = (sessions.started[1:] - sessions.ended[:-1]) / HOUR_S
    for instants in (plays.started, plays.ended - 1e-3):
        places = np.floor((instants - begin) / HOUR_S).astype(np.int64)
        listened[places[(places >= 0) & (places < hours)]] = True
    for start, end in zip(
        *(np.floor((each - begin) / HOUR_S) for each in (earlier.started, earlier.ended - 1e-3)), strict=True
    ):
        listened[int(start) : int(end) + 1] = True
    opened_places = np.floor((sessions.started - begin) / HOUR_S).astype(np.int64)
    np.add.at(starts, opened_places[(opened_places >= 0) & (opened_places < hours)], 1.0)
    middles: Floats = np.asarray(begin + (np.arange(hours) + 0.5) * HOUR_S)
    clock = np.floor(hours_of_week(middles, zone)).astype(np.int64)
    ended = np.concatenate([earlier.ended, plays.ended])
    return Timeline(begin, listened, starts, clock, ended, sessions.started, pauses_h, zone)


def week_rates(line: Timeline, now: float, values: Floats, strength: float = LEANING) -> Matrix:
    """(half-lives, 168) Decayed mean of `values` per hour of the week over the MEMORY_DAYS before `now`."""
    hours = line.upto(now)
    first = max(0, hours - MEMORY_HOURS)
    clock, seen = line.clock[first:hours], values[first:hours].astype(np.float64)
    rows = []
    for decay in line.decays:
        weights = decay[: hours - first][::-1]
        rows.append(leaning(_by_hour(clock, weights * seen), _by_hour(clock, weights), strength))
    return np.stack(rows)


def week_rates_each_day(
    line: Timeline, values: Floats, row: int, edges: Sequence[int], strength: float = LEANING
) -> Iterator[Floats]:
    """The rates (168,) as known at each of `edges`, hours counted from the timeline's begin, in rising order.

    One walk: what is known at an edge is what was known at the one before, decayed, and the hours between. So the whole
    past costs what its hours cost, not their square. What is older than MEMORY_DAYS is taken away again.
    """
    decay = line.decays[row]
    sums, counts, at = np.zeros(WEEK_HOURS), np.zeros(WEEK_HOURS), 0
    for edge in edges:
        if edge > at:
            faded = decay[edge - at - 1]
            sums, counts = sums * faded, counts * faded
            for sign, begin, end in ((1, at, edge), (-1, *(max(0, each - MEMORY_HOURS) for each in (at, edge)))):
                weights, clock = sign * decay[edge - end : edge - begin][::-1], line.clock[begin:end]
                sums += _by_hour(clock, weights * values[begin:end])
                counts += _by_hour(clock, weights)
            at = edge
        yield leaning(sums, counts, strength)


def _by_hour(clock: NDArray[np.int64], weights: Floats) -> Floats:
    """(168,) Sums of the weights per hour of the week."""
    return np.bincount(clock, weights=weights, minlength=WEEK_HOURS).astype(np.float64)


def leaning(sums: Floats, counts: Floats, strength: float = LEANING) -> Floats:
    """(168,) Means from weighted sums and weights per hour of the week.

    A week has few of each hour, so an hour of the week leans on its hour of the day, and that on the listener's mean.
    """
    mean = (float(sums.sum()) + 0.5) / (float(counts.sum()) + 10.0)
    day_sums, day_counts = (each.reshape(7, DAY_HOURS).sum(axis=0) for each in (sums, counts))
    by_hour = (day_sums + DAILY_LEANING * mean) / (day_counts + DAILY_LEANING)
    return np.asarray((sums + strength * np.tile(by_hour, 7)) / (counts + strength))


@dataclass(frozen=True)
class Rates:
    """Both histograms of a moment, each (half-lives, 168)."""

    heard: Matrix
    begun: Matrix


def rates(line: Timeline, now: float) -> Rates:
    """Share of hours with music, and sessions begun per hour, by the hour of the week, as known at `now`."""
    return Rates(week_rates(line, now, line.listened.astype(np.float64)), week_rates(line, now, line.starts))


def hour_features(line: Timeline, now: float, when: Floats, known: Rates) -> Matrix:
    """(k, HOUR_FEATURES) of the moments `when` (seconds, the middles of the hours or of the bins) as seen at `now`."""
    hours = line.upto(now)
    heard, begun = known.heard, known.begun
    clock_hours = hours_of_week(when, line.zone)
    clock = np.floor(clock_hours).astype(np.int64)
    by_hour = heard.reshape(-1, 7, DAY_HOURS).mean(axis=1)
    ahead_h = np.maximum((when - now) / HOUR_S, 0.0)
    past = line.ended[line.ended <= now]
    elapsed_h = (now - float(past[-1])) / HOUR_S if len(past) else float(WEEK_HOURS)
    usual = float(heard[USUAL].mean())
    recent = [_activity(line, hours, days) - usual for days in (1, 3, 7)]
    same_last_week = _lagged(line, now, when, WEEK_HOURS)
    same_yesterday = _lagged(line, now, when, DAY_HOURS)
    day, week = clock_hours * (2 * np.pi / 24), clock_hours * (2 * np.pi / 168)
    same = np.ones(len(when))
    columns = [
        *(logit(row[clock]) for row in heard),
        *(np.log(np.maximum(row[clock], 1e-4)) for row in begun),
        *(logit(row[clock % DAY_HOURS]) for row in by_hour[:2]),
        *(same * value * 4 for value in recent),
        same_last_week,
        same_yesterday,
        np.log1p(ahead_h) / 2,
        same * np.log1p(elapsed_h) / 2,
        np.log1p(ahead_h + elapsed_h) / 2,
        np.sin(day), np.cos(day), np.sin(week), np.cos(week),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def logit(probability: Floats) -> Floats:
    """ln(p / (1 - p)), with p kept in [0.0005, 0.9995]."""
    kept = np.clip(probability, 0.0005, 0.9995)
    return np.asarray(np.log(kept / (1 - kept)))


def _activity(line: Timeline, hours: int, days: int) -> float:
    """Share of the last days' hours with music."""
    return float(line.listened[max(0, hours - days * DAY_HOURS) : hours].mean()) if hours else 0.0


def _lagged(line: Timeline, now: float, when: Floats, lag_h: int) -> Floats:
    """(k,) 1 or -1: did they listen a whole number of lags earlier, at the latest such moment before `now`."""
    lags = np.maximum(1, np.ceil((when - now) / HOUR_S / lag_h))
    places = np.floor((when - line.begin) / HOUR_S - lags * lag_h).astype(np.int64)
    known = (places >= 0) & (places < line.upto(now))
    if not known.any():
        return np.zeros(len(when))
    return np.where(known, np.where(line.listened[np.where(known, places, 0)], 1.0, -1.0), 0.0)
