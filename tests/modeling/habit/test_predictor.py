import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.bundle import load_predictor
from modeling.errors import RequestError
from modeling.habit.predictor import HabitPredictor
from modeling.habit.timeline import logit, timeline, week_rates
from modeling.plays import read_plays, sessions_of
from tests.support.listening import BEGIN, evenings
from tests.support.tiny_habit import tiny_habit

SONGS = [("a", "artist:x"), ("b", "artist:y"), ("c", "artist:z")]


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> HabitPredictor:
    folder = tmp_path_factory.mktemp("habit") / "bundle"
    tiny_habit(folder)
    loaded = load_predictor(folder)
    assert isinstance(loaded, HabitPredictor)
    return loaded


def request(plays: list[dict[str, Any]], hours_later: float = 1.0, zone: str = "Europe/Prague", **more: Any) -> bytes:
    last = max((row["ended_at"] for row in plays), default=BEGIN.isoformat())
    now = type(BEGIN).fromisoformat(last) + timedelta(hours=hours_later)
    candidates = more.pop("candidates", [{"track": "a", "artist": "artist:x"}])
    return json.dumps(
        {"now": now.isoformat(), "time_zone": zone, "plays": plays, "candidates": candidates, **more}
    ).encode()


def ask(predictor: HabitPredictor, body: bytes) -> dict[str, Any]:
    answer = predictor.predict([body])[0]
    assert isinstance(answer, bytes), answer
    content: dict[str, Any] = json.loads(answer)
    return content


def test_an_untrained_forecast_is_what_the_histograms_say_together(predictor: HabitPredictor) -> None:
    """The heads about time only correct the plain count, and their last layer begins at zero."""
    plays = evenings(SONGS, 30)
    answer = ask(predictor, request(plays))
    now = (BEGIN + timedelta(days=29, minutes=12, hours=1)).timestamp()
    line = timeline(read_plays(plays), ZoneInfo("Europe/Prague"), now)
    odds = logit(week_rates(line, now, line.listened.astype(float))).mean(axis=0)
    following = (int(line.clock[-1]) + 1 + np.arange(168)) % 168
    assert answer["forecast"] == pytest.approx((1 / (1 + np.exp(-odds)))[following].tolist(), abs=1e-5)


def test_a_long_history_told_as_sessions_gives_the_same_week(predictor: HabitPredictor) -> None:
    plays = evenings(SONGS, 120)
    parsed = sessions_of(read_plays(plays[:-30]))
    earlier = [list(map(int, pair)) for pair in zip(parsed.started, parsed.ended, strict=True)]
    whole, told, forgotten = (
        ask(predictor, body) for body in (request(plays), request(plays[-30:], earlier=earlier), request(plays[-30:]))
    )
    assert told["forecast"] == pytest.approx(whole["forecast"], abs=2e-5)
    assert told["days"] == whole["days"]
    assert max(abs(a - b) for a, b in zip(forgotten["forecast"], whole["forecast"], strict=True)) > 0.02


def test_the_answer_has_what_the_page_needs(predictor: HabitPredictor) -> None:
    answer = ask(predictor, request(evenings(SONGS, 30), candidates=[{"track": t, "artist": a} for t, a in SONGS]))
    assert answer["model"] == "habit"
    assert len(answer["skips"]) == 3
    assert all(0 <= chance <= 1 for chance in [*answer["forecast"], *answer["skips"]])
    assert sum(answer["next_play"].values()) == pytest.approx(1, abs=1e-4)
    wait = answer["next_session"]
    assert 0 <= wait["p10"] <= wait["expected_hours"] <= wait["p90"]
    shares = list(wait["within_hours"].values())
    assert shares == sorted(shares)
    assert len(answer["days"]) > 10
    assert set(answer["days"][0]) == {"day", "surprise", "hours", "expected_hours", "unusual_hours", "missing_hours"}


def test_an_untrained_guess_of_what_comes_next_is_what_was_played_lately(predictor: HabitPredictor) -> None:
    """Three songs every evening: the first three plays of ninety were new, each by a new artist."""
    answer = ask(predictor, request(evenings(SONGS, 30)))
    assert answer["next_play"] == pytest.approx(
        {"again": 1 / 94, "known": 88 / 94, "new_track": 1 / 94, "new_artist": 4 / 94}, abs=1e-4
    )


def test_the_next_artists_are_the_listeners_own_and_their_chances_leave_room_for_new_ones(
    predictor: HabitPredictor,
) -> None:
    answer = ask(predictor, request(evenings([*SONGS, ("d", "artist:z")], 30), hours_later=0.02))
    told = answer["next_artists"]
    assert {each["artist"] for each in told} == {"artist:x", "artist:y", "artist:z"}
    assert [each["chance"] for each in told] == sorted((each["chance"] for each in told), reverse=True)
    assert sum(each["chance"] for each in told) == pytest.approx(1 - answer["next_play"]["new_artist"], abs=1e-4)
    many = [(f"song {number}", f"artist:{number}") for number in range(14)]
    assert len(ask(predictor, request(evenings(many, 3)))["next_artists"]) == 10
    assert ask(predictor, request([]))["next_artists"] == []


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17])
def test_any_length_of_history_is_read(predictor: HabitPredictor, count: int) -> None:
    answer = ask(predictor, request(evenings(SONGS, 10)[:count]))
    assert len(answer["forecast"]) == 168


def test_a_bad_request_does_not_sink_its_batch(predictor: HabitPredictor) -> None:
    good = request(evenings(SONGS, 3))
    bad = [
        b"\xff", request([], candidates="all"), request([], candidates=[{"track": "a"}]), request([], mood="blue"),
        request(evenings(SONGS, 3), hours_later=-100), request([], zone="Mars/Base"),
        *(
            request(evenings(SONGS, 3), earlier=wrong)
            for wrong in ("all", [[1, 2, 3]], [[2, 1]], [[5, 9], [8, 12]], [[1.5, 2]], [[True, 2]], [["1", "2"]],
                          [[-9, 2]], [[10**30, 10**30]], [[3_999_999_000, 3_999_999_999]], [[0, 1]] * 20_001)
        ),
        request([], earlier=[[1, 2]]),
    ]  # fmt: skip
    answers = predictor.predict([good, *bad, good])
    assert answers[0] == answers[-1]
    assert [answer.status for answer in answers[1:-1] if isinstance(answer, RequestError)] == [400, *[422] * 17]
