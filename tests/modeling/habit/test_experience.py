"""The chances of coming back follow how the earlier ones went for this listener, and never look ahead."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from modeling.bundle import load_predictor
from modeling.habit.comeback import EDGES_H
from modeling.habit.experience import DOUBT, EVIDENCE, HORIZONS_H, Correction, hazard_of, learned, within_edges
from modeling.habit.predictor import HabitPredictor, Request, read_request
from modeling.habit.timeline import HOUR_S, hour_features, rates, timeline
from modeling.habit.waiting import _hazards, pause_places
from tests.support.listening import BEGIN, evenings, play
from tests.support.tiny_habit import tiny_habit

SONGS = [("a", "artist:x"), ("b", "artist:y"), ("c", "artist:z")]


def odds(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    told: NDArray[np.float64] = np.log(chance / (1 - chance))
    return told


def test_nothing_seen_changes_nothing() -> None:
    said = np.array([0.0, 0.2, 0.7, 1.0])
    assert learned(np.empty((0, len(HORIZONS_H))), np.empty(0), np.empty(0)) == Correction(1.0, 0.0)
    assert Correction().of(said) == pytest.approx(said)
    assert Correction().of_silence(0.4, said) == pytest.approx(said)


def test_what_was_always_said_too_high_comes_down_and_few_pauses_move_little() -> None:
    random = np.random.default_rng(0)
    waits = random.exponential(12.0, size=400)
    honest = 1 - np.exp(-HORIZONS_H / 12.0)
    too_sure = np.tile(1 / (1 + np.exp(-(1.5 * odds(honest) + 1.0))), (400, 1))
    found = learned(too_sure, waits, np.zeros(400))
    assert found.of(too_sure[0]) == pytest.approx(honest, abs=0.06)
    assert abs(learned(too_sure[:2], waits[:2], np.zeros(2)).shift) < 0.35
    old = learned(too_sure, waits, np.full(400, 3650.0))
    assert (old.stretch, old.shift) == pytest.approx((1.0, 0.0), abs=1e-2)


def test_one_pause_by_hand() -> None:
    """Even chances at every horizon leave the stretch alone; came at once: shift = DOUBT² · EVIDENCE · (1 − chance)."""
    found = learned(np.full((1, len(HORIZONS_H)), 0.5), np.array([0.7]), np.zeros(1))
    assert found.stretch == pytest.approx(1.0)
    assert found.shift == pytest.approx(DOUBT**2 * EVIDENCE * (1 - 1 / (1 + np.exp(-found.shift))), abs=1e-6)


def test_a_longer_time_is_never_less_likely_and_silence_is_taken_into_account() -> None:
    chances = 1 - np.exp(-EDGES_H / 20)
    for correction in (Correction(0.1, 2.0), Correction(1.7, -1.5)):
        whole = correction.of(chances)
        assert (np.diff(whole) >= 0).all()
        assert within_edges(hazard_of(whole)) == pytest.approx(whole, abs=1e-6)
        hours = 8
        already = float(np.interp(hours, EDGES_H, chances))
        later = correction.of_silence(already, 1 - np.exp(-EDGES_H / 20))
        expected = (np.interp(hours + 12.0, EDGES_H, whole) - np.interp(hours, EDGES_H, whole)) / (
            1 - np.interp(hours, EDGES_H, whole)
        )
        assert np.interp(12.0, EDGES_H, later) == pytest.approx(expected, abs=5e-3), "as the curve said from its begin"
    assert Correction().of_silence(1.0, chances)[0] == 0.0


@pytest.fixture
def predictor(tmp_path: Path) -> HabitPredictor:
    tiny_habit(tmp_path / "bundle")
    loaded = load_predictor(tmp_path / "bundle")
    assert isinstance(loaded, HabitPredictor)
    torch.nn.init.normal_(loaded.network.comeback.out.weight, generator=torch.Generator().manual_seed(3))
    return loaded


def asked(plays: list[dict[str, Any]], hours_later: float = 0.0) -> Request:
    now = type(BEGIN).fromisoformat(plays[-1]["ended_at"]) + timedelta(hours=hours_later)
    return read_request(json.dumps({"now": now.isoformat(), "time_zone": "Europe/Prague", "plays": plays}).encode())


def test_an_earlier_pause_is_seen_as_it_was_when_it_began(predictor: HabitPredictor) -> None:
    plays = evenings(SONGS, 40)
    whole = asked(plays, 3.0)
    places = pause_places(whole.plays)
    assert places == [3 * day + 2 for day in range(39)], "the present pause has not ended yet"
    line = timeline(whole.plays, whole.zone, whole.now)
    with torch.inference_mode():
        states = predictor._states(whole, places)
        together = _hazards(predictor.network, predictor.spec, states, line, whole.plays.ended[places])
        for row in (0, 4, 38):
            then = asked(plays[: places[row] + 1])
            past, state = timeline(then.plays, then.zone, then.now), predictor._states(then, [places[row]])
            alone = _hazards(predictor.network, predictor.spec, state, past, np.array([then.now]))[0]
            assert together[row] == pytest.approx(alone, abs=1e-6)
            known = hour_features(past, then.now, np.array([then.now + HOUR_S]), rates(past, then.now))
            assert np.isfinite(known).all()


def test_who_always_came_back_after_a_day_is_not_promised_to_be_back_in_three_hours(tmp_path: Path) -> None:
    """The same plays, and a model that says everybody is back at once: one listener's own pauses put it right."""
    tiny_habit(tmp_path / "bundle", return_shift=4.0)
    loaded = load_predictor(tmp_path / "bundle")
    said = []
    for days in (1, 60):
        last = BEGIN + timedelta(days=days - 1, minutes=12)
        body = {"now": last.isoformat(), "time_zone": "Europe/Prague", "plays": evenings(SONGS, days)}
        answer = loaded.predict([json.dumps(body).encode()])[0]
        assert isinstance(answer, bytes)
        said.append(json.loads(answer)["next_session"])
    assert said[0]["within_hours"]["3"] > 0.9, "nothing was seen yet"
    assert said[1]["within_hours"]["3"] < 0.35
    assert said[1]["p10"] <= said[1]["expected_hours"] <= said[1]["p90"]


def test_overlapping_and_unordered_ends_are_read(predictor: HabitPredictor) -> None:
    """A long play that outlasts the next ones: a pause begins when the last of them is over."""
    long = play("a", "artist:x", BEGIN + timedelta(hours=4), ms=4 * 3600 * 1000)
    rows = [*evenings(SONGS, 2, BEGIN - timedelta(days=3)), play("b", "artist:y", BEGIN + timedelta(hours=1)), long]
    answer = predictor.predict(
        [json.dumps({"now": rows[-1]["ended_at"], "time_zone": "Europe/Prague", "plays": rows}).encode()]
    )[0]
    assert isinstance(answer, bytes), answer
    assert 0 <= json.loads(answer)["next_session"]["within_hours"]["24"] <= 1
