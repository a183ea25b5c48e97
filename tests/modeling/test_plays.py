from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.errors import RequestError
from modeling.plays import begins_session, hours_of_week, previous_place, read_plays, sum_before, was_skipped
from tests.support.listening import play

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_skip_is_what_was_recorded_else_the_button_else_a_short_play() -> None:
    rows = [
        play("a", "x", NOON, skipped=True) | {"reason_end": "trackdone"},
        play("b", "x", NOON, skipped=None) | {"reason_end": "fwdbtn"},
        play("c", "x", NOON, skipped=None, ms=5_000) | {"reason_end": "endplay"},
        play("d", "x", NOON, skipped=None, ms=5_000) | {"reason_end": None},
        play("e", "x", NOON, skipped=None, ms=50_000) | {"reason_end": None},
        play("f", "x", NOON, skipped=False, ms=5_000),
    ]
    assert was_skipped(read_plays(rows)).tolist() == [True, True, False, True, False, False]


def test_half_an_hour_of_silence_begins_a_session_even_after_an_overlap() -> None:
    ends = ["12:00", "13:00", "12:50", "13:29", "14:05"]
    rows = [play("a", "x", datetime.fromisoformat(f"2026-03-02T{end}:00Z"), ms=60_000) for end in ends]
    # In the order of their ends: 12:00, 12:50, 13:00, 13:29 and 14:05, each of one minute.
    assert begins_session(read_plays(rows)).tolist() == [True, True, False, False, True]


@pytest.mark.parametrize(
    ("instant", "zone", "expected"),
    [
        ("2026-03-02T00:00:00Z", "UTC", 0.0),
        ("2026-03-29T00:30:00Z", "Europe/Prague", 6 * 24 + 1.5),
        ("2026-03-29T01:30:00Z", "Europe/Prague", 6 * 24 + 3.5),  # the clock went from 2:00 to 3:00
        ("2026-10-25T00:30:00Z", "Europe/Prague", 6 * 24 + 2.5),
        ("2026-10-25T01:30:00Z", "Europe/Prague", 6 * 24 + 2.5),  # the same hour once more
        ("2026-04-04T14:59:00Z", "Australia/Lord_Howe", 6 * 24 + 2 - 1 / 60),
        ("2026-04-04T15:00:00Z", "Australia/Lord_Howe", 6 * 24 + 1.5),  # back by half an hour
        ("2026-03-02T10:00:00Z", "Pacific/Kiritimati", 24.0),
        ("2026-03-02T00:00:00Z", "Asia/Kathmandu", 5.75),
    ],
)
def test_hours_of_the_week_follow_the_clock_on_the_wall(instant: str, zone: str, expected: float) -> None:
    seconds = np.array([datetime.fromisoformat(instant).timestamp()])
    assert hours_of_week(seconds, ZoneInfo(zone))[0] == pytest.approx(expected, abs=1e-6)


def test_every_hour_of_two_years_agrees_with_the_standard_library() -> None:
    zone = ZoneInfo("America/New_York")
    seconds = datetime(2025, 1, 1, tzinfo=UTC).timestamp() + np.arange(2 * 365 * 24, dtype=np.float64) * 3600
    local = [datetime.fromtimestamp(second, zone) for second in seconds]
    assert hours_of_week(seconds, zone).tolist() == [each.weekday() * 24 + each.hour for each in local]


@pytest.mark.parametrize(
    "change",
    [
        {"track": 5}, {"ms_played": -1}, {"ms_played": "long"}, {"ended_at": "yesterday"},
        {"ended_at": "2026-03-02T12:00:00"}, {"skipped": "yes"}, {"started_at": 12},
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_named(change: dict[str, object]) -> None:
    with pytest.raises(RequestError, match=r"plays\[1\]") as caught:
        read_plays([play("a", "x", NOON), play("b", "x", NOON) | change])
    assert caught.value.status == 422


def test_what_came_before_is_counted_within_a_window() -> None:
    random = np.random.default_rng(0)
    codes, values = random.integers(6, size=60).astype(np.int32), random.random(60)
    for within in (1, 7, 1000):
        before = [
            [at for at in range(max(0, place - within), place) if codes[at] == codes[place]] for place in range(60)
        ]
        assert previous_place(codes, within).tolist() == [places[-1] if places else -1 for places in before]
        assert sum_before(codes, values, within) == pytest.approx([values[places].sum() for places in before])
    assert len(previous_place(codes[:0], 5)) == len(sum_before(codes[:0], values[:0], 5)) == 0
