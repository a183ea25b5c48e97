"""Where training begins: tracks that are played near each other begin near each other.

From random vectors a network first spends hundreds of steps on finding out what a matrix factorisation of the counts
says in two seconds (word2vec is such a factorisation: Levy and Goldberg 2014).
"""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from training.recommending.windows import Sequences

NEAR = 5
"""Plays this far apart count as near, each step less."""
LENGTH = 0.5
"""Root mean square length of the vectors, against 0.3 of the random ones."""
MIN_TRACKS_PER_NUMBER = 2


def beginning_vectors(sequences: Sequences, tracks: int, width: int, seed: int) -> np.ndarray | None:
    """(tracks, width) from the positive pointwise mutual information of nearness; None for too few tracks."""
    if tracks < MIN_TRACKS_PER_NUMBER * width or not sequences.hold_anything:
        return None
    item = np.asarray(sequences.columns["targets"], dtype=np.int64)
    owner = np.repeat(np.arange(len(sequences.start) - 1), np.diff(sequences.start))
    firsts, thens, weights = [], [], []
    for step in range(1, NEAR + 1):
        kept = (
            (owner[step:] == owner[:-step]) & (item[step:] >= 0) & (item[:-step] >= 0) & (item[step:] != item[:-step])
        )
        firsts.append(item[:-step][kept])
        thens.append(item[step:][kept])
        weights.append(np.full(int(kept.sum()), 1 / step))
    pairs = (np.concatenate(firsts), np.concatenate(thens))
    near = sparse.csr_matrix((np.concatenate(weights), pairs), shape=(tracks, tracks))
    near = (near + near.T).tocoo()
    count = np.asarray(near.sum(axis=1)).ravel()
    if not near.nnz:
        return None
    information = np.log(near.data * count.sum() / (count[near.row] * count[near.col]))
    kept = information > 0
    positive = sparse.csr_matrix((information[kept], (near.row[kept], near.col[kept])), shape=near.shape)
    left, size, _ = svds(positive, k=width, random_state=seed)
    vectors = left * np.sqrt(size)
    return np.asarray(vectors * (LENGTH / max(np.sqrt((vectors**2).sum(axis=1).mean()), 1e-9)), dtype=np.float32)
