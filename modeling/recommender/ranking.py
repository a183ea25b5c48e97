"""From scores to an ordered answer: what a wish allows, what was excluded, how many tracks of one artist."""

from collections import Counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modeling.plays import Floats
from modeling.recommender.features import DAY_S, Counts
from modeling.recommender.spec import Wish

HOUR_LISTENS = 2
FIRST_LOOK = 8
"""Times the limit: how many of the best are sorted at first."""


class Rules(Protocol):
    """What counts as loved once and silent for long: of a spec, or of the parameters that one is made from."""

    @property
    def rediscover_listens(self) -> int: ...
    @property
    def rediscover_silent_days(self) -> float: ...


def allowed(wish: Wish, counts: Counts, now: float, rules: Rules) -> NDArray[np.bool_]:
    """(tracks,) Which tracks may answer a wish.

    `comfort`: all; the score already knows how welcome a repeat is. `discover`: never played. `rediscover`: listened to
    often enough and silent for long enough. `hour`: listened to around this time of day before, at least twice.
    """
    if wish == "discover":
        return np.isneginf(counts.last_ended)
    if wish == "rediscover":
        silent = now - counts.last_ended >= rules.rediscover_silent_days * DAY_S
        return (counts.listens >= rules.rediscover_listens) & silent
    if wish == "hour":
        return counts.hour_listens >= HOUR_LISTENS
    return np.ones(len(counts.listens), dtype=np.bool_)


def order(
    scores: Floats, permitted: NDArray[np.bool_], artist_of: NDArray[np.int64], limit: int, artist_cap: int
) -> list[int]:
    """The best `limit` permitted tracks, best first, at most `artist_cap` by one artist. Ties: catalogue order.

    The cap is applied while ranking, so a capped or excluded track never leaves a gap in the answer.
    """
    candidates = np.flatnonzero(permitted)
    values = scores[candidates]
    looked_at = FIRST_LOOK * limit
    while True:  # the whole of a large catalogue need not be sorted for ten tracks; only a cap may ask for more of it
        within = np.arange(len(values))
        if looked_at < len(values):
            within = np.flatnonzero(values >= np.partition(values, -looked_at)[-looked_at])
        ranked = candidates[within[np.argsort(-values[within], kind="stable")]]
        chosen = _capped(ranked, artist_of, limit, artist_cap)
        if len(chosen) == limit or len(within) == len(values):
            return chosen
        looked_at *= 16


def _capped(ranked: NDArray[np.int64], artist_of: NDArray[np.int64], limit: int, artist_cap: int) -> list[int]:
    taken: Counter[int] = Counter()
    chosen: list[int] = []
    for track in ranked:
        artist = int(artist_of[track])
        if taken[artist] >= artist_cap:
            continue
        taken[artist] += 1
        chosen.append(int(track))
        if len(chosen) == limit:
            break
    return chosen
