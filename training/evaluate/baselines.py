"""What plain counting would answer. Each baseline sees the same history as the model and ranks the whole catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modeling.plays import begins_session, was_skipped
from modeling.recommender.catalogue import Catalogue, heard
from modeling.recommender.features import own_next
from training.data.sequences import DAY_S, Listener, played_before
from training.data.together import EXACT_TRACKS, baskets, cosines, ease
from training.evaluate.als import factorise

Scores = NDArray[np.float64]
DECAY_DAYS = 30.0
PROFILE_PLAYS = 200
EASE_RIDGE = 300.0
"""A usual value, not tuned to any set."""


@dataclass(frozen=True)
class Past:
    """A listener's history in the catalogue's numbers; plays of unknown tracks are left out."""

    item: NDArray[np.int64]
    liked: NDArray[np.bool_]
    age_days: Scores


def past_of(listener: Listener, catalogue: Catalogue, upto: int, cap: int, now: float) -> Past:
    """The last `cap` of a listener's first `upto` plays as seen at `now`."""
    plays = listener.plays.part(slice(max(0, upto - cap), upto))
    item = heard(plays, catalogue).item
    known = item < len(catalogue.tracks)
    return Past(item[known], ~was_skipped(plays)[known], np.maximum(now - plays.ended[known], 60.0) / DAY_S)


class Baselines:
    """Counted on the plays that ended before `end`, asked at any moment after it."""

    def __init__(self, catalogue: Catalogue, everyone: Sequence[Listener], end: float, seed: int) -> None:
        self.size = len(catalogue.tracks)
        self.catalogue = catalogue
        self.random = np.random.default_rng(seed)
        together = baskets(catalogue.tracks, everyone, end)
        self.similar = cosines(together)
        self.rebuilt = ease(together, EASE_RIDGE) if self.size <= EXACT_TRACKS else None
        self.transitions = _transitions(catalogue, everyone, end)
        self.by_name: dict[str, Callable[[Past], Scores]] = {
            "popularity": lambda _: catalogue.popularity,
            "personal_frequency": self._personal_frequency,
            "recency": self._recency,
            "act_r": self._base_level,
            "markov": self._markov,
            "markov_of_all": self._markov_of_all,
            "sequences": self._sequences,
            "item_knn": self._item_knn,
            "random": lambda _: self.random.random(self.size),
        }
        if self.rebuilt is not None:
            self.by_name["ease"] = self._ease
            factors = factorise(_listens(catalogue, everyone, end), seed)
            self.by_name["als"] = lambda past: factors.scores(self._sum(past, np.ones(len(past.item))))

    def scores(self, past: Past) -> dict[str, Scores]:
        """(tracks,) per baseline; ties are broken by chance."""
        noise = 1e-9 * self.random.random(self.size)
        return {name: rank(past) + noise for name, rank in self.by_name.items()}

    def _sum(self, past: Past, weights: Scores) -> Scores:
        return np.bincount(past.item, weights=weights * past.liked, minlength=self.size).astype(np.float64)

    def _personal_frequency(self, past: Past) -> Scores:
        return self._sum(past, np.exp(-past.age_days / DECAY_DAYS))

    def _base_level(self, past: Past) -> Scores:
        """ACT-R's base level: ln of the sum of (time since each listen)^-0.5."""
        return np.asarray(np.log(self._sum(past, (past.age_days * 24) ** -0.5) + 1e-6))

    def _recency(self, past: Past) -> Scores:
        last = np.full(self.size, -np.inf)
        np.maximum.at(last, past.item[past.liked], -past.age_days[past.liked])
        return np.where(np.isfinite(last), last, -1e6)

    def _markov(self, past: Past) -> Scores:
        """Own transitions from the last three plays, then those of all listeners, then own frequency."""
        scores = 0.01 * self._personal_frequency(past)
        for back, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
            if len(past.item) <= back:
                break
            after = np.flatnonzero(past.item[:-1] == past.item[-back]) + 1
            scores += weight * np.bincount(past.item[after], weights=past.liked[after], minlength=self.size)
            followers, shares = self.catalogue.followers(int(past.item[-back]))
            scores[followers] += weight * shares
        return scores

    def _markov_of_all(self, past: Past) -> Scores:
        """What all listeners play one to three plays after the last three, each pair halved per step between them."""
        scores = np.zeros(self.size)
        for back, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
            if len(past.item) >= back:
                scores += weight * self.transitions[int(past.item[-back])].toarray().ravel()
        return scores

    def _sequences(self, past: Past) -> Scores:
        """As Markov, but what several of the last plays led to counts more than what one of them did."""
        scores = 0.01 * self._personal_frequency(past) + own_next(past.item, past.liked.astype(np.float64), self.size)
        if len(past.item):
            followers, shares = self.catalogue.followers(int(past.item[-1]))
            scores[followers] += shares
        return scores

    def _item_knn(self, past: Past) -> Scores:
        recent = past.item[past.liked][-PROFILE_PLAYS:]
        profile = np.bincount(recent, minlength=self.size).astype(np.float64)
        return np.asarray(self.similar @ profile)

    def _ease(self, past: Past) -> Scores:
        assert self.rebuilt is not None
        return np.asarray(self.rebuilt[np.unique(past.item[past.liked])].sum(axis=0), dtype=np.float64)


def _listens(catalogue: Catalogue, everyone: Sequence[Listener], end: float) -> sparse.csr_matrix:
    """(listeners, tracks) How often each listened to each."""
    size, rows = len(catalogue.tracks), []
    for listener in everyone:
        plays = listener.plays.part(slice(0, played_before(listener, end)))
        item = heard(plays, catalogue).item[~was_skipped(plays)]
        rows.append(sparse.csr_matrix(np.bincount(item[item < size], minlength=size).astype(np.float64)))
    return sparse.vstack(rows, format="csr") if rows else sparse.csr_matrix((0, size))


def _transitions(catalogue: Catalogue, everyone: Sequence[Listener], end: float) -> sparse.csr_matrix:
    """(tracks, tracks) How often one followed the other within a session, skipped steps counting half and a quarter."""
    size = len(catalogue.tracks)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Scores]] = []
    for listener in everyone:
        plays = listener.plays.part(slice(0, played_before(listener, end)))
        item, session = heard(plays, catalogue).item, np.cumsum(begins_session(plays))
        liked = ~was_skipped(plays)
        for step, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
            kept = (session[step:] == session[:-step]) & liked[step:] & (item[step:] < size) & (item[:-step] < size)
            found.append((item[:-step][kept], item[step:][kept], np.full(int(kept.sum()), weight)))
    if not found:
        return sparse.csr_matrix((size, size))
    first, then, weight_of = (np.concatenate(part) for part in zip(*found, strict=True))
    return sparse.csr_matrix((weight_of, (first, then)), shape=(size, size))
