import doctest

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from training import audio_library
from training.evaluate import metrics
from training.registry import origin


@pytest.mark.parametrize("module", [metrics, origin, audio_library])
def test_worked_examples(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_agreement_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    labels, chances = random.random(500) < 0.3, np.round(random.random(500), 2)
    assert metrics.auc(chances, labels) == pytest.approx(roc_auc_score(labels, chances))
    inside = np.clip(chances, 0.01, 0.99)
    assert metrics.log_loss(inside, labels) == pytest.approx(log_loss(labels, inside))


def test_an_interval_of_a_paired_bootstrap_covers_the_mean_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    covered = 0
    for trial in range(200):
        _, low, high = metrics.paired_bootstrap(random.normal(0.3, 1, size=40), samples=400, seed=trial)
        covered += low <= 0.3 <= high
    assert 0.88 <= covered / 200 <= 0.99
