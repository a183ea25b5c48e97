"""From moments to the listener's clock, for many plays at once: one look-up per clock change, not per play."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Moments = npt.NDArray[np.int64]
"""Milliseconds since 1970, UTC; ascending."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=1)


def to_local(started_ms: Moments, zone: ZoneInfo) -> Moments:
    """The same moments as a clock on the wall shows them, in milliseconds since 1970-01-01 00:00 on that clock."""
    if not len(started_ms):
        return started_ms
    first, last = (_EPOCH + timedelta(milliseconds=int(moment)) for moment in (started_ms[0], started_ms[-1]))
    offsets = changes(zone, first.year, last.year)
    local = started_ms.copy()
    borders = np.searchsorted(started_ms, [_ms(at - _EPOCH) for at, _ in offsets]).tolist()
    for (_, offset), begin, end in zip(offsets, borders, [*borders[1:], len(local)], strict=True):
        local[begin:end] += _ms(offset)
    return local


def changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[tuple[datetime, timedelta]]:
    """(moment, offset from it on): the first moment of each year and every clock change, in order."""
    return [change for year in range(first_year, last_year + 1) for change in _changes(zone, year)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    return tuple((moment, _offset(zone, moment)) for moment in _moments(zone, year))


def _moments(zone: ZoneInfo, year: int) -> Iterator[datetime]:
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    yield moment
    while moment < end:
        following = min(moment + _STEP, end)
        if _offset(zone, moment) != _offset(zone, following):
            change = _first_with(zone, moment, following)
            if change < end:
                yield change
        moment = following


def _first_with(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second in (before, after] from which the offset of `after` holds."""
    offset = _offset(zone, after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
