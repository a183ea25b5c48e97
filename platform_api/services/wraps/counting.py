"""What only a wrap asks of a history, from its columns: first times and comebacks, extremes, endings. Songs only."""

from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from platform_api.crud import grooves
from platform_api.services.analytics.discoveries import moment
from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import History, day_number, day_of
from platform_api.services.analytics.runs import DAYS

Numbers = npt.NDArray[np.int64]
_TRACKDONE = grooves.REASONS.index("trackdone") + 1


class Found(NamedTuple):
    """A track listened to for the first time ever."""

    track_id: int
    day: date
    listens: int


class Returned(NamedTuple):
    """A track or an artist that came back after a silence."""

    id: int
    silent_days: int
    back_on: date
    listens: int


class Lives(NamedTuple):
    found: list[Found]
    new_artists: int
    tracks_back: list[Returned]
    artists_back: list[Returned]


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


def lives(
    history: History, facts: Facts, first: date, last: date, *, found: int, back: int, silent_days: int, listens: int
) -> Lives:
    """What was new between these days and what came back, beside all that was before.

    At most `found` new tracks, those listened to most first, and `back` tracks and artists that came back. A comeback
    ends a silence of `silent_days` at least and was then listened to `listens` times.
    """
    heard = history.until(last).songs.listens
    # where a clock is set back over midnight a day comes again: an hour of the day before counts for the day after
    day = np.maximum.accumulate(heard.day.astype(np.int64))
    tracks = _Items(history.track_ids, heard.track.astype(np.int64), day, day_number(first))
    artists = _Items(facts.artist_ids, facts.artist[heard.track], day, day_number(first))
    new = np.flatnonzero(tracks.is_new)
    order = new[np.lexsort((new, tracks.back_on[new], -tracks.listens[new]))][:found]
    return Lives(
        [Found(int(tracks.ids[at]), day_of(tracks.back_on[at]), int(tracks.listens[at])) for at in order],
        int(artists.is_new.sum()),
        tracks.returned(back, silent_days, listens),
        artists.returned(back, silent_days, listens),
    )


class _Items:
    """Tracks or artists: when each was heard last before a day, and first since, and how often since."""

    def __init__(self, ids: Numbers, item: Numbers, day: Numbers, first: int) -> None:
        border = int(np.searchsorted(day, first))
        self.ids = ids
        # listens come by start: the last one written before the border is the latest, and back from the end the first
        self.left_on = np.full(len(ids), -1, np.int64)
        self.left_on[item[:border]] = day[:border]
        self.back_on = np.full(len(ids), np.iinfo(np.int64).max, np.int64)
        self.back_on[item[border:][::-1]] = day[border:][::-1]
        self.listens = np.bincount(item[border:], minlength=len(ids))

    @property
    def is_new(self) -> npt.NDArray[np.bool_]:
        new: npt.NDArray[np.bool_] = (self.listens > 0) & (self.left_on < 0)
        return new

    def returned(self, limit: int, silent_days: int, listens: int) -> list[Returned]:
        was = np.flatnonzero((self.left_on >= 0) & (self.listens >= listens))
        silent = self.back_on[was] - self.left_on[was] - 1  # the days between, as everywhere
        was, silent = was[silent >= silent_days], silent[silent >= silent_days]
        order = np.lexsort((was, -self.listens[was], -silent))[:limit]
        return [
            Returned(int(self.ids[was[at]]), int(silent[at]), day_of(self.back_on[was[at]]), int(self.listens[was[at]]))
            for at in order
        ]


def most_repeated_day(plays: History) -> TrackDay | None:
    """The track listened to most often in a single day; of equal ones the earliest."""
    listens = plays.listens
    keys, counts = np.unique(listens.track.astype(np.int64) * DAYS + listens.day, return_counts=True)
    if not len(keys):
        return None
    most = np.flatnonzero(counts == counts.max())
    key = int(keys[most[np.argmin(keys[most] % DAYS)]])
    return TrackDay(int(plays.track_ids[key // DAYS]), day_of(key % DAYS), int(counts.max()))


def most_skipped(plays: History, min_plays: int) -> Counted | None:
    """The track with the largest share of skips among those played at least `min_plays` times, as if each had ten more
    plays without: neither a favourite played all day nor one bad afternoon makes a track unloved. Of the plays of which
    it is known."""
    counts, skips = plays.per_track(plays.tells_skips), plays.per_track(plays.is_skip)
    chosen = np.flatnonzero((counts >= min_plays) & (skips > 0))
    return _first(plays, chosen, skips, counts, (-skips[chosen], -skips[chosen] / (counts[chosen] + 10)))


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
