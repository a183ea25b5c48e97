from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.habit.features import MEMORY_PLAYS, before_features, candidate_features, kinds_of_plays, priors_for
from modeling.habit.spec import TOLD_PLAYS
from modeling.plays import read_plays
from tests.support.listening import BEGIN, evenings, play

PRAGUE = ZoneInfo("Europe/Prague")
TRACK_RATES, ARTIST_RATES = {"a": 0.1, "b": 0.6}, {"artist:x": 0.3}


@pytest.mark.parametrize("minutes", [3, 45, 60 * 24 * 9])
def test_a_candidate_is_seen_as_the_play_that_it_becomes(minutes: int) -> None:
    """The two ways to the same row: the history with the play in it, and the history asked about the play."""
    rows = evenings([("a", "artist:x"), ("b", "artist:y"), ("a", "artist:x"), ("c", "artist:y")], 6)
    rows[5] |= {"skipped": True, "ms_played": 5_000}
    last = rows[-1]["ended_at"]
    for track, artist in (("a", "artist:x"), ("c", "artist:y"), ("new", "artist:y"), ("new", "artist:new")):
        ended = type(BEGIN).fromisoformat(last) + timedelta(minutes=minutes + 3)
        whole = read_plays([*rows, play(track, artist, ended)])
        within = before_features(whole, PRAGUE, priors_for(whole, TRACK_RATES, ARTIST_RATES, 0.2))[-1]
        past = read_plays(rows)
        priors = priors_for(past, TRACK_RATES, ARTIST_RATES, 0.2)
        asked = type(priors)(
            np.array([TRACK_RATES.get(track, 0.2)]), np.array([ARTIST_RATES.get(artist, 0.2)]), priors.overall
        )
        candidate = candidate_features(past, whole.started[-1], PRAGUE, [track], [artist], asked)[0]
        assert candidate == pytest.approx(within, abs=1e-6)


def test_nothing_of_how_a_play_went_is_known_before_it() -> None:
    rows = evenings([("a", "artist:x"), ("b", "artist:y")], 4)
    changed = [*rows[:-1], rows[-1] | {"skipped": True, "ms_played": 1_000}]
    features = []
    for each in (rows, changed):
        plays = read_plays(each)
        features.append(before_features(plays, PRAGUE, priors_for(plays, TRACK_RATES, ARTIST_RATES, 0.2)))
    assert np.array_equal(features[0], features[1])


def test_a_long_history_is_seen_as_the_request_that_tells_its_end() -> None:
    """Training has all of it, a request the last TOLD_PLAYS: the same numbers, also of what is played every day."""
    ever = [(f"t{number % 700}", f"artist:{number % 90}") for number in range(TOLD_PLAYS + 3000)]
    rows = [
        play(track, artist, BEGIN + timedelta(minutes=4 * place, hours=place // 20), skipped=place % 7 == 0)
        for place, (track, artist) in enumerate(ever)
    ]
    whole, told = read_plays(rows), read_plays(rows[-TOLD_PLAYS:])
    last = TOLD_PLAYS - MEMORY_PLAYS
    seen = [
        before_features(plays, PRAGUE, priors_for(plays, TRACK_RATES, ARTIST_RATES, 0.2))[-last:]
        for plays in (whole, told)
    ]
    assert np.array_equal(seen[0], seen[1])
    assert np.array_equal(kinds_of_plays(whole)[-last:], kinds_of_plays(told)[-last:])
    priors = priors_for(whole, {}, {}, 0.2)
    asked = type(priors)(np.array([0.2]), np.array([0.2]), 0.2)
    now = whole.ended[-1] + 60
    candidates = [candidate_features(plays, now, PRAGUE, ["t3"], ["artist:3"], asked) for plays in (whole, told)]
    assert np.array_equal(candidates[0], candidates[1])
