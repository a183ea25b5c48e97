"""The pages of a track, an artist and an album within a span, by hand, on the listener's clock; what stays all-time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from platform_api.db.session import Sessions
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def ids(listener: Listener, sessions: Sessions) -> dict[str, int]:
    """Mira: once in 2022, then three times around the midnight that begins April in Prague (22:00 UTC) and after. Ola:
    three times in April."""
    plays = [
        Heard("Mira", "It", at("2022-05-01 10:00"), album="Salt"),
        Heard("Mira", "It", at("2023-03-31 21:30"), album="Salt"),
        Heard("Mira", "It", at("2023-03-31 22:30"), album="Salt"),
        Heard("Mira", "Other", at("2023-04-02 10:00")),
        Heard("Mira", "Other", at("2023-04-02 11:00"), seconds=20, skipped=True),
        *(Heard("Ola", "Most", at(f"2023-04-{day} 10:00")) for day in (10, 11, 12)),
    ]
    with sessions.begin() as session:
        return put_history(session, listener.id, plays)


def artist_of(listener: Listener, track_id: int) -> int:
    artist: int = listener.get(f"/tracks/{track_id}").json()["artist"]["id"]
    return artist


def told(listener: Listener, path: str, span: str) -> dict[str, Any]:
    answer = listener.get(path, params={"span": span})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_numbers_tracks_and_charts_are_of_the_span(listener: Listener, ids: dict[str, int]) -> None:
    page = f"/artists/{artist_of(listener, ids['It'])}"
    april = told(listener, page, "2023-04")
    assert (april["plays"], april["listens"], april["skips"], april["ms_played"]) == (3, 2, 1, 420_000)
    assert [(day["day"], day["plays"], day["listens"]) for day in april["days"]] == [
        ("2023-04-01", 1, 1),
        ("2023-04-02", 2, 1),
    ]
    assert [(month["month"], month["listens"]) for month in april["months"]] == [("2023-04-01", 2)]
    assert {each["track"]["name"]: each["listens"] for each in april["tracks"]} == {"It": 1, "Other": 1}
    year = told(listener, page, "2023")
    assert [(month["month"], month["listens"]) for month in year["months"]] == [("2023-03-01", 1), ("2023-04-01", 2)]
    assert (year["listens"], year["days"]) == (3, [])
    assert told(listener, page, "all")["listens"] == listener.get(page).json()["listens"] == 4
    track = told(listener, f"/tracks/{ids['It']}", "2023-04-01")
    assert (track["listens"], [day["day"] for day in track["days"]]) == (1, ["2023-04-01"])
    album = told(listener, f"/albums/{track['album']['id']}", "2023-03")
    assert (album["listens"], [each["listens"] for each in album["tracks"]]) == (1, [1])


def test_first_and_last_are_of_all_time(listener: Listener, ids: dict[str, int]) -> None:
    for path in (f"/tracks/{ids['It']}", f"/artists/{artist_of(listener, ids['It'])}"):
        assert told(listener, path, "2023-04")["first_played_at"] == "2022-05-01T10:00:00Z"
        silent = told(listener, path, "2021")
        assert (silent["plays"], silent["months"], silent["first_played_at"]) == (0, [], "2022-05-01T10:00:00Z")


def test_the_story_of_a_span(listener: Listener, ids: dict[str, int]) -> None:
    page = f"/artists/{artist_of(listener, ids['It'])}/story"
    april, march, ever = (told(listener, page, span) for span in ("2023-04", "2023-03", "all"))
    assert (april["rank"], april["overall_rank"], ever["rank"]) == (2, 1, 1)
    assert [(year["year"], year["listens"]) for year in april["years"]] == [(2022, 1), (2023, 3)]
    assert april["first"]["listen"]["started_at"] == "2022-05-01T10:00:00Z"
    assert april["longest_streak"] == {"days": 2, "first_day": "2023-04-01", "last_day": "2023-04-02"}
    assert sum(cell["listens"] for cell in april["week"]) == 2
    assert april["skip_share"] == pytest.approx(1 / 3, abs=1e-4)
    assert [each["silent_days"] for each in march["comebacks"]] == [333]  # 2 May 2022 to 30 March 2023
    assert april["comebacks"] == []
    assert len(ever["comebacks"]) == 1
    assert [each["album"]["name"] for each in march["albums"]] == ["Salt"]
    nothing = told(listener, page, "2021")
    assert (nothing["rank"], nothing["overall_rank"], nothing["peak"], nothing["skip_share"]) == (None, 1, None, None)


def test_another_zone_and_a_hidden_artist(listener: Listener, ids: dict[str, int]) -> None:
    artist = artist_of(listener, ids["It"])
    listener.patch("/me", {"time_zone": "America/New_York"})
    assert told(listener, f"/artists/{artist}", "2023-04")["listens"] == 1
    assert told(listener, f"/artists/{artist}/story", "2023-03")["longest_streak"]["days"] == 1
    assert listener.put(f"/hidden-artists/{artist}").status_code == 204
    assert told(listener, f"/artists/{artist}", "2023")["plays"] == 0
    assert told(listener, f"/artists/{artist}/story", "2023")["years"] == []


@pytest.mark.parametrize("path", ["/tracks/{}", "/tracks/{}/story"])
def test_what_is_no_span_is_refused(listener: Listener, ids: dict[str, int], path: str) -> None:
    assert listener.get(path.format(ids["It"]), params={"span": "2023-13"}).status_code == 422
