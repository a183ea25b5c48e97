"""Which track, artist, album, podcast or audiobook was listened to most: one order for every list of the product."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.crud.analytics import Measure, TopKind
from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import History

Numbers = npt.NDArray[np.int64]


class Ranked(NamedTuple):
    id: int
    rank: int
    listens: int
    plays: int
    ms_played: int


class Guests(NamedTuple):
    """Who is credited beside the artist of a track: `artist` counts into `ids`, `track` into those of the history. A
    track stands as often as it has guests."""

    track: Numbers
    artist: Numbers
    ids: Numbers


NOBODY = Guests(*(np.zeros(0, np.int64) for _ in range(3)))


def guests_of(session: Session, user_id: int, history: History) -> Guests:
    packed = analytics.guests(session, user_id, history.track_ids.tolist())
    tracks, artists = np.frombuffer(packed, dtype=">i8").astype(np.int64).reshape(-1, 2).T
    ids, artist = np.unique(artists, return_inverse=True)
    return Guests(np.searchsorted(history.track_ids, tracks), artist, ids)


@dataclass(frozen=True)
class Ranking:
    """Items by rank: more first; of equal ones the one that has more of the other measure, then the one heard first."""

    ids: Numbers
    listens: Numbers
    plays: Numbers
    ms_played: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def page(self, limit: int, offset: int = 0) -> list[Ranked]:
        end = min(offset + limit, len(self))
        return [
            Ranked(*map(int, (self.ids[at], at + 1, self.listens[at], self.plays[at], self.ms_played[at])))
            for at in range(offset, end)
        ]

    def ranks(self, ids: set[int]) -> dict[int, int]:
        """The ranks of those that are in it."""
        found = np.flatnonzero(np.isin(self.ids, list(ids)))
        return {int(self.ids[at]): int(at) + 1 for at in found}


def kind_of(history: History, kind: TopKind) -> History:
    """The plays that lists of this kind are made of."""
    if kind == "podcasts":
        return history.where(history.kind == 1)
    if kind == "audiobooks":
        return history.where(history.kind == 2)
    return history.songs


def ranking(plays: History, facts: Facts, kind: TopKind, by: Measure, guests: Guests = NOBODY) -> Ranking:
    """Of plays in `kind_of(…)`. Podcasts are ranked by show, audiobooks by book, guests by every play of a track that
    credits them. What was never listened to is left out when listens are asked for, what took no time when time is."""
    sums = _summed_up(plays, facts, kind, guests)
    measure, other = sums.measures(by)
    chosen = np.flatnonzero(measure > 0)
    order = chosen[np.lexsort((sums.heard_first(plays)[chosen], -other[chosen], -measure[chosen]))]
    return Ranking(sums.ids[order], sums.listens[order], sums.counts[order], sums.ms_played[order])


class Placed(NamedTuple):
    item: Ranked
    among: int


def place_of(id_: int, plays: History, facts: Facts, kind: TopKind, by: Measure) -> Placed | None:
    """Where `ranking` has one item, without putting all others in order. None where it is not in it."""
    sums = _summed_up(plays, facts, kind, NOBODY)
    measure, other = sums.measures(by)
    found = np.flatnonzero(sums.ids == id_)
    if not len(found) or not measure[found[0]]:
        return None
    at = int(found[0])
    even = measure == measure[at]
    before = (measure > measure[at]) | (even & (other > other[at]))
    even &= other == other[at]
    if np.count_nonzero(even) > 1:
        heard_first = sums.heard_first(plays)
        before |= even & (heard_first < heard_first[at])
    own = map(int, (id_, np.count_nonzero(before) + 1, sums.listens[at], sums.counts[at], sums.ms_played[at]))
    return Placed(Ranked(*own), int(np.count_nonzero(measure)))


class _Sums(NamedTuple):
    """Per item of `ids`; `track` and `item` say which tracks of the history count for which."""

    track: Numbers
    item: Numbers
    ids: Numbers
    listens: Numbers
    counts: Numbers
    ms_played: Numbers

    def measures(self, by: Measure) -> tuple[Numbers, Numbers]:
        """What is ranked by, and what decides between equal ones."""
        return (self.listens, self.ms_played) if by == "listens" else (self.ms_played, self.listens)

    def heard_first(self, plays: History) -> Numbers:
        """The place of each item's first play."""
        first = np.full(len(self.ids), np.iinfo(np.int64).max)
        np.minimum.at(first, self.item, first_places(plays)[self.track])
        return first


def _summed_up(plays: History, facts: Facts, kind: TopKind, guests: Guests) -> _Sums:
    if kind == "guests":
        track, item, ids = guests
    else:
        of_track, ids = items_of(plays, facts, kind)
        track = np.flatnonzero(of_track >= 0)
        item = of_track[track]
    listens, counts, ms_played = (
        _summed(item, len(ids), plays.per_track(weights)[track]) for weights in (plays.is_listen, None, plays.ms_played)
    )
    return _Sums(track, item, ids, listens, counts, ms_played)


def items_of(plays: History, facts: Facts, kind: TopKind) -> tuple[Numbers, Numbers]:
    """For each track of the history the item it counts for (−1: none), and the ids of the items."""
    if kind == "tracks":
        return np.arange(len(plays.track_ids)), plays.track_ids
    if kind in ("artists", "podcasts"):
        return facts.artist, facts.artist_ids
    return facts.album, facts.album_ids


def first_places(plays: History) -> Numbers:
    """For each track of the history the place of its first play among these, or their number where it is not there."""
    places = np.full(len(plays.track_ids), len(plays), dtype=np.int64)
    places[plays.track[::-1]] = np.arange(len(plays) - 1, -1, -1)
    return places


def _summed(item: Numbers, items: int, values: Numbers) -> Numbers:
    return np.bincount(item, weights=values, minlength=items).astype(np.int64)
