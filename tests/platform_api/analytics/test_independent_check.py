"""The product counts as benchmarks/independent_check.py counts, which shares no line with it: two packages of one
history, three spans, and the listener moves to another zone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks import independent_check
from platform_api.core.settings import Settings
from tests.platform_api.analytics.test_answers import two_years
from tests.support.histories import account_row, bring_and_work, extended_row, extended_zip, work, zipped
from tests.support.people import Listener

SPANS = ("all", "2024", "2024-02-20..2024-11-04")


def test_a_plain_script_finds_the_same(sign_in: Callable[..., Listener], settings: Settings, tmp_path: Path) -> None:
    extended = two_years(seed=21, plays=900)
    extended += list(extended[:40])  # exports repeat rows
    offline = datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    extended += [
        extended_row(offline + timedelta(days=3), 77, offline=True, offline_timestamp=int(offline.timestamp()) * 1000),
        extended_row(
            offline + timedelta(hours=2), 78, 250_000, spotify_track_uri=None, master_metadata_track_name=None
        ),
    ]
    # the second package tells the last plays of 2024 once more, to the minute, and some that only it knows
    told_again = [row for row in extended if row["ts"] > "2024-06" and row["ms_played"] and row["spotify_track_uri"]]
    account = [
        account_row(datetime.fromisoformat(row["ts"]), int(row["spotify_track_uri"][14:]), row["ms_played"])
        for row in told_again
    ]
    account += [account_row(datetime(2024, 8, 1, tzinfo=UTC) + timedelta(hours=5 * at), at % 9) for at in range(60)]
    files = {"Streaming_History_Audio_2024.json": extended, "StreamingHistory_music_0.json": account}
    for name, rows in files.items():
        (tmp_path / name).write_text(json.dumps(rows))
    listener = sign_in("checked", time_zone="Australia/Lord_Howe")
    bring_and_work(listener, settings, extended_zip(extended))
    bring_and_work(listener, settings, zipped({"MyData/StreamingHistory_music_0.json": account}))
    plays = independent_check.plays_of(tmp_path / name for name in files)

    def ask(path: str) -> object:
        return listener.get(path).json()

    for zone in ("Australia/Lord_Howe", "America/New_York"):
        listener.patch("/me", {"time_zone": zone})
        work(settings)
        for span in SPANS:
            mine = independent_check.told(plays, ZoneInfo(zone), *independent_check.days_of(span))
            assert mine.totals["plays"] > 300
            lines = list(independent_check.differences(ask, span, mine))
            assert [line for line in lines if not line.startswith("same")] == []
    wrong = independent_check.told(plays[1:], ZoneInfo("America/New_York"), *independent_check.days_of("all"))
    assert any(line.startswith("DIFFERENT") for line in independent_check.differences(ask, "all", wrong))


@pytest.mark.parametrize(
    ("span", "first", "last"), [("2024", "2024-01-01", "2024-12-31"), ("2024-02", "2024-02-01", "2024-02-29")]
)
def test_its_spans(span: str, first: str, last: str) -> None:
    assert [day.isoformat() for day in independent_check.days_of(span)] == [first, last]
