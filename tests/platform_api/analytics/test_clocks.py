"""Clocks that jump, days that some zones do not share, a second that does not exist, a listener who moves: each play is
told once, and the days sum up to the total."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platform_api.core.settings import Settings
from tests.support.histories import bring_and_work, extended_row, extended_zip
from tests.support.people import Listener

CHANGES = {
    # zone: (the moment of the change, the local hours around it that are told, and how often the clock shows each)
    "Europe/Prague": [("2024-03-31T01:00Z", {1: 6, 3: 6}), ("2024-10-27T01:00Z", {2: 12})],
    "America/New_York": [("2024-03-10T07:00Z", {1: 6, 3: 6}), ("2024-11-03T06:00Z", {1: 12})],
    # half an hour: 02:00 becomes 02:30 in October and 01:30 in April
    "Australia/Lord_Howe": [("2024-10-05T15:30Z", {1: 6, 2: 3, 3: 3}), ("2024-04-06T15:00Z", {1: 9, 2: 3})],
}


def every_ten_minutes(change: datetime) -> list[dict[str, Any]]:
    """Twelve plays of no length, from an hour before the change to ten minutes before an hour after it."""
    return [extended_row(change + timedelta(minutes=at), at, 0) for at in range(-60, 60, 10)]


@pytest.mark.parametrize("zone", CHANGES)
def test_a_night_when_the_clock_jumps(sign_in: Callable[..., Listener], settings: Settings, zone: str) -> None:
    listener = sign_in(f"night-{zone[-4:].lower().replace('_', '')}", time_zone=zone)
    changes = [(datetime.fromisoformat(moment), hours) for moment, hours in CHANGES[zone]]
    rows = [
        {**row, "ms_played": 30_000, "ts": moved(row["ts"], 30)}
        for change, _ in changes
        for row in every_ten_minutes(change)
    ]
    bring_and_work(listener, settings, extended_zip(rows))
    total = listener.get("/analysis/totals?span=all").json()
    assert total["plays"] == total["listens"] == 24
    for change, hours in changes:
        around = f"{change.date() - timedelta(days=1)}..{change.date() + timedelta(days=1)}"
        cells = listener.get(f"/analysis/clock?span={around}").json()["cells"]
        told: dict[int, int] = {}
        for cell in cells:
            if cell["listens"]:
                told[cell["hour"]] = told.get(cell["hour"], 0) + cell["listens"]
        assert told == hours, change
        days = listener.get(f"/analysis/calendar?span={around}").json()["days"]
        assert sum(day["listens"] for day in days) == 12
        # half an hour of silence is measured by the moments, not by the clock on the wall
        assert listener.get(f"/analysis/sessions?span={around}").json()["count"] == 1


def moved(ts: str, seconds: int) -> str:
    moment = datetime.fromisoformat(ts) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_listener_moves_around_the_world(sign_in: Callable[..., Listener], settings: Settings) -> None:
    """One hour before midnight UTC of 29 February, of New Year and of the second 23:59:60: the day differs by zone, the
    total does not, and it is right at once."""
    listener = sign_in("mover", time_zone="UTC")
    ends = ["2024-02-28T23:30:00Z", "2024-02-29T12:00:00Z", "2024-02-29T23:30:00Z", "2016-12-31T23:59:60Z"]
    rows = [extended_row(datetime(2024, 1, 1, tzinfo=UTC), at, 60_000) | {"ts": ts} for at, ts in enumerate(ends)]
    ledger = bring_and_work(listener, settings, extended_zip(rows))
    assert ledger["totals"]["accepted"] == 4
    expected = {
        "UTC": {"2016-12-31": 1, "2024-02-28": 1, "2024-02-29": 2},
        "Pacific/Kiritimati": {"2017-01-01": 1, "2024-02-29": 1, "2024-03-01": 2},  # UTC+14
        "Etc/GMT+12": {"2016-12-31": 1, "2024-02-28": 2, "2024-02-29": 1},  # UTC−12
        "Etc/GMT-14": {"2017-01-01": 1, "2024-02-29": 1, "2024-03-01": 2},  # UTC+14
        "Asia/Kathmandu": {"2017-01-01": 1, "2024-02-29": 2, "2024-03-01": 1},
    }
    for zone, days in expected.items():
        listener.patch("/me", {"time_zone": zone})
        told = listener.get("/analysis/calendar?span=all").json()["days"]
        assert {day["day"]: day["listens"] for day in told} == days, zone
        assert listener.get("/analysis/totals?span=all").json()["plays"] == 4
        spans = [f"{first}..{first}" for first in days]
        assert sum(listener.get(f"/analysis/totals?span={span}").json()["plays"] for span in spans) == 4
    assert listener.get("/analysis/totals?span=2024-02-29").json()["plays"] == 2
    assert listener.get("/analysis/totals?span=2023-02-29").status_code == 422


def test_a_span_beside_another(listener: Listener, settings: Settings) -> None:
    """A week beside the week before, across the turn of a year and a clock change; and beside any other span."""
    rows = [extended_row(datetime(2024, 3, 30, 12, tzinfo=UTC) + timedelta(days=at), at % 3) for at in range(-10, 12)]
    rows.append(extended_row(datetime(2020, 12, 1, 12, tzinfo=UTC)))
    bring_and_work(listener, settings, extended_zip(rows))
    week = listener.get("/analysis/totals?span=2024-W14").json()
    assert (week["span"]["first_day"], week["span"]["last_day"], week["plays"]) == ("2024-04-01", "2024-04-07", 7)
    assert (week["previous_span"]["text"], week["previous"]["plays"]) == ("2024-W13", 7)
    other = listener.get("/analysis/totals?span=2024-W14&against=2024-03-20..2024-03-22").json()
    assert (other["previous_span"]["text"], other["previous"]["plays"]) == ("2024-03-20..2024-03-22", 3)
    top = listener.get("/analysis/top/tracks?span=2024-04-01..2024-04-02&against=2024-03-20").json()
    assert top["previous_span"]["text"] == "2024-03-20"
    assert [item["previous_rank"] for item in top["items"]].count(1) <= 1
    everything = listener.get("/analysis/totals?span=all&against=2024-03").json()
    assert everything["previous"]["plays"] == 12
    assert listener.get("/analysis/totals?span=2024&against=soon").status_code == 422
    assert listener.get("/analysis/totals?span=2020-W54").status_code == 422
    assert listener.get("/analysis/totals?span=2020-W53").json()["previous_span"]["text"] == "2020-W52"
