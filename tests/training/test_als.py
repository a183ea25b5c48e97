"""Alternating least squares against the sum that it is to make small."""

import numpy as np
import pytest
from scipy import optimize, sparse

from training.evaluate.als import ALPHA, RANK, RIDGE, Factors, factorise


def test_a_listener_is_solved_exactly() -> None:
    """Their factors are those that a general minimiser finds for the published sum."""
    random = np.random.default_rng(0)
    tracks = random.normal(size=(40, RANK))
    listens = np.where(random.random(40) < 0.2, random.integers(1, 9, size=40), 0).astype(float)

    def loss(factors: np.ndarray) -> float:
        missed = (listens > 0) - tracks @ factors
        return float(((1 + ALPHA * listens) * missed**2).sum() + RIDGE * (factors**2).sum())

    found = optimize.minimize(loss, np.zeros(RANK), tol=1e-12).x
    assert Factors(tracks).scores(listens) == pytest.approx(tracks @ found, abs=1e-4)


def test_what_similar_listeners_hear_is_ranked_above_what_others_hear() -> None:
    """Two circles of listeners; somebody who heard twenty tracks of one circle is offered more of that circle."""
    random = np.random.default_rng(1)
    heard = np.zeros((400, 200))
    heard[:200, :100] = heard[200:, 100:] = 1
    heard *= random.random(heard.shape) < 0.3
    scores = factorise(sparse.csr_matrix(heard), seed=0).scores(np.repeat([1.0, 0.0], [20, 180]))
    offered = 20 + np.argsort(-scores[20:])[:20]
    assert (offered < 100).mean() > 0.9
