"""Days in a row, for the listener and for each of many items at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

DAY_BITS = 16
DAYS = 1 << DAY_BITS
"""Days from 1970 to 2149: item × DAYS + day is one number that sorts by item, then by day."""


@dataclass(frozen=True)
class Runs:
    """Maximal runs of days in a row, one entry a run, by item and day."""

    item: Numbers
    first_day: Numbers
    last_day: Numbers

    @property
    def days(self) -> Numbers:
        return self.last_day - self.first_day + 1

    def longest_of_each(self) -> "Runs":
        """Each item's longest run (of equal ones the later), the longest first, then the one that ended last."""
        if not len(self.item):
            return self
        begins = np.flatnonzero(np.append(True, self.item[1:] != self.item[:-1]))
        sizes = np.diff(np.append(begins, len(self.item)))
        days = self.days
        is_longest = days == np.repeat(np.maximum.reduceat(days, begins), sizes)
        places = np.flatnonzero(is_longest)
        item = self.item[places]
        return self._at(places[np.append(item[1:] != item[:-1], True)]).longest()

    def longest(self) -> "Runs":
        return self._at(np.lexsort((self.item, -self.last_day, -self.days)))

    def _at(self, places: Numbers) -> "Runs":
        return Runs(self.item[places], self.first_day[places], self.last_day[places])


def item_days(item: npt.ArrayLike, day: npt.ArrayLike) -> Numbers:
    """Different (item, day) pairs as numbers, ascending."""
    return distinct(np.asarray(item, dtype=np.int64) * DAYS + np.asarray(day, dtype=np.int64))


def distinct(numbers: Numbers) -> Numbers:
    """Each once, ascending. `np.unique` puts them into a hash table first, which takes ten times as long; places are
    looked up in a third of what a mask takes."""
    ordered = ascending(numbers)
    is_new = np.ones(len(ordered), np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return ordered[np.flatnonzero(is_new)]


def ascending(numbers: Numbers) -> Numbers:
    """Those that fit into 32 bits are sorted in half the time."""
    is_short = len(numbers) > 0 and numbers.min() >= 0 and numbers.max() < 1 << 32
    return np.sort(numbers.astype(np.uint32)).astype(np.int64) if is_short else np.sort(numbers)


def runs_of(pairs: Numbers) -> Runs:
    """`pairs` as from `item_days`."""
    begins = np.ones(len(pairs), np.bool_)
    begins[1:] = np.diff(pairs) != 1
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(pairs)) - 1 if len(starts) else starts
    first, last = pairs[starts], pairs[ends]
    return Runs(first >> DAY_BITS, first & (DAYS - 1), last & (DAYS - 1))
