"""Each definition of docs/analytics.md by hand, on histories small enough to count on one's fingers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import grooves
from platform_api.db.session import Sessions
from platform_api.models.listening import LISTEN_MS
from platform_api.services.analytics import discoveries, obsessions, questions, rhythm, ways
from platform_api.services.analytics.milestones import rounds
from platform_api.services.analytics.obsessions import Rule, stretches
from platform_api.services.analytics.runs import item_days, runs_of
from platform_api.services.analytics.spans import Span
from platform_api.services.analytics.variety import spread
from platform_api.utils.clock import utc_now
from tests.support.histories import bring, bring_and_work, extended_row, extended_zip, new_user, work, write_rows
from tests.support.people import Listener

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_gini_and_entropy_by_hand() -> None:
    even = spread(np.array([5, 5, 0, 5, 5]))
    assert (even.different, even.gini, even.entropy_bits, even.effective, even.evenness) == (4, 0.0, 2.0, 4.0, 1.0)
    assert (even.top_share, even.top_ten_share, even.half) == (0.25, 1.0, 2)
    # Gini of 1, 3: half the mean difference over the mean: (2/2)/4; shares 1/4 and 3/4 hold 0.8113 bits
    uneven = spread(np.array([3, 1]))
    assert (uneven.gini, uneven.entropy_bits, uneven.effective, uneven.half) == (0.25, 0.8113, 1.75, 1)
    one = spread(np.array([7]))
    assert (one.gini, one.entropy_bits, one.effective, one.evenness, one.half) == (0.0, 0.0, 1.0, None, 1)
    assert spread(np.array([0])).gini is None


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60))
def test_what_is_true_of_every_spread(counts: list[int]) -> None:
    told = spread(np.array(counts))
    assert told.gini is not None
    assert told.effective is not None
    assert 0 <= told.gini < 1
    assert 1 <= told.effective <= len(counts) + 0.01
    assert 1 <= told.half <= len(counts)
    doubled = spread(np.array(counts + counts))
    assert doubled.gini == pytest.approx(told.gini, abs=1e-3)  # twice the same crowd is as unequal
    assert doubled.effective == pytest.approx(2 * told.effective, abs=0.02)  # and twice as varied


def test_stretches_by_hand() -> None:
    """Item 0 three times on days 10, 12 and 16 (within seven days), twice on 30; item 1 once a day."""
    item = np.array([0, 0, 0, 0, 0, *[1] * 30])
    day = np.array([10, 12, 16, 30, 30, *range(5, 35)])
    (first, everyday) = sorted(stretches(item, day, Rule(3, 0.1)))
    assert (first.first_day, first.last_day, first.listens) == (10, 16, 3)
    assert first.share == pytest.approx(3 / 10)
    assert (everyday.first_day, everyday.last_day, everyday.listens) == (5, 34, 30)
    assert stretches(item, day, Rule(3, 0.9)) == []
    assert [each.item for each in stretches(item, day, Rule(4, 0.1))] == [1]
    assert stretches(item[:0], day[:0], Rule(3, 0.1)) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=60))
def test_runs_are_what_counting_finds(pairs: list[tuple[int, int]]) -> None:
    runs = runs_of(item_days([item for item, _ in pairs], [day for _, day in pairs]))
    found = set(zip(runs.item.tolist(), runs.first_day.tolist(), runs.last_day.tolist(), strict=True))
    known = set(pairs)
    expected = set()
    for item, day in known:
        if (item, day - 1) not in known:
            last = day
            while (item, last + 1) in known:
                last += 1
            expected.add((item, day, last))
    assert found == expected
    longest: dict[int, tuple[int, int]] = {}
    for item, first, last in expected:
        longest[item] = max(longest.get(item, (0, 0)), (last - first + 1, last))
    told = runs.longest_of_each()
    assert list(zip(told.days.tolist(), told.last_day.tolist(), strict=True)) == sorted(longest.values(), reverse=True)


@pytest.mark.parametrize(
    ("reached", "numbers"),
    [(0, [100]), (99, [100]), (100, [100, 500]), (5_000, [100, 500, 1000, 5000, 10_000]),
     (20_001, [100, 500, 1000, 5000, 10_000, 20_000, 30_000])],
)  # fmt: skip
def test_round_numbers(reached: int, numbers: list[int]) -> None:
    assert rounds(reached) == numbers


def test_sessions_by_hand(listener: Listener, settings: Settings) -> None:
    """Three plays with gaps of 29:59 and 30:00 (still one session), a fourth 30:01 later; one within another's end."""
    ends = [NOON]
    for gap in (timedelta(minutes=29, seconds=59), timedelta(minutes=30), timedelta(minutes=30, seconds=1)):
        ends.append(ends[-1] + gap + timedelta(seconds=200))
    rows = [extended_row(end, at) for at, end in enumerate(ends)]
    rows.append(extended_row(ends[-1] + timedelta(minutes=1), 9, 30_000))
    bring_and_work(listener, settings, extended_zip(rows))
    told = listener.get("/analysis/sessions?span=2024").json()
    assert (told["count"], told["gap_minutes"], told["plays_per_session"]) == (2, 30, 2.5)
    longest = told["longest"][0]
    assert (longest["plays"], longest["minutes"]) == (3, 69)  # 3 × 200 s and 59:59 between
    assert (longest["first_track"]["name"], longest["last_track"]["name"]) == ("Song 0", "Song 2")
    assert [band["sessions"] for band in told["lengths"]] == [1, 0, 0, 1, 0, 0]
    assert (told["begins_by_hour"][13], told["begins_by_hour"][15]) == (1, 1)  # 13:56 and 15:26 in Prague
    assert told["begins_by_weekday"] == [0, 0, 2, 0, 0, 0, 0]


def test_lengths_are_known_or_estimated_or_said_to_be_unknown(
    listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    """Song 1: two plays agree on 200 s. Song 2: one play, nothing agrees. Song 3: the catalogue says 400 s."""
    lengths = {1: [200_000, 198_000, 100_000, 4_000], 2: [150_000], 3: [200_000]}
    rows = [
        extended_row(NOON + timedelta(minutes=10 * at), track, ms)
        for at, (track, ms) in enumerate((track, ms) for track, each in lengths.items() for ms in each)
    ]
    bring_and_work(listener, settings, extended_zip(rows))
    with sessions.begin() as session:
        session.execute(text("UPDATE tracks SET duration_ms = 400000 WHERE name = 'Song 3'"))
    told = listener.get("/analysis/ways?span=2024").json()["completion"]
    assert (told["known_length"], told["estimated_length"], told["unknown_length"]) == (1, 4, 1)
    assert (told["finished"], told["finished_share"]) == (2, 0.4)
    assert told["mean_share"] == pytest.approx((1 + 0.99 + 0.5 + 0.02 + 0.5) / 5, abs=1e-4)
    assert told["tenths"] == [1, 0, 0, 0, 0, 2, 0, 0, 0, 2]


def test_eras_tell_what_is_known(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    rows = [extended_row(NOON + timedelta(minutes=5 * at), track) for at, track in enumerate([1, 1, 1, 6, 11])]
    bring_and_work(listener, settings, extended_zip(rows))
    nothing = listener.get("/analysis/eras?span=2024").json()
    assert (nothing["known"], nothing["median_year"], nothing["oldest"]) == (0, None, None)
    assert "known yet" in nothing["note"]
    with sessions.begin() as session:
        session.execute(text("UPDATE albums SET release_date = '1994-06-01' WHERE name = 'Album 0'"))
        session.execute(text("UPDATE albums SET release_date = '2004-06-01' WHERE name = 'Album 1'"))
        session.execute(text("UPDATE users SET data_version = data_version + 1"))
    told = listener.get("/analysis/eras?span=2024").json()
    assert (told["known"], told["known_share"], told["note"], told["median_year"]) == (4, 0.8, None, 1994)
    assert [(each["decade"], each["listens"], each["share"]) for each in told["decades"]] == [
        (1990, 3, 0.75),
        (2000, 1, 0.25),
    ]
    assert (told["oldest"]["name"], told["newest"]["name"], told["median_age_years"]) == ("Song 1", "Song 6", 30.0)


def test_milestones_by_hand(listener: Listener, settings: Settings) -> None:
    """120 listens of 200 s of 7 tracks: the first and the hundredth; 6 whole hours, so no hundredth hour yet."""
    rows = [extended_row(NOON + timedelta(minutes=5 * at), at % 7) for at in range(120)]
    bring_and_work(listener, settings, extended_zip(rows))
    told = listener.get("/analysis/milestones?span=all").json()
    assert [(each["kind"], each["number"], each["track"]["name"]) for each in told["items"]] == [
        ("first_listen", 1, "Song 0"),
        ("listens", 100, "Song 1"),
    ]
    assert {each["kind"]: (each["reached"], each["number"]) for each in told["upcoming"]} == {
        "listens": (120, 500), "hours": (6, 100), "tracks": (7, 100), "artists": (1, 100),
    }  # fmt: skip
    assert listener.get("/analysis/milestones?span=2023").json()["items"] == []


def test_comebacks_and_what_was_forgotten(listener: Listener, settings: Settings) -> None:
    """Song 1 (artist 0): silent for 200 days, back three times. Song 11 (artist 1): ten times, then never again."""
    year_before = NOON - timedelta(days=400)
    rows = [extended_row(year_before + timedelta(hours=at), 11) for at in range(10)]
    rows += [extended_row(NOON - timedelta(days=201), 1)]
    rows += [extended_row(NOON + timedelta(hours=at), 1) for at in range(3)]
    bring_and_work(listener, settings, extended_zip(rows))
    told = listener.get("/analysis/rediscovery?span=2024").json()
    back = [(each["track"]["name"], each["silent_days"], each["back_on"], each["listens"]) for each in told["tracks"]]
    assert back == [("Song 1", 200, "2024-05-01", 3)]
    assert [each["artist"]["name"] for each in told["artists"]] == ["Artist 0"]
    forgotten = [(each["track"]["name"], each["listens"], each["last_day"]) for each in told["forgotten_tracks"]]
    assert forgotten == [("Song 11", 10, "2023-03-28")]
    assert told["forgotten_since"] == "2023-05-03"


def test_the_page_that_tells_what_numbers_mean_has_the_numbers_of_the_code() -> None:
    told = (Path(__file__).parents[3] / "frontend/src/features/meanings/meanings.ts").read_text()
    for words in (
        f"at least {LISTEN_MS // 1000} seconds",
        f"at most {rhythm.GAP_MINUTES} minutes of silence",
        f"at least {discoveries.SILENCE_DAYS} days and then had {discoveries.COMEBACK_LISTENS} listens",
        f"At least {discoveries.FAVOURITE_LISTENS} listens once",
        f"none in the last {discoveries.FORGOTTEN_DAYS} days",
        f"had {obsessions.TRACK.listens} listens within a week",
        f"it takes {obsessions.ARTIST.listens} listens and a third",
        f"{ways.FINISHED:.0%}".replace("%", " %"),
    ):
        assert words in told, words
    assert (obsessions.WINDOW_DAYS, obsessions.TRACK.share, round(1 / obsessions.ARTIST.share)) == (7, 0.1, 3)


def test_a_streak_that_lives_is_told(listener: Listener, settings: Settings) -> None:
    today = utc_now().astimezone(ZoneInfo(listener.account["time_zone"]))
    yesterday = today.replace(hour=12) - timedelta(days=1)
    bring_and_work(listener, settings, extended_zip([extended_row(yesterday - timedelta(days=at)) for at in range(3)]))
    told = listener.get("/analysis/streaks").json()
    assert told["current"]["days"] == told["longest"][0]["days"] == 3
    assert [run["days"] for run in told["tracks"]] == [3]


def test_answers_are_right_the_moment_a_batch_commits(session: Session) -> None:
    """In the very transaction that stores the plays, before any job has run: a question finds them."""
    user = new_user(session)
    span = Span("2024", "year", date(2024, 1, 1), date(2024, 12, 31))
    assert questions.numbers(session, user, span).plays == 0
    write_rows(session, user.id, [extended_row(NOON + timedelta(minutes=5 * at), at % 4) for at in range(50)])
    assert questions.numbers(session, user, span).plays == 50
    packed = session.scalar(text("SELECT sum(length(plays)) / 18 FROM grooves WHERE user_id = :id"), {"id": user.id})
    assert packed == grooves.count(session, user.id) == 50


def test_an_import_that_runs_is_told_as_far_as_it_is(listener: Listener, settings: Settings) -> None:
    """Nothing before the worker ran; everything with its last commit, from the cache too."""
    began = bring(listener, extended_zip([extended_row(NOON + timedelta(minutes=5 * at), at) for at in range(20)]))
    before: dict[str, Any] = listener.get("/analysis/totals?span=2024").json()
    work(settings)
    after = listener.get("/analysis/totals?span=2024").json()
    assert (before["plays"], after["plays"], after["previous"]) == (0, 20, None)
    listener.delete(f"/imports/{began['id']}")
    work(settings)
    assert listener.get("/analysis/totals?span=2024").json()["plays"] == 0
