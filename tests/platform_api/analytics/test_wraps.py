"""A wrap tells what happened: each of its facts in a history made for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platform_api.core.settings import Settings
from tests.support.histories import bring_and_work, extended_row, extended_zip
from tests.support.people import Listener


def plays(first: datetime, track: int, count: int, every: timedelta = timedelta(minutes=5), **fields: Any) -> list[Any]:
    return [extended_row(first + every * at, track, **fields) for at in range(count)]


@pytest.fixture
def year(sign_in: Callable[..., Listener], settings: Settings) -> Listener:
    """2023: song 1 in January. 2024: song 1 comes back in June, song 31 on repeat, song 41 always skipped."""
    listener = sign_in("ada", time_zone="Europe/Prague")
    rows = [
        *plays(datetime(2023, 1, 10, 12, tzinfo=UTC), 1, 3),
        *plays(datetime(2024, 1, 1, 11, tzinfo=UTC), 21, 1),
        *plays(datetime(2024, 6, 1, 12, tzinfo=UTC), 1, 4),
        *plays(datetime(2024, 7, 7, 20, tzinfo=UTC), 31, 20),
        *plays(datetime(2024, 8, 1, 12, tzinfo=UTC), 22, 5, every=timedelta(days=1)),
        *plays(datetime(2024, 9, 1, 1, tzinfo=UTC), 41, 4, ms_played=4_000, skipped=True, reason_end="fwdbtn"),
        *plays(datetime(2024, 12, 31, 22, 50, tzinfo=UTC), 23, 1, shuffle=True),
    ]
    bring_and_work(listener, settings, extended_zip(rows))
    return listener


def test_a_year_is_told(year: Listener) -> None:
    wrap = year.get("/wraps/2024").json()
    assert wrap["listener"] == {"handle": year.handle, "display_name": year.account["display_name"]}
    assert wrap["totals"]["listens"] == 31
    assert wrap["totals"]["previous"]["listens"] == 3
    assert [item["name"] for item in wrap["top_tracks"][:2]] == ["Song 31", "Song 22"]
    assert (wrap["peak_day"]["day"], wrap["peak_day"]["track"]["name"]) == ("2024-07-07", "Song 31")
    assert (wrap["obsession"]["day"], wrap["obsession"]["listens"]) == ("2024-07-07", 20)
    assert wrap["comeback"]["silent_days"] == 507
    assert wrap["comeback"]["artist"]["name"] == "Artist 0"
    assert wrap["comeback"]["back_on"] == "2024-06-01"
    assert wrap["longest_streak"] == {"days": 5, "first_day": "2024-08-01", "last_day": "2024-08-05"}
    assert (wrap["discovery"]["count"], wrap["discovery"]["artists"]) == (4, 2)
    assert wrap["discovery"]["first"][0]["name"] == "Song 31"
    assert (wrap["most_skipped"]["track"]["name"], wrap["most_skipped"]["skips"]) == ("Song 41", 4)
    assert (wrap["most_finished"]["track"]["name"], wrap["most_finished"]["finished"]) == ("Song 31", 20)
    assert wrap["finished_share"] == pytest.approx(31 / 35, abs=1e-4)
    assert wrap["skipped_share"] == pytest.approx(4 / 35, abs=1e-4)
    assert wrap["first_song"]["track"]["name"] == "Song 21"
    assert wrap["last_song"]["track"]["name"] == "Song 23"
    assert sum(wrap["day_parts"].values()) == pytest.approx(1, abs=1e-3)
    assert wrap["palette"] == {"style": "Artist 3", "second": "Artist 2", "bright": 3, "deep": 2}
    assert len(wrap["timeline"]["points"]) == 12


def test_a_month_is_told_by_its_days(year: Listener) -> None:
    wrap = year.get("/wraps/2024-07").json()
    assert (wrap["timeline"]["unit"], len(wrap["timeline"]["points"])) == ("day", 31)
    assert wrap["totals"]["listens"] == 20
    assert wrap["comeback"] is None


def test_the_year_ends_at_the_listeners_midnight(sign_in: Callable[..., Listener], settings: Settings) -> None:
    listener = sign_in("ada", time_zone="America/New_York")
    bring_and_work(listener, settings, extended_zip([extended_row(datetime(2025, 1, 1, 4, tzinfo=UTC))]))
    assert listener.get("/wraps/2024").json()["totals"]["plays"] == 1
    assert listener.get("/wraps/2025").json()["totals"]["plays"] == 0


def test_the_cache_answers_until_the_data_change(year: Listener, settings: Settings) -> None:
    before = year.get("/wraps/2024")
    assert year.get("/wraps/2024").content == before.content
    bring_and_work(year, settings, extended_zip(plays(datetime(2024, 3, 3, 12, tzinfo=UTC), 50, 2)))
    assert year.get("/wraps/2024").json()["totals"]["listens"] == 33
