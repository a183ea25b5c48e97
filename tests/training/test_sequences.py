import json
from pathlib import Path

import numpy as np
import pytest

from modeling.habit import spec as habit
from modeling.habit.timeline import MEMORY_DAYS
from modeling.plays import read_plays, sessions_of
from modeling.recommender import spec as recommender
from modeling.recommender.catalogue import heard
from platform_api.crud.recommendations import PlayFact
from platform_api.services.habits import wire
from platform_api.services.recommendations import wire as recommendations_wire
from tests.training.synthetic import track_key, write_embeddings, write_export
from training.data.catalogue import build_catalogue, read_embeddings
from training.data.sequences import DAY_S, listeners, played_before, spans
from training.evaluate import requests
from training.evaluate.requests import EARLIER_DAYS, Rows, plays_on_the_wire
from training.jobs import NothingToLearn
from training.params import SplitParams, read_params

SPLIT = SplitParams(validation_days=10, test_days=20, gap_minutes=30)


def test_the_split_is_one_moment_for_everybody(tmp_path: Path) -> None:
    everyone = listeners(write_export(tmp_path).songs())
    when = spans(everyone, SPLIT)
    assert when.test_end == max(each.plays.ended[-1] for each in everyone) + 1
    assert when.test_begin - when.validation_end == when.validation_begin - when.train_end == 1800
    assert when.validation_end - when.train_end == 10 * DAY_S
    for each in everyone:
        count = played_before(each, when.train_end)
        assert each.plays.ended[:count].max() <= when.train_end < each.plays.ended[count]


def test_nobody_to_learn_from_is_said_plainly(tmp_path: Path) -> None:
    nobody = listeners(write_export(tmp_path).songs().slice(0, 0))
    assert nobody == []
    with pytest.raises(NothingToLearn, match="import a history"):
        spans(nobody, SPLIT)


def test_the_catalogue_counts_the_training_span_alone(tmp_path: Path) -> None:
    data = write_export(tmp_path / "export")
    write_embeddings(tmp_path / "sound.parquet")
    everyone = listeners(data.songs())
    when = spans(everyone, SPLIT)
    sound = read_embeddings(tmp_path / "sound.parquet")
    catalogue = build_catalogue(data.tracks(), sound, everyone, when.train_end)
    assert catalogue.tracks == sorted(catalogue.tracks)
    assert not catalogue.learned[[catalogue.track_index[track_key(58)], catalogue.track_index[track_key(59)]]].any()
    assert np.linalg.norm(catalogue.audio, axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    shares = np.add.reduceat(catalogue.next_share, catalogue.next_start[:-1][np.diff(catalogue.next_start) > 0])
    assert shares.max() < 1, "smoothed: what was seen once is not certain"
    # Nothing after the end of training changes a count.
    cut = [
        type(each)(each.key, each.zone, each.plays.part(slice(0, played_before(each, when.train_end))))
        for each in everyone
    ]
    again = build_catalogue(data.tracks(), sound, cut, when.train_end)
    assert np.array_equal(again.popularity, catalogue.popularity)
    assert np.array_equal(again.next_share, catalogue.next_share)


def test_what_is_asked_in_evaluation_is_what_training_saw(tmp_path: Path) -> None:
    """Parquet → columns and Parquet → wire → columns are the same plays."""
    listener = listeners(write_export(tmp_path).songs())[0]
    body = Rows(listener, plays_on_the_wire(listener.plays), 10_000).request(300, 0.0, {})
    parsed, expected = read_plays(json.loads(body)["plays"]), listener.plays.part(slice(0, 300))
    for name in ("started", "ended", "ms_played", "skipped", "shuffle", "reason_start", "reason_end"):
        assert np.array_equal(getattr(parsed, name), getattr(expected, name)), name
    said = [parsed.track_keys[code] for code in parsed.track]
    assert said == [expected.track_keys[code] for code in expected.track]


def test_the_sessions_before_the_plays_that_are_told_are_told_with_them(tmp_path: Path) -> None:
    listener = listeners(write_export(tmp_path).songs())[0]
    rows, now = Rows(listener, plays_on_the_wire(listener.plays), 100), float(listener.plays.ended[-1])
    upto = len(listener.plays)
    earlier = rows.earlier(upto, now)
    expected = sessions_of(listener.plays.part(slice(0, upto - 100)))
    assert earlier == [tuple(map(int, pair)) for pair in zip(expected.started, expected.ended, strict=True)]
    assert rows.earlier(100, now) == [], "all plays are told"
    assert rows.earlier(upto, now + EARLIER_DAYS * 86400) == [], "long ago"
    assert EARLIER_DAYS == wire.EARLIER_DAYS > MEMORY_DAYS


def test_the_product_tells_as_much_as_evaluation(tmp_path: Path) -> None:
    """As many plays, and the same of each."""
    listener = listeners(write_export(tmp_path).songs())[0]
    assert set(plays_on_the_wire(listener.plays)[0]) == set(PlayFact._fields)
    assert habit.TOLD_PLAYS == wire.MAX_PLAYS
    assert recommender.TOLD_PLAYS == recommendations_wire.MAX_PLAYS
    assert [requests.SILENT_DAYS, requests.SILENT_LISTENS, requests.SILENT_TRACKS, requests.PLAYS_OF_SILENT] == [
        recommendations_wire.SILENT_DAYS,
        recommendations_wire.SILENT_LISTENS,
        recommendations_wire.SILENT_TRACKS,
        recommendations_wire.PLAYS_OF_SILENT,
    ]
    rules = read_params(Path(__file__).parents[2] / "params.yaml").recommender
    assert (rules.rediscover_silent_days, rules.rediscover_listens) == (requests.SILENT_DAYS, requests.SILENT_LISTENS)


@pytest.mark.parametrize("days_later", [0, 30, 61])
def test_what_fell_silent_is_told_from_before_the_latest_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days_later: float
) -> None:
    monkeypatch.setattr(requests, "PLAYS_OF_SILENT", 2)
    listener = listeners(write_export(tmp_path, days=200).songs())[0]
    plays, upto = listener.plays, len(listener.plays)
    rows, now = Rows(listener, plays_on_the_wire(plays), 100), float(plays.ended[-1]) + days_later * DAY_S
    expected: list[int] = []
    for track in set(plays.track.tolist()):
        mine = [place for place in range(upto) if plays.track[place] == track]
        listens = sum(plays.ms_played[place] >= 30_000 for place in mine)
        if plays.ended[mine[-1]] < now - 60 * DAY_S and listens >= 3:
            expected += [place for place in mine if place < upto - 100][-2:]
    assert rows.silent(upto, now) == sorted(expected)
    assert (len(expected) > 20) == (days_later == 61)
    told = json.loads(rows.request(upto, now, {}, older=rows.silent(upto, now)))["plays"]
    assert len(told) == 100 + len(expected)
    assert [play["ended_at"] for play in told] == sorted(play["ended_at"] for play in told)
    assert rows.silent(100, now) == [], "all plays are told"


def test_a_play_of_a_track_that_left_the_catalogue_is_still_a_play(tmp_path: Path) -> None:
    data = write_export(tmp_path)
    everyone = listeners(data.songs())
    shorter = build_catalogue(data.tracks().slice(0, 30), ([], np.empty((0, 128))), everyone, 0.0)
    history = heard(everyone[0].plays, shorter)
    assert len(history.item) == len(everyone[0].plays)
    assert history.item.max() >= len(shorter.tracks)
