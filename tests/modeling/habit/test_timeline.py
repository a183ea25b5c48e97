from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.habit import comeback
from modeling.habit.surprise import past_days
from modeling.habit.timeline import (
    HOUR_FEATURES,
    HOUR_S,
    MEMORY_DAYS,
    USUAL,
    hour_features,
    rates,
    timeline,
    week_rates,
    week_rates_each_day,
)
from modeling.plays import read_plays, sessions_of
from tests.support.listening import BEGIN, evenings, play

PRAGUE, KOLKATA = ZoneInfo("Europe/Prague"), ZoneInfo("Asia/Kolkata")
SONGS = [("a", "artist:x"), ("b", "artist:y")]


def test_an_hour_has_music_when_anything_played_in_it() -> None:
    rows = [play("a", "artist:x", datetime(2026, 1, 5, 18, 5, tzinfo=UTC), ms=600_000)]
    line = timeline(read_plays(rows), PRAGUE, datetime(2026, 1, 5, 21, tzinfo=UTC).timestamp())
    assert line.listened.tolist() == [True, True, False, False], "17:55 to 18:05 UTC touches two hours"
    assert line.starts.tolist() == [1, 0, 0, 0]
    assert line.clock.tolist() == [18, 19, 20, 21], "18:00 in Prague on a Monday, and on"


def test_hours_begin_when_the_clock_on_the_wall_strikes() -> None:
    now = datetime(2026, 1, 5, 18, 10, tzinfo=UTC).timestamp()
    line = timeline(read_plays([play("a", "artist:x", BEGIN)]), KOLKATA, now)
    following = datetime.fromtimestamp(line.next_full_hour(now), KOLKATA)
    assert (following.hour, following.minute) == (0, 0), "18:10 UTC is 23:40 there"


def test_an_hour_of_the_week_leans_on_its_hour_of_the_day() -> None:
    line = timeline(read_plays(evenings(SONGS, 28)), PRAGUE, (BEGIN + timedelta(days=28)).timestamp())
    now = (BEGIN + timedelta(days=28)).timestamp()
    found = week_rates(line, now, line.listened.astype(float))
    evening = [24 * day + 19 for day in range(7)]
    assert found[:, evening].min() > 0.9, "every evening of four weeks"
    others = np.delete(found, evening, axis=1)
    assert others.max() < 0.01
    mondays = [row for row in evenings(SONGS, 28) if datetime.fromisoformat(row["ended_at"]).weekday() == 0]
    seen = timeline(read_plays(mondays), PRAGUE, now)
    monday, tuesday = week_rates(seen, now, seen.listened.astype(float), 1.0)[1, [19, 43]]
    assert monday > 0.7
    assert tuesday < 0.2
    unsure_monday, unsure_tuesday = week_rates(seen, now, seen.listened.astype(float))[1, [19, 43]]
    assert monday > unsure_monday > unsure_tuesday > tuesday, "four Mondays are few"


def test_one_walk_over_the_past_knows_what_each_day_knew() -> None:
    line = timeline(read_plays(evenings(SONGS, 90)), PRAGUE, (BEGIN + timedelta(days=95)).timestamp())
    heard, edges = line.listened.astype(float), [0, 24, 24, 311, 24 * 90]
    walked = list(week_rates_each_day(line, heard, USUAL, edges))
    for edge, found in zip(edges, walked, strict=True):
        alone = week_rates(line, line.begin + edge * HOUR_S, heard)[USUAL]
        np.testing.assert_allclose(found, alone, rtol=1e-9)


@pytest.mark.parametrize("told", [0, 1, 5, 6, 7, 60])
def test_plays_told_one_by_one_and_the_sessions_before_them_are_the_whole_history(told: int) -> None:
    rows = evenings(SONGS * 3, 10, BEGIN + timedelta(minutes=50))  # six plays over two hours of each evening
    whole, until = read_plays(rows), (BEGIN + timedelta(days=10)).timestamp()
    part, before = whole.part(slice(len(whole) - told, None)), whole.part(slice(0, len(whole) - told))
    expected, found = timeline(whole, PRAGUE, until), timeline(part, PRAGUE, until, sessions_of(before))
    assert found.begin == expected.begin
    for name in ("listened", "starts", "clock", "session_starts", "pauses_h"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)
    assert found.ended.max() == expected.ended.max()
    np.testing.assert_allclose(comeback.prior_hazard(found, until), comeback.prior_hazard(expected, until))


def test_what_is_older_than_the_memory_counts_no_more() -> None:
    old = evenings(SONGS, 30)
    late = evenings(SONGS, 60, BEGIN + timedelta(days=30 + MEMORY_DAYS, hours=12))
    now = (BEGIN + timedelta(days=30 + MEMORY_DAYS + 60)).timestamp()
    line = timeline(read_plays([*old, *late]), PRAGUE, now)
    fresh = timeline(read_plays(late), PRAGUE, now)
    fresh_hours = np.pad(fresh.listened, (len(line.listened) - len(fresh.listened), 0))
    heard = line.listened.astype(float)
    rates_then = week_rates(line, now, heard)
    np.testing.assert_allclose(rates_then, week_rates(line, now, fresh_hours.astype(float)))
    edges = [0, 24 * 100, 24 * 380, 24 * 400, line.upto(now)]
    walked = list(week_rates_each_day(line, heard, USUAL, edges))
    for edge, found in zip(edges, walked, strict=True):
        alone = week_rates(line, line.begin + edge * HOUR_S, heard)[USUAL]
        np.testing.assert_allclose(found, alone, rtol=1e-7, atol=1e-12)


def test_features_do_not_look_past_now() -> None:
    rows = evenings(SONGS, 28)
    now = (BEGIN + timedelta(days=14)).timestamp()
    when = now + (np.arange(168, dtype=np.float64) + 0.5) * HOUR_S
    features = []
    for count in (28, 60):  # plays up to fourteen days, and all of them
        line = timeline(read_plays(rows[:count]), PRAGUE, (BEGIN + timedelta(days=28)).timestamp())
        features.append(hour_features(line, now, when, rates(line, now)))
    assert features[0].shape == (168, HOUR_FEATURES)
    assert np.array_equal(features[0], features[1])


def test_a_quiet_evening_and_a_loud_night_are_surprising() -> None:
    rows = [row for row in evenings(SONGS, 40) if not row["ended_at"].startswith("2026-02-07")]
    rows += evenings(SONGS, 1, begin=datetime(2026, 2, 9, 2, tzinfo=UTC))
    now = datetime(2026, 2, 13, 12, tzinfo=UTC).timestamp()
    days = {each.day.isoformat(): each for each in past_days(timeline(read_plays(rows), PRAGUE, now), now, 28, 1)}
    ordinary = [each.surprise for day, each in days.items() if day not in {"2026-02-07", "2026-02-09"}]
    assert days["2026-02-07"].missing_hours == [19]
    assert days["2026-02-09"].unusual_hours == [3]
    assert min(days["2026-02-07"].surprise, days["2026-02-09"].surprise) > 1.5 > max(ordinary)
    assert list(days) == sorted(days)


def test_quantiles_of_a_constant_hazard() -> None:
    """A session begins in each hour with chance 1 - e^-0.1: the median waits ln 2 / 0.1 = 6.93 hours."""
    hazard = 1 - np.exp(-0.1 * comeback.WIDTHS_H)
    low, middle, high = comeback.quantiles(hazard, np.array([0.1, 0.5, 0.9]))
    assert [low, middle, high] == pytest.approx([1.054, 6.931, 23.026], rel=0.01)
    assert comeback.cumulative(hazard, 12.0) == pytest.approx(1 - np.exp(-1.2), rel=1e-6)
    rare = comeback.quantiles(1 - np.exp(-0.001 * comeback.WIDTHS_H), np.array([0.5]))
    assert rare[0] == pytest.approx(693.1, rel=0.02), "beyond the last bin the hazard goes on"


def test_no_session_begins_before_half_an_hour_of_silence() -> None:
    share = comeback.possible_share(elapsed_s=600)
    assert share[0] == pytest.approx(1 / 3), "twenty of the first thirty minutes are still part of this session"
    assert share[1:].tolist() == [1.0] * (comeback.BINS - 1)
    assert comeback.possible_share(elapsed_s=7200).tolist() == [1.0] * comeback.BINS
