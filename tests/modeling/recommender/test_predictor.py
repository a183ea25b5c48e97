import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from modeling.errors import RequestError
from modeling.recommender.predictor import RecommenderPredictor
from modeling.recommender.ranking import order
from modeling.recommender.spec import FEATURES, FEW_PLAYS
from tests.support.listening import BEGIN, evenings, play, recommender_row
from tests.support.tiny_recommender import TRACKS

HEARD = [("t0", "artist:a"), ("t3", "artist:b"), ("t4", "artist:b"), ("mine", "artist:mine")]


def request(plays: list[dict[str, Any]], days_later: float = 0.01, **more: Any) -> bytes:
    rows = [recommender_row(row) for row in plays]
    last = max((row["ended_at"] for row in rows), default=BEGIN.isoformat())
    now = type(BEGIN).fromisoformat(last) + timedelta(days=days_later)
    return json.dumps({"now": now.isoformat(), "time_zone": "Europe/Prague", "plays": rows, **more}).encode()


def ask(predictor: RecommenderPredictor, body: bytes) -> list[dict[str, Any]]:
    answer = predictor.predict([body])[0]
    assert isinstance(answer, bytes), answer
    tracks: list[dict[str, Any]] = json.loads(answer)["tracks"]
    return tracks


def keys(tracks: list[dict[str, Any]]) -> list[str]:
    return [each["track"] for each in tracks]


def test_discover_never_names_a_track_that_was_played_or_excluded(predictor: RecommenderPredictor) -> None:
    found = keys(ask(predictor, request(evenings(HEARD, 5), wish="discover", limit=9, exclude=["t5", "no such key"])))
    assert set(found).isdisjoint({"t0", "t3", "t4", "mine", "t5"})
    assert len(found) == 2, "one per artist: the cap; every track of artist:b is played or excluded"


def test_exclusions_leave_no_gap(predictor: RecommenderPredictor) -> None:
    full = keys(ask(predictor, request(evenings(HEARD, 5), limit=3)))
    others = keys(ask(predictor, request(evenings(HEARD, 5), limit=3, exclude=[full[0]])))
    assert others[:2] == full[1:]
    assert len(others) == 3


def test_a_track_that_the_catalogue_lacks_can_be_suggested_to_who_plays_it(predictor: RecommenderPredictor) -> None:
    often = evenings([("mine", "artist:mine")], 20)
    assert keys(ask(predictor, request(often, limit=4)))[0] == "mine"


def test_few_plays_have_weights_of_their_own(predictor: RecommenderPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    others = tuple(float(name == "popularity") for name in FEATURES)
    monkeypatch.setattr(predictor, "spec", replace(predictor.spec, weights_few=others))
    mine = [("t4", "artist:b")]
    assert keys(ask(predictor, request(evenings(mine, FEW_PLAYS), days_later=1, limit=1))) == ["t0"]
    assert keys(ask(predictor, request(evenings(mine, FEW_PLAYS + 1), days_later=1, limit=1))) == ["t4"]
    assert keys(ask(predictor, request(evenings(mine, FEW_PLAYS), days_later=0.01, limit=1))) == ["t4"], "within"


def test_a_comeback_needs_enough_listens_and_a_long_silence(predictor: RecommenderPredictor) -> None:
    old = evenings([("t0", "artist:a"), ("t3", "artist:b")], 3)
    once = [play("t6", "artist:c", BEGIN + timedelta(days=3))]
    recent = [play("t4", "artist:b", BEGIN + timedelta(days=100, minutes=minute)) for minute in (1, 5, 9)]
    answer = ask(predictor, request(old + once + recent, wish="rediscover", limit=9))
    assert sorted(keys(answer)) == ["t0", "t3"]
    for each in answer:
        assert each["reasons"][0] == {
            "kind": "comeback", "evidence": [each["track"]], "listens": 3, "silent_days": 98,
        }  # fmt: skip


def test_this_hour_is_what_was_listened_to_around_this_time_of_day(predictor: RecommenderPredictor) -> None:
    mornings = evenings([("t5", "artist:b"), ("t6", "artist:c")], 9, BEGIN - timedelta(hours=10))
    plays = sorted(evenings(HEARD[:2], 9) + mornings, key=lambda row: row["ended_at"])
    evening = ask(predictor, request(plays, wish="hour", limit=9))
    assert sorted(keys(evening)) == ["t0", "t3"]
    morning = ask(predictor, request(plays, wish="hour", limit=9, days_later=14 / 24))
    assert sorted(keys(morning)) == ["t5", "t6"]
    assert morning[0]["reasons"][0] == {"kind": "this_hour", "evidence": [morning[0]["track"]], "times": 9}


def test_a_large_catalogue_is_ranked_as_a_small_one_is() -> None:
    random = np.random.default_rng(0)
    scores, permitted = random.integers(40, size=5_000) / 4, random.random(5_000) < 0.8
    artist_of = random.integers(30, size=5_000)
    for limit, cap in ((10, 5_000), (10, 1), (29, 1), (500, 3)):
        found, taken = order(scores.astype(np.float64), permitted, artist_of, limit, cap), dict.fromkeys(range(30), 0)
        expected: list[int] = []
        for track in np.argsort(-scores, kind="stable"):
            if permitted[track] and taken[artist_of[track]] < cap and len(expected) < limit:
                taken[artist_of[track]] += 1
                expected.append(int(track))
        assert found == expected


def test_at_most_so_many_tracks_of_one_artist(predictor: RecommenderPredictor) -> None:
    found = keys(ask(predictor, request(evenings(HEARD, 3), wish="comfort", limit=20)))
    artists = [int(key[1]) // 3 if key in TRACKS else "mine" for key in found]
    assert max(artists.count(artist) for artist in set(artists)) == 2, "comfort has a cap of its own"


def test_every_reason_can_be_counted_again_from_the_request(predictor: RecommenderPredictor) -> None:
    plays = evenings([*HEARD, ("t0", "artist:a")], 6)
    order = [row["track"] for row in plays]
    kinds = set()
    for wish in ("comfort", "discover"):
        for each in ask(predictor, request(plays, wish=wish, limit=9)):
            for reason in each["reasons"]:
                kinds.add(reason["kind"])
                if reason["kind"] == "played_often":
                    assert reason == {
                        "kind": "played_often", "evidence": [each["track"]], "listens": order.count(each["track"]),
                    }  # fmt: skip
                elif reason["kind"] == "plays_after":
                    pairs = list(pairwise(order))
                    assert reason["evidence"] == [order[-1]]
                    assert reason["times"] == pairs.count((order[-1], each["track"]))
                elif reason["kind"] == "same_artist":
                    assert reason["listens"] == sum(order.count(key) for key in reason["evidence"])
                    assert each["track"] not in reason["evidence"]
                elif reason["kind"] == "sounds_like":
                    assert set(reason["evidence"]) <= set(order)
                    assert reason["similarity"] >= 0.6
                else:
                    assert reason["kind"] == "popular"
                    assert each["track"] == "t0"
    assert kinds == {"played_often", "plays_after", "same_artist", "sounds_like", "popular"}


def test_somebody_who_never_played_anything_gets_an_answer(predictor: RecommenderPredictor) -> None:
    assert len(ask(predictor, request([], wish="discover", limit=3))) == 3
    assert ask(predictor, request([], wish="rediscover")) == []


def test_a_bad_request_does_not_sink_its_batch(predictor: RecommenderPredictor) -> None:
    good = request(evenings(HEARD, 2))
    bad = [
        b"{", b"[]", request([], wish="sleep"), request([], limit=0), request([], limit=True), request([], mood="blue"),
        request([], exclude=[1]), request(evenings(HEARD, 2), days_later=-30),
        good.replace(b"Europe/Prague", b"Mars/Base"), good.replace(b"180000", b"NaN"),
    ]  # fmt: skip
    answers = predictor.predict([good, *bad, good])
    assert isinstance(answers[0], bytes)
    assert answers[0] == answers[-1]
    statuses = [answer.status for answer in answers[1:-1] if isinstance(answer, RequestError)]
    assert statuses == [400, 400, 422, 422, 422, 422, 422, 422, 422, 400]


@pytest.mark.parametrize("size", [1, 6, 7, 40])
def test_any_length_of_history_is_read(predictor: RecommenderPredictor, size: int) -> None:
    assert len(ask(predictor, request(evenings(HEARD, 10)[:size], limit=3))) == 3
