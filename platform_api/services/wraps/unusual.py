"""What was unusual in a span: an obsession, the day unlike the others, what fell silent. Songs only."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import History, day_of
from platform_api.services.analytics.runs import DAYS, item_days

Numbers = npt.NDArray[np.int64]


class Burst(NamedTuple):
    """A track whose listens crowd into the seven days that begin on `first_day`, all of them within the span."""

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


def week_obsession(listens: History, last_day: date, *, min_listens: int, min_share: float) -> Burst | None:
    """The track that seven days heard most often, weighed by how much of all its listens of the span they hold.
    `last_day` is the last one that could be listened on: seven days that would run beyond it are those that end on it.
    """
    keys = np.sort(listens.track.astype(np.int64) * DAYS + listens.day)
    within = np.searchsorted(keys, keys + 6, side="right") - np.searchsorted(keys, keys, side="left")
    in_all = np.bincount(keys // DAYS, minlength=len(listens.track_ids))[keys // DAYS]
    chosen = np.flatnonzero((within >= min_listens) & (within >= min_share * in_all))
    if not len(chosen):
        return None
    weight = within[chosen] ** 2 / in_all[chosen]
    at = chosen[np.lexsort((keys[chosen], keys[chosen] % DAYS, -within[chosen], -weight))[0]]
    track, day = divmod(int(keys[at]), DAYS)
    # nothing is heard between an earlier beginning and `day`: a window from there would have held more and been chosen
    first_day = min(day_of(day), last_day - timedelta(days=6))
    return Burst(int(listens.track_ids[track]), first_day, int(within[at]), int(in_all[at]))


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
