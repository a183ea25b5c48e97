"""What was unusual in a span: who led when, an obsession, the day unlike the others, what fell silent. Songs only."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import EPOCH_DAY, History, day_of
from platform_api.services.analytics.runs import DAYS, item_days

PhaseUnit = Literal["month", "week"]
Numbers = npt.NDArray[np.int64]
MONDAY = 3
"""1970-01-01 was a Thursday, the fourth day of its week."""


class Leader(NamedTuple):
    """Who was listened to longest in one month or week; `ms_total` is the time of everybody together."""

    start: date
    artist_id: int
    listens: int
    ms_played: int
    ms_total: int


class Burst(NamedTuple):
    """A track whose listens crowd into the seven days that begin on `first_day`."""

    track_id: int
    first_day: date
    listens: int
    in_all: int


class StrangeDay(NamedTuple):
    """A day on which `listens` of `in_all` were of `artists` artists that no other day of the span heard."""

    day: date
    listens: int
    in_all: int
    artists: int
    artist_id: int


class Quiet(NamedTuple):
    """An artist of the span before who was hardly heard in this one."""

    artist_id: int
    rank_before: int
    listens_before: int
    listens: int


def leaders(listens: History, facts: Facts, unit: PhaseUnit) -> list[Leader]:
    """Oldest first; months and weeks (from Monday) without a listen are left out."""
    if not len(listens):
        return []
    artists = len(facts.artist_ids) + 1
    told = _period(listens, unit) * artists + facts.artist[listens.track]
    # sorting and cutting is several times faster than np.unique, which puts the numbers into a hash table
    by_key = np.argsort(told, kind="stable")
    cuts = np.flatnonzero(np.append(True, np.diff(told[by_key]) != 0))
    keys = told[by_key][cuts]
    ms_played = np.add.reduceat(listens.ms_played[by_key], cuts)
    counts = np.diff(np.append(cuts, len(told)))
    period, artist = keys // artists, keys % artists
    order = np.lexsort((artist, -counts, -ms_played, period))
    first = order[np.append(True, period[order][1:] != period[order][:-1])]
    totals = np.add.reduceat(ms_played[order], np.flatnonzero(np.append(True, np.diff(period[order]) != 0)))
    return [
        Leader(
            _start(int(period[at]), unit),
            int(facts.artist_ids[artist[at]]),
            int(counts[at]),
            int(ms_played[at]),
            int(total),
        )
        for at, total in zip(first, totals, strict=True)
    ]


def _period(listens: History, unit: PhaseUnit) -> Numbers:
    if unit == "week":
        return (listens.day.astype(np.int64) + MONDAY) // 7
    return listens.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _start(period: int, unit: PhaseUnit) -> date:
    if unit == "week":
        return EPOCH_DAY + timedelta(days=period * 7 - MONDAY)
    return date(1970 + period // 12, period % 12 + 1, 1)


def week_obsession(listens: History, *, min_listens: int, min_share: float) -> Burst | None:
    """The track that seven days heard most often, weighed by how much of all its listens of the span they hold."""
    keys = np.sort(listens.track.astype(np.int64) * DAYS + listens.day)
    within = np.searchsorted(keys, keys + 6, side="right") - np.searchsorted(keys, keys, side="left")
    in_all = np.bincount(keys // DAYS, minlength=len(listens.track_ids))[keys // DAYS]
    chosen = np.flatnonzero((within >= min_listens) & (within >= min_share * in_all))
    if not len(chosen):
        return None
    weight = within[chosen] ** 2 / in_all[chosen]
    at = chosen[np.lexsort((keys[chosen], keys[chosen] % DAYS, -within[chosen], -weight))[0]]
    track, day = divmod(int(keys[at]), DAYS)
    return Burst(int(listens.track_ids[track]), day_of(day), int(within[at]), int(in_all[at]))


def day_unlike_the_others(listens: History, facts: Facts, *, min_listens: int, min_share: float) -> StrangeDay | None:
    """The day with most listens of artists heard on no other day of the span, weighed by their share of the day."""
    artist, day = facts.artist[listens.track], listens.day.astype(np.int64)
    days_of_artist = np.bincount(item_days(artist, day) // DAYS, minlength=len(facts.artist_ids))
    is_strange = days_of_artist[artist] == 1
    days, place = np.unique(day, return_inverse=True)
    in_all, strange = np.bincount(place), np.bincount(place[is_strange], minlength=len(days))
    chosen = np.flatnonzero((strange >= min_listens) & (strange >= min_share * in_all))
    if not len(chosen):
        return None
    best = chosen[np.argmax(strange[chosen] ** 2 / in_all[chosen])]
    artists = np.bincount(artist[is_strange & (place == best)])
    return StrangeDay(
        day_of(days[best]),
        int(strange[best]),
        int(in_all[best]),
        int((artists > 0).sum()),
        int(facts.artist_ids[np.argmax(artists)]),
    )


def fell_silent(now: History, before: History, facts: Facts, *, min_listens: int, max_left: float) -> Quiet | None:
    """The artist who lost most listens since `before` and has at most `max_left` of them left."""
    is_now, was = (np.bincount(facts.artist[part.track], minlength=len(facts.artist_ids)) for part in (now, before))
    chosen = np.flatnonzero((was >= min_listens) & (is_now <= max_left * was))
    if not len(chosen):
        return None
    at = chosen[np.argmax(was[chosen] - is_now[chosen])]
    return Quiet(int(facts.artist_ids[at]), int((was > was[at]).sum()) + 1, int(was[at]), int(is_now[at]))
