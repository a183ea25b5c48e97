"""What the habit model learns from and is judged by: moments of which it is known what came after them."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from modeling.errors import RequestError
from modeling.plays import begins_session
from tests.training.synthetic import write_export
from training.data.habits import PRIOR_LISTENERS, SkipTable, moments
from training.data.sequences import DAY_S, Listener, listeners, played_before, spans
from training.evaluate.habit import Everywhere, Findings, _pauses
from training.evaluate.said import Said
from training.jobs import EvaluationJob
from training.params import Params, read_params

HOUR_S = 3600.0


@pytest.fixture
def params() -> Params:
    usual = read_params(Path(__file__).parents[2] / "params.yaml")
    short = {"validation_days": 14, "test_days": 28}
    return usual.model_copy(
        update={
            "split": usual.split.model_copy(update=short),
            "evaluate": usual.evaluate.model_copy(update={"sessions_per_listener": 1000}),
        }
    )


def test_the_end_of_an_import_is_no_silence_to_learn_from(tmp_path: Path) -> None:
    """Who brought a history and has not been back since was learned to fall silent after its last play."""
    (listener,) = listeners(write_export(tmp_path, listeners=1, days=60).songs())
    ended = float(listener.plays.ended[-1])
    whole, later = (moments(listener, 0.0, end, 40, np.random.default_rng(0)) for end in (ended, ended + 30 * DAY_S))
    assert len(whole.place) == 40
    for name in vars(whole):
        assert np.array_equal(getattr(whole, name), getattr(later, name)), name


class Constant:
    """Says the same of every moment."""

    identity = "0" * 64

    def predict(self, requests: list[bytes]) -> list[bytes | RequestError]:
        hours = {str(span): 0.5 for span in (1, 3, 6, 12, 24, 48)}
        session = {"expected_hours": 1.0, "p10": 0.5, "p90": 2.0, "within_hours": hours}
        return [json.dumps({"forecast": [0.5] * 168, "next_session": session}).encode() for _ in requests]

    def golden_request(self) -> bytes:
        return b""


def test_what_came_after_the_last_play_is_not_judged(tmp_path: Path, params: Params) -> None:
    """Its silence was held against whoever expected a return, and for whoever expected none."""
    everyone = listeners(write_export(tmp_path, listeners=2, days=150).songs())
    when = spans(everyone, params.split)
    whole = everyone[0]
    cut = Listener(whole.key, whole.zone, whole.plays.part(slice(0, played_before(whole, when.test_end - 9 * DAY_S))))
    found = Findings(Said(), Said(), Said(), Said(), Said(), {24: Said()})
    job = EvaluationJob(params, None, Constant(), Path("none"))  # type: ignore[arg-type]
    _pauses(job, cut, when, Everywhere(0.2, 5.0, np.zeros(1)), found, None)
    begin, last = played_before(cut, when.test_begin), float(cut.plays.ended[-1])
    closes = cut.plays.ended[begin:][np.append(begins_session(cut.plays)[begin + 1 :], True)]
    assert len(found.gap.happened[cut.key]) == len(closes) - 1, "nobody knows how long the last pause was"
    assert len(found.within[24].happened[cut.key]) == int((closes + 24 * HOUR_S <= last).sum())
    known = (last - np.ceil(closes / HOUR_S) * HOUR_S) // HOUR_S
    assert len(found.forecast.happened[cut.key]) == int(np.clip(known, 0, 168).sum())


def test_a_rate_of_others_is_of_three_others_whoever_asks() -> None:
    """Rates that are served know nothing of who asks: three listeners may be the asker and two others."""
    plays = [Counter({"three": 9, "four": 9})] * PRIOR_LISTENERS + [Counter({"four": 9})]
    table = SkipTable(plays, [Counter(each) for each in plays], 0.2)
    assert list(table.rates()) == ["four"]
    assert list(table.rates(without=0)) == ["four"]
    assert list(table.rates(without=3)) == ["four", "three"]
    assert replace(table, plays=plays[:3], skips=plays[:3]).rates() == {}
