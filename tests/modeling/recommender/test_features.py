from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.plays import read_plays
from modeling.recommender.catalogue import heard
from modeling.recommender.features import MEMORY_PLAYS, count_features, play_features
from modeling.recommender.spec import FEATURES, TOLD_PLAYS
from tests.support.listening import BEGIN, play
from tests.support.tiny_recommender import catalogue

UTC = ZoneInfo("UTC")


def column(matrix: np.ndarray, name: str) -> np.ndarray:
    return matrix[:, FEATURES.index(name) - 1]


def test_counts_worked_out_by_hand() -> None:
    """t0, then t3 skipped, then t0 again an hour later; asked 60 days after the first play."""
    at = [BEGIN, BEGIN + timedelta(minutes=4), BEGIN + timedelta(hours=1)]
    plays = read_plays([
        play("t0", "artist:a", at[0]), play("t3", "artist:b", at[1], ms=9_000, skipped=True),
        play("t0", "artist:a", at[2]),
    ])  # fmt: skip
    now = (BEGIN + timedelta(days=60)).timestamp()
    counts = count_features(heard(plays, catalogue()), 3, now, UTC, catalogue())
    assert counts.listens.tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0]
    weights = np.linspace(-1, 2, len(FEATURES) - 1)
    assert counts.weighted(weights.tolist()) == pytest.approx(counts.matrix @ weights, abs=1e-5), "one and the same sum"
    hours = np.array([60 * 24, 60 * 24 - 1.0])
    assert column(counts.matrix, "base_level")[0] == pytest.approx(np.log1p(10 * (hours**-0.5).sum()), rel=1e-5)
    decayed = np.exp(-hours / 24 / 60).sum()
    assert column(counts.matrix, "season")[0] == pytest.approx(np.log1p(decayed), rel=1e-5)
    assert column(counts.matrix, "artist")[:4] == pytest.approx([np.log1p(decayed)] * 3 + [0], rel=1e-5)
    assert column(counts.matrix, "just_played")[[0, 3]].tolist() == [1.0, 0.5]
    assert column(counts.matrix, "heard").tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 0]
    assert column(counts.matrix, "skip_rate")[[0, 3]] == pytest.approx([0.5 / 4 - 0.25, 1.5 / 3 - 0.25])
    assert column(counts.matrix, "opener")[0] == pytest.approx(np.log1p(decayed), rel=1e-5), "both began a session"
    # Of all listeners, t4 follows t0 with a share of 0.7; two steps back was t3, three t0 again.
    assert column(counts.matrix, "others_next")[4] == pytest.approx(np.log1p(100 * (0.7 + 0.25 * 0.7)), rel=1e-5)
    assert column(counts.matrix, "together")[[5, 8]] == pytest.approx([2.0, 1.0]), "a listen of t0 speaks for t5 and t8"
    assert column(counts.matrix, "sound")[0] > 0.5
    assert column(counts.matrix, "sound")[8] == 0
    # Of the three tracks by t0's artist, and of the three that sound like it, one was met 60 days ago.
    met = np.log((np.exp(-60 / 365) + 1) / (3 + 10) / 0.1)
    assert column(counts.matrix, "artist_met")[[0, 2, 6]] == pytest.approx([met, met, np.log(1 / 13 / 0.1)], rel=1e-4)
    assert column(counts.matrix, "sound_met")[[0, 2, 8]] == pytest.approx([met, met, 0], rel=1e-4)
    assert column(counts.matrix, "unlearned").tolist() == [0] * 8 + [1]


def test_what_followed_the_same_plays_goes_on_over_a_pause_and_counts_more_the_more_of_them_there_were() -> None:
    order = ["t0", "t3", "t0", "t3", "t0"]
    minutes = [0, 4, 8, 12 + 600, 16 + 600]
    plays = read_plays([play(k, "artist:a", BEGIN + timedelta(minutes=m)) for k, m in zip(order, minutes, strict=True)])
    now = (BEGIN + timedelta(minutes=700)).timestamp()
    counts = count_features(heard(plays, catalogue()), 5, now, UTC, catalogue())
    # t3 came after t0, and again, after a night, after t0, t3, t0. After t3 came t0, but what is heard now is not t3.
    again = (1 + 0.85 + 0.85**2) ** 3
    assert column(counts.matrix, "own_next")[[3, 0]] == pytest.approx(np.log1p([10 * (1 + again), 0]))


def test_only_the_first_plays_are_counted() -> None:
    plays = read_plays([play("t0", "artist:a", BEGIN), play("t1", "artist:a", BEGIN + timedelta(minutes=5))])
    now = (BEGIN + timedelta(minutes=2)).timestamp()
    assert count_features(heard(plays, catalogue()), 1, now, UTC, catalogue()).listens.tolist() == [1, *[0] * 8]


def test_the_network_is_told_how_often_and_how_long_ago_a_track_was_played() -> None:
    at = [BEGIN, BEGIN + timedelta(hours=1), BEGIN + timedelta(hours=25)]
    plays = read_plays([play(key, "artist:a", when) for key, when in zip(("t0", "t1", "t0"), at, strict=True)])
    features = play_features(plays)
    assert features[:, 6] == pytest.approx([0, 0, np.log(2) / 2])
    assert features[:, 7] == pytest.approx([0, 0, np.log(26) / 4])
    assert len(play_features(plays.part(slice(0, 0)))) == 0


def test_a_long_history_is_seen_as_the_request_that_tells_its_end() -> None:
    """Training has all of it, a request the last TOLD_PLAYS: the network reads the same of the last few."""
    rows = [
        play(f"t{place % 5}" if place % 40 else "rare", "artist:a", BEGIN + timedelta(minutes=4 * place))
        for place in range(TOLD_PLAYS + 2000)
    ]
    whole, told = play_features(read_plays(rows)), play_features(read_plays(rows[-TOLD_PLAYS:]))
    last = TOLD_PLAYS - MEMORY_PLAYS
    assert np.array_equal(whole[-last:], told[-last:])
