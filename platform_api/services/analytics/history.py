"""A listener's whole history as columns: what every question about a span is computed from.

A million plays are read and unpacked in some 30 milliseconds, so no question needs sums of its own, any span costs the
same, and a listener who moves to another zone has their days told anew at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import grooves
from platform_api.crud.grooves import Month
from platform_api.models import User
from platform_api.utils.local_time import to_local

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

DAY_MS = 24 * 3600 * 1000
HOUR_MS = 3600 * 1000
EPOCH_DAY = date(1970, 1, 1)
PRIVATE = 2
"""What `told` says of a play of a private session."""
_RECORD = np.dtype([("ms", ">i4"), ("track", ">i4"), ("ms_played", ">i4"), ("facts", ">i4"), ("country", ">i2")])
_FWDBTN = grooves.REASONS.index("fwdbtn") + 1


@dataclass(frozen=True)
class Columns:
    """Every play of the listener by start, one entry a play; `track` counts into `track_ids`."""

    track_ids: npt.NDArray[np.int64]
    started_ms: npt.NDArray[np.int64]
    local_ms: npt.NDArray[np.int64]
    track: npt.NDArray[np.int32]
    ms_played: npt.NDArray[np.int64]
    facts: npt.NDArray[np.int32]
    country: npt.NDArray[np.int16]


class History:
    """Some plays of a listener, by start. A column is gathered when it is first asked for.

    `local_ms` is the start on the listener's clock. A play belongs to the local day and hour of its start.
    """

    def __init__(self, columns: Columns, chosen: slice | npt.NDArray[np.intp]) -> None:
        self._columns = columns
        self._chosen = chosen
        self._parts: dict[object, History | None] = {}

    @property
    def track_ids(self) -> npt.NDArray[np.int64]:
        return self._columns.track_ids

    @cached_property
    def started_ms(self) -> npt.NDArray[np.int64]:
        return self._columns.started_ms[self._chosen]

    @cached_property
    def local_ms(self) -> npt.NDArray[np.int64]:
        return self._columns.local_ms[self._chosen]

    @cached_property
    def track(self) -> npt.NDArray[np.int32]:
        return self._columns.track[self._chosen]

    @cached_property
    def ms_played(self) -> npt.NDArray[np.int64]:
        return self._columns.ms_played[self._chosen]

    @cached_property
    def facts(self) -> npt.NDArray[np.int32]:
        return self._columns.facts[self._chosen]

    @cached_property
    def country(self) -> npt.NDArray[np.int16]:
        return self._columns.country[self._chosen]

    def __len__(self) -> int:
        if isinstance(self._chosen, slice):
            return int(self._chosen.stop - self._chosen.start)
        return len(self._chosen)

    def where(self, chosen: Mask) -> "History":
        """The chosen plays, in the same order."""
        if chosen.all():
            return self
        places = np.flatnonzero(chosen)
        if isinstance(self._chosen, slice):
            return History(self._columns, places + self._chosen.start)
        return History(self._columns, self._chosen[places])

    def _part(self, begin: int, end: int) -> "History":
        if begin == 0 and end == len(self):
            return self
        if isinstance(self._chosen, slice):
            start = int(self._chosen.start)
            return History(self._columns, slice(start + begin, start + end))
        return History(self._columns, self._chosen[begin:end])

    def between(self, first: date, last: date) -> "History":
        """Plays of these local days, both included. Found once: a page asks many questions about the same days."""
        return self._found_once((first, last), lambda: self._of_days(first, last))

    def _of_days(self, first: date, last: date) -> "History":
        from_ms, to_ms = day_number(first) * DAY_MS, (day_number(last) + 1) * DAY_MS
        # local time runs backwards where a clock is set back: cut with a day to spare, then look at each play
        begin, end = np.searchsorted(self.started_ms, [from_ms - 2 * DAY_MS, to_ms + 2 * DAY_MS])
        near = self._part(int(begin), int(end))
        return near.where((near.local_ms >= from_ms) & (near.local_ms < to_ms))

    def until(self, last: date) -> "History":
        """Plays of all local days up to `last`, included."""
        return self.between(EPOCH_DAY, last)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last local day with a play of any kind."""
        return (day_of(self.day.min()), day_of(self.day.max())) if len(self) else None

    @property
    def songs(self) -> "History":
        return self._found_once("songs", lambda: self.where(self.kind == 0))

    @property
    def spoken(self) -> "History":
        """Episodes and audiobook chapters."""
        return self._found_once("spoken", lambda: self.where(self.kind != 0))

    @property
    def listens(self) -> "History":
        return self._found_once("listens", lambda: self.where(self.is_listen))

    def _found_once(self, name: object, find: Callable[[], "History"]) -> "History":
        """None is kept for the whole: a history that holds itself would wait for the collector to be freed."""
        if name not in self._parts:
            found = find()
            self._parts[name] = None if found is self else found
        part = self._parts[name]
        return self if part is None else part

    @cached_property
    def first_listen_days(self) -> npt.NDArray[np.int64]:
        """For each track of `track_ids` the local day of its first listen, −1 where there is none. Songs only."""
        listens = self.songs.listens
        days = np.full(len(self.track_ids), -1, dtype=np.int64)
        days[listens.track[::-1]] = listens.day[::-1]
        return days

    @cached_property
    def is_listen(self) -> Mask:
        return (self.facts & (1 << grooves.LISTEN_BIT)).astype(np.bool_)

    @cached_property
    def is_skip(self) -> Mask:
        """As `crud/listening.py: IS_SKIP`: the export's own flag, else that somebody pressed “next”."""
        skipped = self.told(grooves.SKIPPED_BITS)
        told: Mask = skipped == 2
        pressed: Mask = (skipped == 0) & (self.reason_end == _FWDBTN)
        return np.logical_or(told, pressed)

    @cached_property
    def tells_skips(self) -> Mask:
        """Where it is known whether the play was skipped: account data and captured plays do not say."""
        known: Mask = (self.told(grooves.SKIPPED_BITS) > 0) | (self.reason_end > 0)
        return known

    @property
    def is_coarse(self) -> Mask:
        """Where the end is not known to the second: anything but an extended export."""
        return (self.facts & (1 << grooves.COARSE_BIT)).astype(np.bool_)

    @cached_property
    def day(self) -> npt.NDArray[np.int32]:
        """Days since 1970-01-01 on the listener's clock."""
        return (self.local_ms // DAY_MS).astype(np.int32)

    @cached_property
    def hour(self) -> npt.NDArray[np.int32]:
        return ((self.local_ms % DAY_MS) // HOUR_MS).astype(np.int32)

    @cached_property
    def weekday(self) -> npt.NDArray[np.int32]:
        """0 is Monday, as 1970-01-01 was a Thursday."""
        return (self.day + 3) % 7

    @cached_property
    def ended_ms(self) -> npt.NDArray[np.int64]:
        return self.started_ms + self.ms_played

    @property
    def kind(self) -> npt.NDArray[np.int32]:
        """A number of `grooves.KINDS`."""
        return self.facts & grooves.KIND_MASK

    @property
    def reason_start(self) -> npt.NDArray[np.int32]:
        return (self.facts >> grooves.REASON_START_BITS) & grooves.REASON_MASK

    @property
    def reason_end(self) -> npt.NDArray[np.int32]:
        return (self.facts >> grooves.REASON_END_BITS) & grooves.REASON_MASK

    @property
    def device(self) -> npt.NDArray[np.int32]:
        return (self.facts >> grooves.DEVICE_BITS) & grooves.DEVICE_MASK

    def told(self, bits: int) -> npt.NDArray[np.int32]:
        """What the export tells of skipped, shuffle, offline or private: 0 nothing, 1 no, 2 yes."""
        return (self.facts >> bits) & 3

    def per_track(self, weights: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]:
        """Plays of each track of `track_ids`, or the sum of `weights` over them (exact below 2⁵³)."""
        sums = np.bincount(self.track, weights=weights, minlength=len(self.track_ids))
        return sums.astype(np.int64)

    def most_played(self) -> list[int]:
        """The ids of the tracks, the most played first."""
        played: list[int] = self.track_ids[np.argsort(-self.per_track(), kind="stable")].tolist()
        return played


@contextmanager
def of_one_moment(session: Session) -> Iterator[None]:
    """All that is asked within reads each history once, whatever an import or a farewell changes meanwhile: the parts
    of one answer have to agree. Within another it is of that one's moment."""
    if "histories" in session.info:
        yield
        return
    session.info["histories"] = {}
    try:
        yield
    finally:
        del session.info["histories"]


@contextmanager
def outside_private_sessions(session: Session, user: User) -> Iterator[None]:
    """All that is asked within is answered without the plays of private sessions: what leaves the account."""
    with of_one_moment(session):
        whole = history_of(session, user)
        held: dict[int, History] = session.info["histories"]
        held[user.id] = whole.where(whole.told(grooves.PRIVATE_BITS) != PRIVATE)
        try:
            yield
        finally:
            held[user.id] = whole


def history_of(session: Session, user: User) -> History:
    """Everything the listener played, read once for all questions of a session on the same data."""
    held: dict[int, History] | None = session.info.get("histories")
    if held is not None and user.id in held:
        return held[user.id]
    history = _latest(session, user)
    if held is not None:
        held[user.id] = history
    return history


def history_since(session: Session, user: User, first: date) -> History:
    """All that began on the local day `first` or later, and some before: only these months are read."""
    day_before = max(first, EPOCH_DAY + timedelta(days=1)) - timedelta(days=1)
    return unpacked(grooves.read(session, user.id, day_before), ZoneInfo(user.time_zone))


def _latest(session: Session, user: User) -> History:
    session.flush()
    key = ("history", user.id, user.time_zone, grooves.version(session, user.id))
    kept: tuple[object, History] | None = session.info.get("history")
    if kept is None or kept[0] != key:
        kept = key, unpacked(grooves.read(session, user.id), ZoneInfo(user.time_zone))
        session.info["history"] = kept
    return kept[1]


def unpacked(months: list[Month], zone: ZoneInfo) -> History:
    records = np.frombuffer(b"".join(month.records for month in months), dtype=_RECORD)
    sizes = [len(month.records) // grooves.RECORD_BYTES for month in months]
    begins = [day_number(month.month) * DAY_MS + 2**31 for month in months]
    started = np.repeat(np.array(begins, dtype=np.int64), sizes) + records["ms"]
    played = records["track"].astype(np.int32)
    track_ids, track = _numbered(played)
    columns = Columns(
        track_ids=track_ids,
        started_ms=started,
        local_ms=to_local(started, zone),
        track=track,
        ms_played=records["ms_played"].astype(np.int64),
        facts=records["facts"].astype(np.int32),
        country=records["country"].astype(np.int16),
    )
    return History(columns, slice(0, len(started)))


def _numbered(ids: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The different ids, ascending, and the place of each id among them. Ten times faster than sorting them."""
    if not len(ids):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    is_there = np.zeros(int(ids.max()) + 1, np.bool_)
    is_there[ids] = True
    different = np.flatnonzero(is_there)
    places = np.zeros(len(is_there), np.int32)
    places[different] = np.arange(len(different), dtype=np.int32)
    return different.astype(np.int64), places[ids]


def different_days(day: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Each day once, ascending. `np.unique` of a million days takes ten times as long."""
    if not len(day):
        return np.zeros(0, np.int64)
    first = int(day.min())
    return np.flatnonzero(np.bincount(day - first)) + first


def month_starts(days: Ints) -> npt.NDArray[np.int64]:
    """The first day of the month that each day lies in. One by one, the days of twelve years take 15 ms."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def day_number(day: date) -> int:
    return (day - EPOCH_DAY).days


def day_of(number: int) -> date:
    return EPOCH_DAY + timedelta(days=int(number))
