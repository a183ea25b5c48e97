"""What only a wrap asks of a history, from its columns: first times, extremes, endings. Songs only."""

from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from platform_api.crud import grooves
from platform_api.services.analytics.discoveries import moment
from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import History, day_number, day_of
from platform_api.services.analytics.runs import DAYS
from platform_api.services.analytics.ways import unloved

Numbers = npt.NDArray[np.int64]
_TRACKDONE = grooves.REASONS.index("trackdone") + 1


class Found(NamedTuple):
    """A track listened to for the first time ever."""

    track_id: int
    day: date
    listens: int


class TrackDay(NamedTuple):
    track_id: int
    day: date
    listens: int


class Counted(NamedTuple):
    """`times` of `plays` of a track, e.g. skips or finished ones."""

    track_id: int
    times: int
    plays: int


class Endings(NamedTuple):
    """How plays ended and were meant. A `known_*` counts the plays of which the export tells it."""

    known_ends: int
    finished: int
    known_shuffle: int
    shuffled: int


class Moment(NamedTuple):
    track_id: int
    started_at: datetime


def finds(history: History, facts: Facts, first: date, last: date, shown: int) -> tuple[list[Found], int]:
    """What was new between these days beside all that was before: the new tracks listened to most, and how many
    artists."""
    heard = history.until(last).songs.listens
    # where a clock is set back over midnight a day comes again: an hour of the day before counts for the day after
    day = np.maximum.accumulate(heard.day.astype(np.int64))
    tracks = _Items(history.track_ids, heard.track.astype(np.int64), day, day_number(first))
    artists = _Items(facts.artist_ids, facts.artist[heard.track], day, day_number(first))
    new = np.flatnonzero(tracks.is_new)
    order = new[np.lexsort((new, tracks.heard_on[new], -tracks.listens[new]))][:shown]
    found = [Found(int(tracks.ids[at]), day_of(tracks.heard_on[at]), int(tracks.listens[at])) for at in order]
    return found, int(artists.is_new.sum())


class _Items:
    """Tracks or artists: whether each was heard before a day, and when first since, and how often since."""

    def __init__(self, ids: Numbers, item: Numbers, day: Numbers, first: int) -> None:
        border = int(np.searchsorted(day, first))
        self.ids = ids
        self.was_there = np.bincount(item[:border], minlength=len(ids)) > 0
        # listens come by start: back from the end, the one written last is the first
        self.heard_on = np.full(len(ids), np.iinfo(np.int64).max, np.int64)
        self.heard_on[item[border:][::-1]] = day[border:][::-1]
        self.listens = np.bincount(item[border:], minlength=len(ids))

    @property
    def is_new(self) -> npt.NDArray[np.bool_]:
        new: npt.NDArray[np.bool_] = (self.listens > 0) & ~self.was_there
        return new


def most_repeated_day(plays: History) -> TrackDay | None:
    """The track listened to most often in a single day; of equal ones the earliest."""
    listens = plays.listens
    keys, counts = np.unique(listens.track.astype(np.int64) * DAYS + listens.day, return_counts=True)
    if not len(keys):
        return None
    most = np.flatnonzero(counts == counts.max())
    key = int(keys[most[np.argmin(keys[most] % DAYS)]])
    return TrackDay(int(plays.track_ids[key // DAYS]), day_of(key % DAYS), int(counts.max()))


def most_skipped(plays: History) -> Counted | None:
    """The first of those skipped again and again; of the plays of which it is known."""
    for at in unloved(plays)[:1]:
        skips, known = plays.per_track(plays.is_skip), plays.per_track(plays.tells_skips)
        return Counted(int(plays.track_ids[at]), int(skips[at]), int(known[at]))
    return None


def most_finished(plays: History) -> Counted | None:
    """The track most often listened to until its end."""
    counts, finished = plays.per_track(), plays.per_track(plays.reason_end == _TRACKDONE)
    chosen = np.flatnonzero(finished > 0)
    return _first(plays, chosen, finished, counts, (counts[chosen], -finished[chosen]))


def never_skipped(plays: History, min_plays: int) -> tuple[int, Counted] | None:
    """How many tracks were never skipped, of those with `min_plays` listens of which that is known, and the one played
    most among them. Nobody's silence counts as loyalty."""
    told = plays.where(plays.tells_skips)
    counts, skips, listens = told.per_track(), told.per_track(told.is_skip), told.per_track(told.is_listen)
    chosen = np.flatnonzero((skips == 0) & (listens >= min_plays))
    best = _first(plays, chosen, counts, counts, (-counts[chosen],))
    return (len(chosen), best) if best else None


def _first(
    plays: History, chosen: npt.NDArray[np.intp], times: Numbers, counts: Numbers, order: tuple[Any, ...]
) -> Counted | None:
    """The first of `chosen` by `order` (least important first), then by id."""
    if not len(chosen):
        return None
    at = chosen[np.lexsort((chosen, *order))[0]]
    return Counted(int(plays.track_ids[at]), int(times[at]), int(counts[at]))


def endings(plays: History) -> Endings:
    shuffle = plays.told(grooves.SHUFFLE_BITS)
    return Endings(
        int((plays.reason_end > 0).sum()),
        int((plays.reason_end == _TRACKDONE).sum()),
        int((shuffle > 0).sum()),
        int((shuffle == 2).sum()),
    )


def first_and_last(plays: History) -> tuple[Moment, Moment] | None:
    listens = plays.listens
    if not len(listens):
        return None
    first, last = (
        Moment(int(plays.track_ids[listens.track[at]]), moment(int(listens.started_ms[at]))) for at in (0, -1)
    )
    return first, last


def favourite_of_day(plays: History, day: date) -> int | None:
    """The track listened to longest on that day."""
    on_it = plays.between(day, day)
    if not len(on_it):
        return None
    return int(plays.track_ids[int(np.argmax(on_it.per_track(on_it.ms_played)))])
