"""Weighted matrix factorisation by alternating least squares (Hu, Koren, Volinsky 2008), as a baseline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

RANK, ROUNDS = 32, 10
ALPHA, RIDGE = 10.0, 0.05
"""A listen adds ALPHA to the confidence 1 that a track is not wanted; usual values, not tuned to any set."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """What was learned of tracks; a listener's factors are solved anew from whatever they have heard by then."""

    tracks: Floats
    """(tracks, RANK)"""

    def scores(self, listens: Floats) -> Floats:
        """(tracks,) for somebody who listened so often to each track."""
        heard = np.flatnonzero(listens)
        gram = self.tracks.T @ self.tracks
        return np.asarray(self.tracks @ _solved(self.tracks, gram, heard, listens[heard]))


def factorise(listens: sparse.csr_matrix, seed: int) -> Factors:
    """Learn from (listeners, tracks) numbers of listens."""
    by_track = listens.T.tocsr()
    tracks = np.random.default_rng(seed).normal(scale=0.1, size=(listens.shape[1], RANK))
    for _ in range(ROUNDS):
        tracks = _side(by_track, _side(listens, tracks))
    return Factors(tracks)


def _side(listens: sparse.csr_matrix, others: Floats) -> Floats:
    """(rows, RANK) The factors of one side, given those of the other."""
    gram = others.T @ others
    solved = np.zeros((listens.shape[0], others.shape[1]))
    for row in range(listens.shape[0]):
        part = slice(listens.indptr[row], listens.indptr[row + 1])
        solved[row] = _solved(others, gram, listens.indices[part], listens.data[part])
    return solved


def _solved(others: Floats, gram: Floats, which: NDArray[np.int64], listens: Floats) -> Floats:
    """(RANK,) Least squares of 1 where there are listens and 0 elsewhere, weighed by confidence, with a ridge."""
    chosen = others[which]
    normal = gram + (chosen.T * (ALPHA * listens)) @ chosen
    normal[np.diag_indices_from(normal)] += RIDGE
    return np.asarray(np.linalg.solve(normal, chosen.T @ (1 + ALPHA * listens)))
