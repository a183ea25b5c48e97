"""Every deeper question beside a plain computation over the same rows, in zones with odd clocks; and on nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from platform_api.core.settings import Settings
from tests.platform_api.analytics import reference
from tests.platform_api.analytics.reference import Heard
from tests.platform_api.analytics.test_answers import two_years
from tests.support.histories import bring_and_work, extended_zip
from tests.support.people import Listener

QUESTIONS = (
    "streaks", "sessions", "ways", "places", "discovery", "rediscovery", "obsessions", "milestones", "variety", "eras",
)  # fmt: skip
SPANS = {
    "all": (date.min, date.max),
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2024-W44": (date(2024, 10, 28), date(2024, 11, 3)),
    "2024-02-29": (date(2024, 2, 29), date(2024, 2, 29)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_empty_history_has_an_answer(listener: Listener, question: str) -> None:
    for span in ("all", "2024", "2024-W07", "last-7-days"):
        answer = listener.get(f"/analysis/{question}?span={span}")
        assert answer.status_code == 200, answer.text
    assert listener.get(f"/analysis/{question}?span=2024-W60").status_code == 422


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "America/New_York"])
def test_answers_equal_a_plain_computation(sign_in: Callable[..., Listener], settings: Settings, zone: str) -> None:
    rows = two_years(seed=5, plays=1200)
    listener = sign_in(f"asker-{zone[-3:].lower()}", time_zone=zone)
    bring_and_work(listener, settings, extended_zip(rows))
    plays = sorted(reference.heard(rows, zone), key=lambda play: play.start.astimezone(UTC))
    for span, (first, last) in SPANS.items():
        inside = reference.within(plays, first, last)
        told = {name: listener.get(f"/analysis/{name}?span={span}").json() for name in QUESTIONS}
        _check_streaks(told["streaks"], plays, first, last)
        _check_sessions(told["sessions"], plays, first, last)
        _check_ways(told["ways"], inside)
        _check_discovery(told["discovery"], plays, first, last)
        _check_comebacks(told["rediscovery"], plays, first, last)
        totals = listener.get(f"/analysis/totals?span={span}").json()
        assert told["ways"]["plays"] == sum(each["plays"] for each in told["places"]["devices"]) == totals["plays"]
        assert sum(each["ms_played"] for each in told["places"]["countries"]) == totals["ms_played"]
        assert sum(point["plays"] for point in told["ways"]["points"]) == totals["plays"]
        assert sum(point["skips"] for point in told["ways"]["points"]) == totals["skips"]
        assert sum(each["plays"] for each in told["ways"]["ended"]) == totals["plays"]
        assert sum(point["listens"] for point in told["variety"]["points"]) == totals["listens"]
        assert sum(point["listens"] for point in told["discovery"]["points"]) == totals["listens"]
        assert sum(point["new_tracks"] for point in told["discovery"]["points"]) == totals["first_listens"]
        assert told["discovery"]["tracks"]["new"] == totals["first_listens"]
        assert told["discovery"]["tracks"]["heard"] == told["variety"]["tracks"]["different"] == totals["tracks"]
        assert told["variety"]["artists"]["different"] == totals["artists"]
        assert told["eras"]["listens"] == totals["listens"]
        assert (told["eras"]["known"], told["eras"]["decades"]) == (0, [])


def _check_streaks(told: dict[str, Any], plays: list[Heard], first: date, last: date) -> None:
    longest = reference.longest_streak(plays, first, last)
    assert max((run["days"] for run in told["longest"]), default=0) == longest
    assert told["current"] is None
    runs: Counter[str] = Counter()
    for artist in {play.artist for play in plays}:
        own = [play for play in plays if play.artist == artist]
        runs[artist] = reference.longest_streak(own, first, last)
    assert sorted((run["days"] for run in told["artists"]), reverse=True) == sorted((+runs).values(), reverse=True)[:10]
    for run in told["artists"]:
        assert runs[run["artist"]["name"]] == run["days"]


def _check_sessions(told: dict[str, Any], plays: list[Heard], first: date, last: date) -> None:
    sessions: list[list[Heard]] = []
    end = None
    for play in plays:
        start = play.start.astimezone(UTC)  # two times of one zone would be compared by the clock on the wall
        if end is None or start - end > timedelta(minutes=30):
            sessions.append([])
        sessions[-1].append(play)
        ended = start + timedelta(milliseconds=play.ms_played)
        end = ended if end is None else max(end, ended)
    inside = [each for each in sessions if first <= each[0].start.date() <= last]
    assert told["count"] == len(inside)
    assert sum(band["sessions"] for band in told["lengths"]) == len(inside)
    hours = Counter(each[0].start.hour for each in inside)
    assert told["begins_by_hour"] == [hours[hour] for hour in range(24)]
    if inside:
        assert told["plays_per_session"] == pytest.approx(sum(map(len, inside)) / len(inside), abs=0.006)
        assert datetime.fromisoformat(told["longest"][0]["started_at"]) <= datetime.fromisoformat(
            told["longest"][0]["ended_at"]
        )


def _check_ways(told: dict[str, Any], inside: list[Heard]) -> None:
    skips, known = sum(play.is_skip for play in inside), sum(play.tells_skip for play in inside)
    assert told["skips"] == skips
    assert told["skip_share"] == (pytest.approx(skips / known, abs=1e-4) if known else None)
    completion = told["completion"]
    assert completion["known_length"] == 0
    assert completion["estimated_length"] + completion["unknown_length"] == len(inside)
    assert sum(completion["tenths"]) == completion["estimated_length"]


def _check_discovery(told: dict[str, Any], plays: list[Heard], first: date, last: date) -> None:
    for kind, field in (("tracks", "track"), ("artists", "artist")):
        before = {getattr(play, field) for play in plays if play.is_listen and play.start.date() < first}
        listens = [getattr(play, field) for play in reference.within(plays, first, last) if play.is_listen]
        new = [item for item in listens if item not in before]
        assert (told[kind]["heard"], told[kind]["new"]) == (len(set(listens)), len(set(new)))
        if listens:
            assert told[kind]["listens_share"] == pytest.approx(len(new) / len(listens), abs=1e-4)


def _check_comebacks(told: dict[str, Any], plays: list[Heard], first: date, last: date) -> None:
    silences: Counter[str] = Counter()
    for artist in {play.artist for play in plays}:
        days = sorted({play.start.date() for play in plays if play.artist == artist and play.is_listen})
        for before, after in pairwise(day for day in days if day <= last):
            since = [play for play in plays if play.artist == artist and play.is_listen
                     and after <= play.start.date() <= last]  # fmt: skip
            if after >= first and (after - before).days > 180 and len(since) >= 3:
                silences[artist] = max(silences[artist], (after - before).days - 1)
    expected = sorted(silences.values(), reverse=True)[:10]
    assert [each["silent_days"] for each in told["artists"]] == expected
