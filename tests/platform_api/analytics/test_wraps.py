"""A wrap tells what happened: each of its facts in a history made for it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.services.analytics import questions
from platform_api.services.analytics.discoveries import rediscovery
from platform_api.services.analytics.ways import ways
from platform_api.services.wraps import build_wrap, shown
from platform_api.services.wraps.words import title
from tests.support.histories import bring_and_work, extended_row, extended_zip, new_user
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history


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


def on_days(artist: str, title: str, first: date, days: int, times: int = 1) -> list[Heard]:
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    return [
        Heard(artist, title, noon + timedelta(days=day, minutes=5 * at)) for day in range(days) for at in range(times)
    ]


def test_seven_days_of_an_obsession_lie_within_the_span(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine listens in the last three days of a year: the seven days end with it, not in a year that nobody told."""
    user = new_user(session)
    plays = [*on_days("Mira Sol", "Fog", date(2024, 12, 29), 3, 3), *on_days("Nina", "Salt", date(2024, 2, 1), 200)]
    put_history(session, user.id, plays)
    found = build_wrap(session, user, "2024").burst
    assert found is not None
    assert (found.track.name, found.first_day, found.listens) == ("Fog", date(2024, 12, 25), 9)
    monkeypatch.setattr(questions, "today_of", lambda _: date(2024, 12, 30))
    running = build_wrap(session, user, "2024")
    assert running.burst is not None
    assert running.burst.first_day == date(2024, 12, 24), "the seven days until today"
    assert running.phases[-1].last_day == date(2024, 12, 30)
    monkeypatch.setattr(questions, "today_of", lambda _: date(2024, 2, 10))
    assert build_wrap(session, user, "2024-02").burst is None, "ten days have no week that stands out"


def test_a_comeback_and_a_track_skipped_again_are_the_same_everywhere(session: Session) -> None:
    """They are told by the wrap and on the pages of questions, and once meant two things each."""
    user = new_user(session)
    plays = [
        *on_days("Mira Sol", "Fog", date(2024, 1, 3), 4),
        *on_days("Mira Sol", "Fog", date(2024, 9, 3), 4),
        *on_days("Nina", "Salt", date(2023, 10, 1), 4),
        *on_days("Nina", "Salt", date(2024, 1, 10), 4),
    ]
    skipped = [Heard("Tin", "Once", datetime(2024, 5, 1, at, tzinfo=UTC), 4, skipped=True) for at in range(2)]
    put_history(session, user.id, [*plays, *skipped])
    wrap, span = build_wrap(session, user, "2024"), questions.resolve(session, user, "2024")
    beside = rediscovery(session, user, span)
    told = [(one.artist and one.artist.name, one.silent_days, one.back_on, one.listens) for one in wrap.comebacks]
    assert told == [(one.artist.name, one.silent_days, one.back_on, one.listens) for one in beside.artists]
    assert told == [("Mira Sol", 240, date(2024, 9, 3), 4)]
    assert (wrap.most_skipped, ways(session, user, span).most_skipped) == (None, []), (
        "two skips are not again and again"
    )


def test_what_is_kept_of_a_year_that_ran_says_until_when(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    user = new_user(session)
    put_history(session, user.id, on_days("Nina", "Salt", date(2024, 2, 1), 20))
    for today, told in ((date(2024, 11, 12), "2024, until 12 Nov, as"), (date(2025, 1, 1), "2024, as")):
        monkeypatch.setattr(questions, "today_of", lambda _, today=today: today)
        assert title(shown(build_wrap(session, user, "2024"), ["artists"], None)).startswith(told)
    assert title(shown(build_wrap(session, user, "all"), ["artists"], None)).startswith(
        "All time, until 1 Jan 2025, as"
    )
