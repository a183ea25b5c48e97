"""Which tracks are listened to together: baskets, and what they say about pairs of tracks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modeling.plays import begins_session, was_skipped
from training.data.sequences import Listener, played_before

EXACT_TRACKS = 8_000
"""Up to here a dense matrix of pairs is inverted (EASE); beyond, cosines of rows are all that is affordable."""
BLOCK = 4_096

Pairs = NDArray[np.float32]


def baskets(tracks: Sequence[str], everyone: Sequence[Listener], end: float) -> sparse.csr_matrix:
    """(sessions, tracks) 1 where a track was listened to in a session that ended before `end`; by all listeners."""
    index = {key: place for place, key in enumerate(tracks)}
    rows, columns, sessions = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
    for listener in everyone:
        plays = listener.plays.part(slice(0, played_before(listener, end)))
        if not len(plays):
            continue
        used, place = np.unique(plays.track, return_inverse=True)
        item = np.array([index.get(plays.track_keys[code], -1) for code in used], dtype=np.int64)[place]
        session = np.cumsum(begins_session(plays)) - 1 + sessions
        sessions = int(session[-1]) + 1
        kept = ~was_skipped(plays) & (item >= 0)
        rows.append(session[kept])
        columns.append(item[kept])
    row, column = np.concatenate(rows), np.concatenate(columns)
    together = sparse.csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(sessions, len(tracks)))
    together.data[:] = 1.0
    return together


def ease(together: sparse.csr_matrix, ridge: float) -> Pairs:
    """(tracks, tracks) EASE (Steck 2019): the linear map without a diagonal that best rebuilds baskets from themselves.
    Column j weighs what is in a basket for the score of j."""
    gram = np.asarray((together.T @ together).todense(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += ridge
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights.astype(np.float32)


def cosines(together: sparse.csr_matrix, shrink: float = 0.0) -> sparse.csr_matrix:
    """(tracks, tracks) Shared baskets over the root of the product of both tracks' baskets, without a diagonal."""
    count = np.asarray(together.sum(axis=0)).ravel()
    scale = sparse.diags(1 / np.sqrt(np.maximum(count + shrink, 1e-9)))
    similar = (scale @ (together.T @ together) @ scale).tocsr()
    similar.setdiag(0)
    similar.eliminate_zeros()
    return similar


def neighbours(together: sparse.csr_matrix, ridge: float, kept: int) -> sparse.csr_matrix:
    """(tracks, tracks) Per track the `kept` tracks whose score it changes most, by EASE, or by cosine where a dense
    matrix of pairs is out of reach."""
    if together.shape[1] <= EXACT_TRACKS:
        weights = ease(together, ridge)
        parts = [sparse.csr_matrix(_strongest(weights[at : at + BLOCK], kept)) for at in range(0, len(weights), BLOCK)]
        return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix(together.shape[1:] * 2)
    similar = cosines(together, shrink=5.0)
    for track in range(similar.shape[0]):
        row = slice(similar.indptr[track], similar.indptr[track + 1])
        if row.stop - row.start > kept:
            values = similar.data[row]
            values[np.argsort(-values, kind="stable")[kept:]] = 0.0
    similar.eliminate_zeros()
    return similar


def _strongest(weights: Pairs, kept: int) -> Pairs:
    if weights.shape[1] <= kept:
        return weights
    least = np.partition(np.abs(weights), -kept, axis=1)[:, -kept, None]
    return np.where(np.abs(weights) >= least, weights, 0.0).astype(np.float32)
