"""The tiny recommender, loaded."""

import pytest

from modeling.bundle import load_predictor
from modeling.recommender.predictor import RecommenderPredictor
from tests.support.tiny_recommender import tiny_recommender


@pytest.fixture(scope="session")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> RecommenderPredictor:
    folder = tmp_path_factory.mktemp("recommender") / "bundle"
    tiny_recommender(folder)
    loaded = load_predictor(folder)
    assert isinstance(loaded, RecommenderPredictor)
    return loaded
