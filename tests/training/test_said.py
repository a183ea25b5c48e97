"""What an evaluation says of the habit model: intervals, what chance alone would show, plain rankings of artists."""

from pathlib import Path

import numpy as np
import pytest

from modeling.plays import Plays
from training.evaluate.metrics import calibration_by_chance, calibration_error, weighted_bootstrap
from training.evaluate.next_artist import ABSENT, ArtistCounts
from training.evaluate.said import Said, chances_of, less_log_loss, more_often
from training.jobs import EvaluationJob
from training.params import read_params

PARAMS = read_params(Path(__file__).parents[2] / "params.yaml")


def job() -> EvaluationJob:
    return EvaluationJob(PARAMS, None, None, Path("none"))  # type: ignore[arg-type]


def history(artists: list[str], gaps_min: list[float]) -> Plays:
    keys = sorted(set(artists))
    codes = np.array([keys.index(each) for each in artists], dtype=np.int32)
    ended = np.cumsum(np.array(gaps_min) * 60.0) + 180.0
    unknown = np.full(len(artists), -1, dtype=np.int8)
    nothing = np.zeros(len(artists), dtype=np.int8)
    return Plays(
        keys,
        keys,
        codes,
        codes,
        ended - 180,
        ended,
        np.full(len(artists), 180_000.0),
        unknown,
        unknown,
        nothing,
        nothing,
    )


def test_a_calibration_error_is_told_with_what_chance_alone_would_show() -> None:
    random = np.random.default_rng(4)
    said = Said()
    chances = random.uniform(0.1, 0.9, 240)
    for place, chance in enumerate(chances):
        came = float(random.random() < chance)
        said.add("one", {"model": float(chance), "always_half": 0.5}, came, place // 4)
    told = chances_of(said)
    assert told["model"]["calibration_error"] < told["model"]["error_by_chance_95"], "chances that are exactly right"
    usual, most = calibration_by_chance(chances)
    assert 0.04 < usual < most < 0.12, "240 moments cannot show an error below some hundredths"
    assert calibration_error(chances, np.zeros(240)) > most
    assert "error_by_chance" not in chances_of(said, independent=False)["model"]
    gain = less_log_loss(said, job())
    assert gain["baseline"] == "always_half"
    assert gain["low"] < gain["log_loss_saved"] < gain["high"]


def test_several_listeners_are_resampled_as_wholes_and_one_by_its_blocks() -> None:
    said = Said()
    for who, block in (("a", 3), ("a", 3), ("a", 9)):
        said.add(who, {"model": 1.0, "rival": 20.0}, 1.0, block)
    assert said.units().tolist() == [0, 0, 1]
    assert more_often(said, job(), 10) == {"baseline": "rival", "top_10_gained": 1.0, "low": 1.0, "high": 1.0}
    said.add("b", {"model": 11.0, "rival": 3.0}, 1.0, 0)
    assert said.units().tolist() == [0, 0, 0, 1]
    mean, low, high = weighted_bootstrap([1.0, 1.0, 1.0, -1.0], said.units(), 500, 0)
    assert (mean, low, high) == (0.5, -1.0, 1.0)
    assert more_often(said, job(), 10)["top_10_gained"] == pytest.approx(0.5)


def test_plain_rankings_of_the_next_artist_by_hand() -> None:
    """Three sessions: x y, x z, x; then y is played. x was heard most often, z later than y."""
    plays = history(list("xyxzxy"), [0, 5, 600, 5, 600, 5])
    counts = ArtistCounts(plays, popularity=np.array([1.0, 9.0, 5.0]))
    ranks = counts.ranks(5, [{"artist": "z", "chance": 0.5}, {"artist": "y", "chance": 0.4}])
    assert ranks["model"] == 2
    assert ranks["popularity"] == 1
    assert ranks["own_plays"] == 2.5, "y and z were played once each and share two places"
    assert ranks["recency"] == ranks["act_r"] == 3
    assert ranks["markov"] == 2, "x was followed by y and z once each, and three plays later by z"
    assert ranks["item_knn"] == 3, "y and z were in one session with x each; z lately"
    assert counts.ranks(1, [])["own_plays"] == ABSENT, "nobody ranks an artist who was never heard"
    assert counts.ranks(1, [])["model"] == ABSENT
