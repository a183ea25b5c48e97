"""The habit page, from the model and from what stands in for it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from platform_api.models import Artist, Track, User
from platform_api.schemas.habits import HabitPage
from platform_api.services.habits import wire
from platform_api.services.habits.page import habit_page
from platform_api.services.habits.past_days import past_days
from platform_api.services.inference.client import InferenceClient
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import ModelServer, answer, answering
from tests.support.stored_history import Heard, put_history
from tests.support.surroundings import new_user, served_models

NOW = datetime(2024, 6, 1, 18, 20, tzinfo=UTC)  # a Saturday, 20:20 in Prague
PARTY = date(2024, 5, 23)  # a Thursday


def thursday_evenings(weeks: int) -> list[Heard]:
    """Three songs every Thursday at 20:05 UTC (22:05 in Prague), the third one skipped."""
    first = datetime(2024, 5, 30, 20, 5, tzinfo=UTC)
    return [
        Heard(
            "Grey Harbour", title, first - timedelta(weeks=week, minutes=-4 * place), seconds=seconds, skipped=skipped
        )
        for week in range(weeks)
        for place, (title, seconds, skipped) in enumerate(
            [("Salt", 200, False), ("Undertow", 200, False), ("Skip Me", 5, True)]
        )
    ]


def party() -> list[Heard]:
    begin = datetime(2024, 5, 23, 12, 0, tzinfo=UTC)
    return [Heard("Tin Choir", f"Loud {number}", begin + timedelta(minutes=5 * number)) for number in range(30)]


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, habit="7") as both:
        yield both


@pytest.fixture
def user(session: Session) -> User:
    return new_user(session)


def page(session: Session, cache: Cache, inference: InferenceClient, user: User) -> HabitPage:
    session.refresh(user)
    return habit_page(session, cache, inference, user, now=NOW)


def habits(**changes: Any) -> dict[str, Any]:
    return {
        "model": "habit",
        "bundle": "x",
        "forecast": [0.25] * 168,
        "next_session": {
            "expected_hours": 2.0,
            "p10": 0.5,
            "p90": 30.0,
            "within_hours": {"1": 0.2, "3": 0.6, "24": 0.9},
        },
        "next_play": {"again": 0.1, "known": 0.6, "new_track": 0.2, "new_artist": 0.1},
        "next_artists": [{"artist": "artist:unheard of", "chance": 0.5}],
        "skips": [0.1, 0.2, 0.8],
        "days": [
            {"day": "2024-05-23", "surprise": 3.2, "hours": 3, "unusual_hours": [14, 3], "missing_hours": [22, 9]},
            {"day": "2024-05-24", "surprise": 0.1, "hours": 0, "unusual_hours": [], "missing_hours": []},
        ],
        **changes,
    }


def test_a_history_that_ended_long_ago_is_looked_at_from_its_end(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    put_history(session, user.id, thursday_evenings(9))
    heard: list[Any] = []

    def tell(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        answer(handler, 200, json.dumps(habits(skips=[0.1] * len(heard[0]["candidates"]), days=[])).encode())

    server.usual = tell
    session.refresh(user)
    told = habit_page(session, cache, inference, user, now=NOW + timedelta(days=400))
    assert told.history_ended == date(2024, 5, 30)
    assert datetime.fromisoformat(heard[0]["now"]) == datetime(2024, 5, 30, 22, tzinfo=UTC)  # midnight in Prague
    assert (told.forecast[0].weekday, told.next_session) == (4, None)


def test_before_the_plays_that_are_told_only_the_sessions_are(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inference, server = served
    monkeypatch.setattr(wire, "MAX_PLAYS", 4)
    begin = datetime(2024, 5, 29, 9, tzinfo=UTC)
    long_ago = Heard("Tin Choir", "Too old", NOW - timedelta(days=wire.EARLIER_DAYS, hours=1))
    private = Heard("Tin Choir", "Private", begin - timedelta(hours=20), incognito=True)
    overlapping = Heard("Tin Choir", "Long", begin - timedelta(days=1), seconds=3600)
    inside = Heard("Tin Choir", "Short", begin - timedelta(days=1, minutes=-30))
    after = Heard("Tin Choir", "After", begin - timedelta(days=1, minutes=-89), seconds=60)
    told = [Heard("Tin Choir", f"Song {number}", begin + timedelta(minutes=4 * number)) for number in range(5)]
    put_history(session, user.id, [long_ago, private, overlapping, inside, after, *told])
    heard: list[Any] = []

    def older_model(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        if "earlier" in heard[-1]:
            answer(handler, 422, b'{"detail": "Unknown fields: earlier."}')
        else:
            answer(handler, 200, json.dumps(habits(skips=[0.1] * len(heard[-1]["candidates"]), days=[])).encode())

    server.usual = older_model
    assert not page(session, cache, inference, user).model.is_fallback
    first, second = heard
    assert len(first["plays"]) == 4
    day_before = int((begin - timedelta(days=1)).timestamp())
    assert first["earlier"] == [
        [day_before, day_before + 90 * 60],
        [int(begin.timestamp()), int(begin.timestamp()) + 200],
    ]
    assert second == {name: value for name, value in first.items() if name != "earlier"}, "asked again without them"


def test_a_model_that_refuses_what_cannot_be_left_out_is_asked_once(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    put_history(session, user.id, thursday_evenings(9))
    asked: list[bytes] = []

    def refuse(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        asked.append(body)
        answer(handler, 422, b'{"detail": "No."}')

    server.usual = refuse
    assert page(session, cache, inference, user).model.is_fallback
    assert len(asked) == 1


def test_what_the_model_says_is_told_with_facts(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    put_history(session, user.id, thursday_evenings(9) + party())
    heard: list[Any] = []

    def tell(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        skips = [0.8 if "skip me" in name else 0.1 for name in candidate_names(heard[0])]
        artists = [{"artist": key, "chance": 0.4} for key in (harbour, "artist:unheard of")]
        answer(handler, 200, json.dumps(habits(skips=skips, next_artists=artists)).encode())

    def candidate_names(request: dict[str, Any]) -> list[str]:
        return ["skip me" if each["track"] == skipped_key else "" for each in request["candidates"]]

    skipped_key = key_of(session, "Skip Me")
    harbour = session.query(Artist).filter_by(name="Grey Harbour").one().key
    server.usual = tell
    told = page(session, cache, inference, user)
    assert (told.model.name, told.model.version, told.model.is_fallback) == ("habit", "7", False)
    assert told.history_ended is None
    assert set(heard[0]) == {"time_zone", "now", "plays", "candidates"}
    assert len(heard[0]["plays"]) == 9 * 3 + 30
    assert heard[0]["plays"][0]["reason_end"] == "trackdone"
    assert len(told.forecast) == 168
    assert told.next_play is not None
    assert told.next_play.known == 0.6
    assert told.next_session is not None
    assert [(each.hours, each.probability) for each in told.next_session.within] == [(3, 0.6), (24, 0.9)]
    assert (told.forecast[0].local_hour, told.forecast[0].weekday) == (21, 5)
    assert [each.track.name for each in told.likely_skips] == ["Skip Me"]
    assert told.likely_skips[0].why == "You skipped it 9 times in its latest 9 plays."
    (likely,) = told.next_artists
    assert (likely.artist.name, likely.probability) == ("Grey Harbour", 0.4)
    assert likely.why == "8 listens in 4 weeks, 8 of them around 21:00."
    (day,) = told.surprising_days
    assert day.day == PARTY
    assert (
        day.why == "32 listens, where a Thursday usually has about 2. You listened at 14:00, when it is usually quiet."
    )
    assert told.routine.startswith(
        "Music is most likely on Thursdays at 22:00: it played then in 100\xa0% of recent weeks."
    )
    assert page(session, cache, inference, user) == told
    assert len(server.calls) == 1


def key_of(session: Session, name: str) -> str:
    return session.query(Track).filter_by(name=name).one().key


@pytest.mark.parametrize(
    "wrong",
    [
        {"forecast": [0.25] * 167},
        {"forecast": [1.5] + [0.25] * 167},
        {"forecast": [float("nan")] + [0.25] * 167},
        {"skips": [0.5]},
        {"next_session": {"expected_hours": 2.0, "p10": 5.0, "p90": 30.0}},
        {"next_session": {"expected_hours": 2.0, "p10": 0.5, "p90": 30.0, "within_hours": {"3": 0.6, "12": 0.5}}},
        {"next_play": {"again": 0.9, "known": 0.6, "new_track": 0.2, "new_artist": 0.1}},
        {"next_artists": [{"artist": "a", "chance": 0.9}, {"artist": "b", "chance": 0.9}]},
        {"days": [{"day": "2024-07-01", "surprise": 1.0}]},
    ],
    ids=[
        "too short",
        "no chance",
        "NaN",
        "skips missing",
        "out of order",
        "a longer wait less likely",
        "more than certain",
        "artists beyond it",
        "a day ahead",
    ],
)
def test_an_answer_that_cannot_be_true_is_set_aside(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    wrong: dict[str, Any],
) -> None:
    inference, server = served
    put_history(session, user.id, thursday_evenings(3))
    server.usual = answering(habits(**wrong))
    told = page(session, cache, inference, user)
    assert told.model.is_fallback
    assert inference.counts() == {"habit": {"rejected": 1}}
    server.usual = answering(habits())
    assert not page(session, cache, inference, user).model.is_fallback


def test_without_the_model_the_past_weeks_stand_in(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    server.close()
    put_history(session, user.id, thursday_evenings(9) + party())
    told = page(session, cache, inference, user)
    assert told.model.is_fallback
    assert told.model.name == "past_weeks"
    assert (told.next_play, told.next_artists) == (None, [])
    likely = [hour for hour in told.forecast if hour.probability > 0.5]
    assert [(hour.weekday, hour.local_hour) for hour in likely] == [(3, 22)]
    assert likely[0].probability == pytest.approx(1.0)
    assert told.next_session is not None
    hours_until_thursday = (likely[0].start - NOW) / timedelta(hours=1)
    assert told.next_session.expected_hours == pytest.approx(hours_until_thursday, abs=1.0)
    assert told.next_session.p10 <= told.next_session.expected_hours <= told.next_session.p90
    assert [each.track.name for each in told.likely_skips] == ["Skip Me"]
    assert told.surprising_days[0].day == PARTY


def test_before_any_music_the_page_says_so(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    told = page(session, cache, inference, user)
    assert (told.forecast, told.next_session, told.surprising_days) == ([], None, [])
    assert told.model.is_fallback
    assert not server.calls


def test_any_span_is_looked_through_for_days_unlike_the_others(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    put_history(session, user.id, thursday_evenings(9) + party())
    heard: list[Any] = []

    def tell(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        before = {"day": "2024-04-30", "surprise": 9.0, "unusual_hours": [], "missing_hours": []}
        answer(handler, 200, json.dumps(habits(skips=[], days=[before, *habits()["days"]])).encode())

    server.usual = tell
    session.refresh(user)
    told = past_days(session, cache, inference, user, "2024-05", now=NOW)
    assert [each.day for each in told.days] == [PARTY], "days before the span tell the pattern and are not shown"
    assert "where a Thursday usually has about 2" in told.days[0].why
    assert (heard[0]["days"], heard[0]["candidates"]) == (32, [])
    assert datetime.fromisoformat(heard[0]["now"]) == datetime(2024, 5, 30, 22, tzinfo=UTC), (
        "the midnight after the last play"
    )
    assert past_days(session, cache, inference, user, "2024-05", now=NOW) == told
    assert len(heard) == 1
    server.usual = answering(habits(forecast=[]))
    plain = past_days(session, cache, inference, user, "2024", now=NOW)
    assert (plain.model.is_fallback, plain.days[0].day) == (True, PARTY)


def test_the_days_of_a_heavy_listener_are_told_from_the_first_on(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the latest plays of the span were sent, so the days before them could not be unlike the others."""
    inference, server = served
    monkeypatch.setattr(wire, "MOST_PLAYS", 6)
    put_history(session, user.id, thursday_evenings(9))
    heard: list[Any] = []

    def tell(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        answer(handler, 200, json.dumps(habits(skips=[])).encode())

    server.usual = tell
    session.refresh(user)
    assert not past_days(session, cache, inference, user, "2024", now=NOW).model.is_fallback
    begin = int(datetime(2024, 4, 4, 20, 5, tzinfo=UTC).timestamp())
    week = 7 * 86400
    assert len(heard[0]["plays"]) == 6
    assert heard[0]["earlier"] == [[begin + at * week, begin + at * week + 485] for at in range(7)]


def test_what_was_said_of_the_next_session_is_told_from_now(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    """The page is kept for the hour, and said "in about two hours" from its first minute to its last."""
    inference, server = served
    put_history(session, user.id, thursday_evenings(9))
    server.usual = answering(habits())
    session.refresh(user)

    def expected(minutes: int) -> tuple[float, float]:
        told = habit_page(session, cache, inference, user, now=NOW + timedelta(minutes=minutes)).next_session
        assert told is not None
        return told.expected_hours, told.p10

    assert [expected(minutes) for minutes in (0, 15, 36)] == [(2.0, 0.5), (1.75, 0.25), (pytest.approx(1.4), 0.0)]
    assert len(server.calls) == 1
