"""How surprising each past day was: its hours with music against what the histogram said on the evening before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from modeling.habit.timeline import DAY_HOURS, HOUR_S, Timeline, week_rates_each_day

HISTORY_DAYS = 14
"""Days of history before anything can be a surprise."""
WEEKDAY = 1.0
"""What the other weekdays count for, in observations: little, for a day is to be compared with its own weekday."""


@dataclass(frozen=True)
class DayOfListening:
    """`surprise` is how many standard deviations the day's improbability lies above the expected; 2 is rare."""

    day: date
    surprise: float
    hours: int
    expected_hours: float
    unusual_hours: list[int]
    """Local hours with music in which music was improbable (< 10 %)."""
    missing_hours: list[int]
    """Local hours without music in which it was probable (> 60 %)."""


def past_days(line: Timeline, now: float, count: int, row: int) -> list[DayOfListening]:
    """The last `count` whole local days, oldest first; `row` chooses the half-life of the histogram."""
    today = datetime.fromtimestamp(now, line.zone).date()
    midnights = [
        (today - timedelta(days=back), _hour_of(line, today - timedelta(days=back))) for back in range(count, -1, -1)
    ]
    whole = [
        (day, first, last)
        for (day, first), (_, last) in pairwise(midnights)
        if first >= HISTORY_DAYS * DAY_HOURS and last <= len(line.listened)
    ]
    firsts = [first for _, first, _ in whole]
    known = week_rates_each_day(line, line.listened.astype(np.float64), row, firsts, WEEKDAY)
    found = []
    for (day, first, last), rates in zip(whole, known, strict=True):
        clock, listened = line.clock[first:last], line.listened[first:last]
        found.append(_day(day, np.clip(rates[clock], 0.01, 0.99), listened, clock % DAY_HOURS))
    return found


def _hour_of(line: Timeline, day: date) -> int:
    """Hours from the timeline's begin to the local midnight that begins `day`."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=line.zone).timestamp()
    return round((midnight - line.begin) / HOUR_S)


def _day(day: date, chance: np.ndarray, listened: np.ndarray, hours: np.ndarray) -> DayOfListening:
    yes, no = -np.log(chance), -np.log(1 - chance)
    said = np.where(listened, yes, no).sum()
    expected = (chance * yes + (1 - chance) * no).sum()
    variance = (chance * (1 - chance) * (yes - no) ** 2).sum()
    return DayOfListening(
        day,
        float((said - expected) / np.sqrt(variance + 0.25)),
        int(listened.sum()),
        float(chance.sum()),
        [int(hour) for hour in hours[listened & (chance < 0.1)]],
        [int(hour) for hour in hours[~listened & (chance > 0.6)]],
    )
