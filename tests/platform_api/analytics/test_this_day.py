"""The same day of earlier years, by hand: on the listener's clock, in leap years, without what is hidden."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from platform_api.db.session import Sessions
from platform_api.services.analytics import questions
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def ids(listener: Listener, sessions: Sessions) -> dict[str, int]:
    """In Prague the 17th of May begins at 22:00 UTC of the day before."""
    plays = [
        Heard("Mira", "A", at("2016-05-16 22:30")),
        Heard("Ola", "B", at("2016-05-17 10:00")),
        Heard("Ola", "B", at("2016-05-17 11:00")),
        Heard("Ola", "C", at("2019-05-17 23:00")),  # already the 18th
        Heard("Mira", "A", at("2020-05-17 10:00"), seconds=20),  # no listen
        Heard("Mira", "A", at("2022-05-17 10:00")),
        Heard("Mira", "A", at("2023-01-01 10:00")),
        Heard("Mira", "A", at("2024-05-17 08:00")),  # the year asked about is not an earlier one
    ]
    with sessions.begin() as session:
        return put_history(session, listener.id, plays)


def told(listener: Listener, day: str) -> list[dict[str, Any]]:
    answer = listener.get("/analysis/this-day", params={"day": day})
    assert answer.status_code == 200, answer.text
    assert answer.json()["day"] == day
    years: list[dict[str, Any]] = answer.json()["years"]
    return years


@pytest.mark.usefixtures("ids")
def test_each_earlier_year_with_a_listen(listener: Listener) -> None:
    latest, first = told(listener, "2024-05-17")
    assert (latest["day"], latest["years_ago"], latest["listens"]) == ("2022-05-17", 2, 1)
    assert (latest["new_tracks"], latest["found"]) == (0, [])
    assert (first["day"], first["years_ago"], first["listens"]) == ("2016-05-17", 8, 3)
    assert (first["first_track"]["name"], first["first_at"]) == ("A", "2016-05-16T22:30:00Z")
    assert (first["top_track"]["name"], first["top_listens"]) == ("B", 2)
    assert first["new_tracks"] == 2
    assert [(each["track"]["name"], each["listens"]) for each in first["found"]] == [("A", 4), ("B", 2)]


@pytest.mark.usefixtures("ids")
def test_another_zone_has_other_days(listener: Listener) -> None:
    listener.patch("/me", {"time_zone": "America/New_York"})
    years = told(listener, "2024-05-17")
    assert [(each["day"], each["listens"]) for each in years] == [
        ("2022-05-17", 1),
        ("2019-05-17", 1),
        ("2016-05-17", 2),
    ]
    assert [each["track"]["name"] for each in years[2]["found"]] == ["B"]


def test_a_hidden_artist_is_absent(listener: Listener, ids: dict[str, int]) -> None:
    mira = listener.get(f"/tracks/{ids['A']}").json()["artist"]["id"]
    assert listener.put(f"/hidden-artists/{mira}").status_code == 204
    (only,) = told(listener, "2024-05-17")
    assert (only["day"], only["first_track"]["name"], only["new_tracks"]) == ("2016-05-17", "B", 1)


def test_the_last_of_february_is_there_in_leap_years_only(listener: Listener, sessions: Sessions) -> None:
    days = ("2016-02-29", "2017-02-28", "2018-03-01", "2020-02-29")
    with sessions.begin() as session:
        put_history(session, listener.id, [Heard("Mira", "A", at(f"{day} 10:00")) for day in days])
    assert [each["day"] for each in told(listener, "2024-02-29")] == ["2020-02-29", "2016-02-29"]
    assert [each["day"] for each in told(listener, "2023-02-28")] == ["2017-02-28"]


@pytest.mark.usefixtures("ids")
def test_without_a_day_it_is_today(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    for today, years in ((date(2024, 5, 17), 2), (date(2024, 5, 18), 1), (date(2024, 5, 19), 0)):
        monkeypatch.setattr(questions, "today_of", lambda _, today=today: today)
        answer = listener.get("/analysis/this-day").json()
        assert (answer["day"], len(answer["years"])) == (str(today), years)


def test_nothing_where_there_is_nothing(listener: Listener) -> None:
    assert told(listener, "2024-05-17") == told(listener, "9999-12-31") == told(listener, "0001-01-01") == []
    assert listener.get("/analysis/this-day", params={"day": "2023-02-29"}).status_code == 422
