"""Who was number one when: by hand on the listener's clock, and beside the top lists that it must agree with."""

from datetime import UTC, datetime
from typing import Any

import pytest

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from tests.platform_api.analytics.test_answers import two_years
from tests.support.histories import bring_and_work, extended_zip
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def ids(listener: Listener, sessions: Sessions) -> dict[str, int]:
    """January is Mira's, February Ola's by listens and Mira's by time, in March both have one and Ola came first, April
    has a short play only, May is Ola's. Ola's first play is half an hour into February in Prague."""
    plays = [
        Heard("Mira", "A", at("2024-01-31 22:30"), album="Salt"),
        Heard("Ola", "B", at("2024-01-31 23:30")),
        Heard("Ola", "B", at("2024-02-10 10:00")),
        Heard("Mira", "A", at("2024-02-11 10:00"), seconds=1000, album="Salt"),
        Heard("Ola", "C", at("2024-03-05 10:00")),
        Heard("Mira", "A", at("2024-03-06 10:00"), album="Salt"),
        Heard("Mira", "A", at("2024-04-01 10:00"), seconds=20, album="Salt"),
        Heard("Ola", "C", at("2024-05-05 10:00")),
    ]
    with sessions.begin() as session:
        return put_history(session, listener.id, plays)


def told(listener: Listener, **params: str) -> dict[str, Any]:
    answer = listener.get("/analysis/leaders", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def reigns(answer: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [(each["name"], each["first_day"], each["last_day"], each["periods"]) for each in answer["reigns"]]


@pytest.mark.usefixtures("ids")
def test_months_by_listens(listener: Listener) -> None:
    answer = told(listener, span="2024")
    assert answer["periods"] == 4
    assert [(each["name"], each["periods"]) for each in answer["leaders"]] == [("Ola", 3), ("Mira", 1)]
    assert reigns(answer) == [
        ("Mira", "2024-01-01", "2024-01-31", 1),
        ("Ola", "2024-02-01", "2024-03-31", 2),
        ("Ola", "2024-05-01", "2024-05-31", 1),
    ]
    assert (answer["reigns"][1]["listens"], answer["reigns"][1]["share"]) == (3, 0.6)  # of 3 and 2


@pytest.mark.usefixtures("ids")
def test_months_by_time_count_short_plays_too(listener: Listener) -> None:
    assert reigns(told(listener, span="2024", by="time")) == [
        ("Mira", "2024-01-01", "2024-02-29", 2),
        ("Ola", "2024-03-01", "2024-03-31", 1),
        ("Mira", "2024-04-01", "2024-04-30", 1),
        ("Ola", "2024-05-01", "2024-05-31", 1),
    ]


@pytest.mark.usefixtures("ids")
def test_only_what_lies_in_the_span(listener: Listener) -> None:
    assert reigns(told(listener, span="2024-02-11..2024-03-05")) == [
        ("Mira", "2024-02-11", "2024-02-29", 1),
        ("Ola", "2024-03-01", "2024-03-05", 1),
    ]
    assert told(listener, span="2023")["reigns"] == []


def test_weeks_years_tracks_and_albums(listener: Listener, ids: dict[str, int]) -> None:
    weeks = told(listener, span="2024-02", unit="week")
    assert reigns(weeks) == [
        ("Ola", "2024-02-01", "2024-02-04", 1),  # the week from 29 January, as much as lies in February
        ("Mira", "2024-02-05", "2024-02-11", 1),  # one listen each; hers is longer
    ]
    assert reigns(told(listener, span="all", unit="year")) == [("Ola", "2024-01-31", "2024-05-05", 1)]
    (track,) = told(listener, span="2024-03", kind="tracks")["leaders"]
    assert (track["id"], track["name"], track["artist"]["name"], track["periods"]) == (ids["C"], "C", "Ola", 1)
    albums = told(listener, span="2024", kind="albums")
    assert (albums["periods"], [each["name"] for each in albums["leaders"]]) == (3, ["Salt"])


@pytest.mark.usefixtures("ids")
def test_another_zone_and_a_hidden_artist(listener: Listener) -> None:
    listener.patch("/me", {"time_zone": "America/New_York"})
    # Ola's first is January's there, second to Mira's; in February one each, and Mira's is longer
    assert reigns(told(listener, span="2024"))[0] == ("Mira", "2024-01-01", "2024-02-29", 2)
    mira = told(listener, span="2024-02")["leaders"][0]["id"]
    assert listener.put(f"/hidden-artists/{mira}").status_code == 204
    assert [each["name"] for each in told(listener, span="2024")["leaders"]] == ["Ola"]


@pytest.mark.parametrize(("kind", "by"), [("artists", "time"), ("tracks", "listens"), ("albums", "listens")])
def test_number_ones_are_first_in_their_top_lists(listener: Listener, settings: Settings, kind: str, by: str) -> None:
    bring_and_work(listener, settings, extended_zip(two_years(seed=3, plays=500)))
    answer = told(listener, span="2024", kind=kind, by=by)
    led = {day["first_day"][:7]: day["id"] for day in answer["reigns"]}
    assert led
    for month, id_ in led.items():
        (first,) = listener.get(f"/analysis/top/{kind}", params={"span": month, "by": by, "limit": 1}).json()["items"]
        assert first["id"] == id_


def test_an_empty_history_has_no_number_one(listener: Listener) -> None:
    answer = told(listener)
    assert (answer["periods"], answer["leaders"], answer["reigns"]) == (0, [], [])
    assert listener.get("/analysis/leaders", params={"span": "2024-13"}).status_code == 422
    assert listener.get("/analysis/leaders", params={"unit": "decade"}).status_code == 422
