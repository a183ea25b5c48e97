"""Which place the artist that was played next has in the model's list and in what plain counting would say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modeling.plays import Floats, Plays, begins_session
from training.data.sequences import Listener, played_before

TOP = 10
ABSENT = 1e6
"""The place of whoever is not ranked at all: an artist never heard before is in nobody's list."""
DECAY_DAYS = 30.0
STEPS = ((1, 1.0), (2, 0.5), (3, 0.25))


def artist_popularity(everyone: Sequence[Listener], end: float) -> Floats:
    """(artist keys,) Plays of all listeners that ended before `end`."""
    size = len(everyone[0].plays.artist_keys) if everyone else 0
    counts = [np.bincount(each.plays.artist[: played_before(each, end)], minlength=size) for each in everyone]
    return np.asarray(np.sum(counts, axis=0), dtype=np.float64)


class ArtistCounts:
    """Plain rankings of one listener's next artist; each knows all plays before the moment, whatever came before."""

    def __init__(self, plays: Plays, popularity: Floats) -> None:
        self.plays = plays
        self.popularity = popularity
        opens = begins_session(plays)
        self.session: NDArray[np.int64] = np.cumsum(opens) - 1
        heard = sparse.csr_matrix(
            (np.ones(len(plays)), (self.session, plays.artist)),
            shape=(int(opens.sum()), len(plays.artist_keys)),
        )
        heard.data[:] = 1.0
        self.heard = heard
        """(sessions, artists) Who was heard in which."""

    def ranks(self, place: int, told: list[dict[str, Any]]) -> dict[str, float]:
        """Places, from 1, of the artist of the play at `place`: the model's, and each baseline's."""
        artist, now = self.plays.artist[:place], float(self.plays.started[place])
        played = int(self.plays.artist[place])
        keys = [each["artist"] for each in told]
        key = self.plays.artist_keys[played]
        size = len(self.plays.artist_keys)
        age_days = np.maximum(now - self.plays.ended[:place], 60.0) / 86400
        total = np.bincount(artist, minlength=size)
        frequency = np.bincount(artist, weights=np.exp(-age_days / DECAY_DAYS), minlength=size).astype(np.float64)
        last = np.full(size, -np.inf)
        np.maximum.at(last, artist, -age_days)
        recency = np.where(np.isfinite(last), 1 / (1 - last), 0.0)
        base_level = np.bincount(artist, weights=(age_days * 24) ** -0.5, minlength=size).astype(np.float64)
        follows = np.zeros(size)
        for back, weight in STEPS:
            if place > back:
                after = np.flatnonzero(artist[:-back] == artist[-back]) + back
                follows += weight * np.bincount(artist[after], minlength=size)
        rankings = {
            "popularity": np.where(total > 0, self.popularity + 0.5, 0.0),
            "own_plays": total.astype(np.float64),
            "decayed_frequency": frequency,
            "recency": recency,
            "act_r": base_level,
            "markov": follows + 1e-3 * frequency,
            "markov_and_recency": follows / max(1.0, follows.sum()) + 0.3 * recency,
            "item_knn": self._companions(place) + 1e-6 * frequency,
        }
        model = {"model": float(keys.index(key) + 1) if key in keys else ABSENT}
        return model | {name: _rank(scores, played) for name, scores in rankings.items()}

    def _companions(self, place: int) -> Floats:
        """(artists,) Cosine, over the sessions before this one, with the artists of the present session so far, or of
        the latest where it has none yet."""
        present = int(self.session[place])
        first = int(np.searchsorted(self.session, present))
        if first == place:
            first = int(np.searchsorted(self.session, present - 1))
        before = self.heard[:present]
        norms = np.sqrt(np.maximum(np.asarray(before.sum(axis=0)).ravel(), 1.0))
        profile = np.zeros(len(self.plays.artist_keys))
        profile[np.unique(self.plays.artist[first:place])] = 1.0
        return np.asarray((before.T @ (before @ (profile / norms))) / norms, dtype=np.float64)


def _rank(scores: Floats, played: int) -> float:
    """Equal scores share the mean of their places; no score is no place."""
    if scores[played] <= 0:
        return ABSENT
    return float((scores > scores[played]).sum() + ((scores == scores[played]).sum() + 1) / 2)
