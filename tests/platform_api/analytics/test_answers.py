"""What the analysis endpoints answer, against plain Python over the same rows, in several zones and spans."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from platform_api.core.settings import Settings
from tests.platform_api.analytics import reference
from tests.support.histories import bring_and_work, extended_row, extended_zip, work
from tests.support.people import Listener

ZONES = ["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"]
SPANS = {
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2024-03": (date(2024, 3, 1), date(2024, 3, 31)),
    "2024-10-20..2024-11-05": (date(2024, 10, 20), date(2024, 11, 5)),
}


def two_years(seed: int, plays: int = 1500) -> list[dict[str, Any]]:
    """Plays all over 2023 and 2024, thick around the nights in which clocks change."""
    chance = random.Random(seed)
    nights = [datetime(2024, month, day, tzinfo=UTC) for month, day in [(3, 10), (3, 31), (4, 6), (10, 27), (11, 3)]]
    rows = []
    for _ in range(plays):
        if chance.random() < 0.3:
            end = chance.choice(nights) + timedelta(seconds=chance.randrange(-40_000, 90_000))
        else:
            end = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(730 * 86_400))
        track = min(int(chance.expovariate(0.05)), 200)
        ms_played = chance.choice([0, 12_000, 29_999, 30_000, 180_000, 240_000])
        ends = {
            "reason_end": chance.choice(["trackdone", "fwdbtn", None]),
            "skipped": chance.choice([True, False, None]),
        }
        rows.append(extended_row(end, track, ms_played, **ends))
    return rows


@pytest.mark.parametrize("zone", ZONES)
def test_answers_equal_a_plain_computation(sign_in: Callable[..., Listener], settings: Settings, zone: str) -> None:
    rows = two_years(seed=ZONES.index(zone))
    listener = sign_in(f"listener-{ZONES.index(zone)}", time_zone=zone)
    bring_and_work(listener, settings, extended_zip(rows))
    plays = reference.heard(rows, zone)
    for span, (first, last) in SPANS.items():
        expected = reference.totals(plays, first, last)
        totals = listener.get(f"/analysis/totals?span={span}").json()
        assert {name: totals[name] for name in expected} == expected
        cells = listener.get(f"/analysis/clock?span={span}").json()["cells"]
        assert len(cells) == 168
        filled = Counter({(cell["weekday"], cell["hour"]): cell["ms_played"] for cell in cells})
        assert +filled == +reference.clock(plays, first, last)
        for kind, field in {"tracks": "track", "artists": "artist"}.items():
            _check_ranking(listener, kind, span, reference.time_by(plays, field, first, last))
        days = listener.get(f"/analysis/calendar?span={span}").json()["days"]
        by_day = {day["day"]: day["ms_played"] for day in days}
        assert by_day == dict(reference.time_by(plays, "day", first, last))
        assert sum(by_day.values()) == expected["ms_played"]
        streak = listener.get(f"/wraps/{span}").json()["longest_streak"]
        assert streak["days"] == reference.longest_streak(plays, first, last)


def _check_ranking(listener: Listener, kind: str, span: str, expected: Counter[str]) -> None:
    top = listener.get(f"/analysis/top/{kind}?span={span}&by=time&limit=200").json()
    assert [item["rank"] for item in top["items"]] == list(range(1, len(top["items"]) + 1))
    assert [item["ms_played"] for item in top["items"]] == sorted((+expected).values(), reverse=True)[:200]
    assert top["total"] == len(+expected)
    if kind == "artists":
        assert {item["name"]: item["ms_played"] for item in top["items"]} == +expected


def test_sums_by_day_by_artist_and_in_total_agree(listener: Listener, settings: Settings) -> None:
    bring_and_work(listener, settings, extended_zip(two_years(seed=9, plays=600)))
    total = listener.get("/analysis/totals?span=all").json()
    for span in ("all", f"{total['span']['first_day']}..{total['span']['last_day']}"):
        artists = listener.get(f"/analysis/top/artists?span={span}&by=time&limit=200").json()["items"]
        tracks = listener.get(f"/analysis/top/tracks?span={span}&by=time&limit=200").json()["items"]
        months = listener.get(f"/analysis/timeline?span={span}").json()["points"]
        days = listener.get(f"/analysis/calendar?span={span}").json()["days"]
        for parts in (artists, tracks, months, days):
            assert sum(part["ms_played"] for part in parts) == total["ms_played"]
            assert sum(part["listens"] for part in parts) == total["listens"]


def test_ranks_are_compared_with_the_span_before(listener: Listener, settings: Settings) -> None:
    january, february = datetime(2024, 1, 10, 12, tzinfo=UTC), datetime(2024, 2, 10, 12, tzinfo=UTC)
    rows = [extended_row(january + timedelta(minutes=5 * at), track) for at, track in enumerate([1, 1, 2])]
    rows += [extended_row(february + timedelta(minutes=5 * at), track) for at, track in enumerate([2, 2, 2, 3, 3, 1])]
    rows.append(extended_row(january - timedelta(days=20), 9))  # all of January is known
    bring_and_work(listener, settings, extended_zip(rows))
    items = listener.get("/analysis/top/tracks?span=2024-02").json()["items"]
    assert [(item["name"], item["rank"], item["previous_rank"]) for item in items] == [
        ("Song 2", 1, 2),
        ("Song 3", 2, None),
        ("Song 1", 3, 1),
    ]
    totals = listener.get("/analysis/totals?span=2024-02").json()
    assert (totals["listens"], totals["previous"]["listens"], totals["first_listens"]) == (6, 3, 1)


def test_spoken_plays_are_told_apart(listener: Listener, settings: Settings) -> None:
    end = datetime(2024, 5, 1, 12, tzinfo=UTC)
    episode = extended_row(
        end, 1, 600_000, master_metadata_track_name=None, master_metadata_album_artist_name=None,
        master_metadata_album_album_name=None, spotify_track_uri=None, episode_name="Part one",
        episode_show_name="A show", spotify_episode_uri=f"spotify:episode:{1:022d}",
    )  # fmt: skip
    bring_and_work(listener, settings, extended_zip([episode, extended_row(end + timedelta(hours=1))]))
    totals = listener.get("/analysis/totals?span=2024").json()
    assert (totals["plays"], totals["ms_played"]) == (1, 200_000)
    assert totals["spoken"] == {"plays": 1, "ms_played": 600_000, "minutes": 10}
    assert listener.get("/analysis/top/artists?span=all").json()["total"] == 1
    assert [play["kind"] for play in listener.get("/plays").json()["items"]] == ["song", "episode"]


def test_plays_page_by_page_are_each_play_once(listener: Listener, settings: Settings) -> None:
    same_start = [extended_row(datetime(2024, 5, 1, 12, tzinfo=UTC), track) for track in range(7)]
    bring_and_work(listener, settings, extended_zip(same_start))
    seen, before = [], ""
    while True:
        page = listener.get(f"/plays?limit=3{before}").json()
        seen += [item["track"]["name"] for item in page["items"]]
        if page["next_before"] is None:
            break
        before = f"&before={page['next_before'].replace('+', '%2B')}"
    assert sorted(seen) == [f"Song {track}" for track in range(7)]


def test_an_empty_history_has_answers_too(listener: Listener) -> None:
    assert listener.get("/analysis/spans").json() == {"first_day": None, "last_day": None, "years": [], "months": []}
    assert listener.get("/analysis/totals").json()["plays"] == 0
    top = listener.get("/analysis/top/albums?span=2024").json()
    assert (top["items"], top["total"]) == ([], 0)
    assert listener.get("/analysis/clock?span=2024").json()["peak"] is None
    assert listener.get("/plays").json() == {"items": [], "next_before": None}
    wrap = listener.get("/wraps/2024").json()
    assert wrap["peak_day"] is None
    assert wrap["totals"]["plays"] == 0


@pytest.mark.parametrize("path", ["/analysis/totals?span=soon", "/analysis/top/tracks?span=2024-13", "/wraps/never"])
def test_what_is_no_span_is_refused(listener: Listener, path: str) -> None:
    answer = listener.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_another_zone_moves_days(listener: Listener, settings: Settings) -> None:
    late = extended_row(datetime(2024, 5, 31, 23, 0, tzinfo=UTC))
    bring_and_work(listener, settings, extended_zip([late]))
    assert listener.get("/analysis/totals?span=2024-06").json()["plays"] == 1
    listener.patch("/me", {"time_zone": "America/New_York"})
    work(settings)
    assert listener.get("/analysis/totals?span=2024-06").json()["plays"] == 0
    assert listener.get("/analysis/totals?span=2024-05").json()["plays"] == 1
    assert listener.get("/analysis/top/artists?span=2024-05").json()["total"] == 1
