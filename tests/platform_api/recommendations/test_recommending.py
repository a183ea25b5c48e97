"""The recommender's answer, its reasons, and what stands in for it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platform_api.crud import recommendations as crud
from platform_api.models import RecommendationShown, Track, User
from platform_api.schemas.recommendations import Recommendations, Wish
from platform_api.services.importing.verdicts import Item
from platform_api.services.inference.client import InferenceClient
from platform_api.services.recommendations import wire
from platform_api.services.recommendations.recommending import recommend
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import ModelServer, answer, answering
from tests.support.stored_history import Heard, put_history, put_library, song
from tests.support.surroundings import new_user, served_models

NOW = datetime(2024, 6, 1, 18, 30, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


HISTORY = [
    *(Heard("Grey Harbour", "Cold Lantern", days_ago(day)) for day in range(1, 6)),
    *(Heard("Grey Harbour", "Salt", days_ago(day + 0.01)) for day in range(1, 4)),
    *(Heard("Mira Sol", "Paper Boats", days_ago(300 + day)) for day in range(7)),
    Heard("Mira Sol", "Nothing Said", days_ago(2.5), seconds=5, skipped=True),
    Heard("Guilty Pleasure", "Private", days_ago(1.5), incognito=True),
]


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, recommender="4") as both:
        yield both


@pytest.fixture
def user(session: Session) -> User:
    return new_user(session)


@pytest.fixture
def tracks(session: Session, user: User) -> dict[str, int]:
    return put_history(session, user.id, HISTORY)


def asked(
    session: Session, cache: Cache, inference: InferenceClient, user: User, wish: Wish = "comfort", limit: int = 10
) -> Recommendations:
    session.refresh(user)
    return recommend(session, cache, inference, user, wish=wish, limit=limit, now=NOW)


def key_of(session: Session, track_id: int) -> str:
    return session.get_one(Track, track_id).key


def test_the_model_is_told_raw_plays_and_its_ranking_gets_true_reasons(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    tracks: dict[str, int],
) -> None:
    inference, server = served
    crud.give_feedback(session, user.id, tracks["Salt"], "hide")
    lantern, boats, salt = (key_of(session, tracks[name]) for name in ("Cold Lantern", "Paper Boats", "Salt"))
    heard: list[Any] = []

    def rank(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        heard.append(json.loads(body))
        ranking = [
            {
                "track": boats,
                "score": 2.5,
                "reasons": [
                    {"kind": "comeback", "evidence": [boats], "listens": 999, "silent_days": 1},
                    {"kind": "sounds_like", "evidence": [lantern], "similarity": 0.9},
                ],
            },
            {
                "track": lantern,
                "score": 1.0,
                "reasons": [
                    {"kind": "plays_after", "evidence": [salt], "times": 999},
                    {"kind": "plays_after", "evidence": [boats], "times": 999},
                    {"kind": "this_hour", "evidence": [lantern], "times": 999},
                ],
            },
        ]
        answer(handler, 200, json.dumps({"model": "recommender", "bundle": "x", "tracks": ranking}).encode())

    server.usual = rank
    answered = asked(session, cache, inference, user)
    request = heard[0]
    assert request["exclude"] == [key_of(session, tracks["Salt"])]
    assert [play["track"] for play in request["plays"]] == [
        key_of(session, tracks[play.title])
        for play in sorted(HISTORY, key=lambda play: play.started_at)
        if not play.incognito
    ]
    assert set(request["plays"][0]) >= {"track", "artist", "ended_at", "ms_played", "skipped"}
    assert (answered.model.name, answered.model.version, answered.model.is_fallback) == ("recommender", "4", False)
    first, second = answered.items
    assert first.track.name == "Paper Boats"
    assert first.track.artist.name == "Mira Sol"
    last = (NOW - timedelta(days=300)).date()
    assert first.reasons[0].text == f"You listened to it 7 times, and not since {last.day} August 2023."
    assert first.reasons[1].text == "It sounds like “Cold Lantern”."
    assert [track.name for track in first.reasons[1].tracks] == ["Cold Lantern"]
    assert [reason.text for reason in second.reasons] == [
        "You have played it right after “Salt” 3 times lately.",
        "You have listened to it 5 times around this time of day lately.",
    ], "counted here, whatever the model says; what is not so is not said"
    shown = session.scalars(select(RecommendationShown).where(RecommendationShown.user_id == user.id)).all()
    assert {(row.track_id, row.rank, row.model, row.model_version) for row in shown} == {
        (tracks["Paper Boats"], 1, "recommender", "4"),
        (tracks["Cold Lantern"], 2, "recommender", "4"),
    }


def test_what_is_told_of_lately_was_lately(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    """A season ago two songs followed each other at this hour, night after night."""
    inference, server = served
    nights = [
        Heard("Mira Sol", title, days_ago(120 + day - minutes / 1440))
        for day in range(9)
        for title, minutes in (("Nothing Said", 0), ("Paper Boats", 4))
    ]
    tracks = put_history(session, user.id, [*nights, Heard("Mira Sol", "Nothing Said", days_ago(0.1))])
    said, boats = (key_of(session, tracks[name]) for name in ("Nothing Said", "Paper Boats"))
    reasons = [{"kind": "plays_after", "evidence": [said], "times": 9}, {"kind": "this_hour", "evidence": [boats]}]
    server.usual = answering({"tracks": [{"track": boats, "score": 1.0, "reasons": reasons}]})
    (item,) = asked(session, cache, inference, user, "hour").items
    assert item.reasons == []


def test_rediscover_tells_the_model_what_fell_silent_long_before_the_latest_plays(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of somebody who plays a lot, nothing in the latest plays has been silent for long: no answer held anything."""
    inference, server = served
    monkeypatch.setattr(wire, "MAX_PLAYS", 50)
    monkeypatch.setattr(wire, "PLAYS_OF_SILENT", 4)
    history = [
        *(Heard("Now", f"Now {number % 10}", days_ago(number / 2)) for number in range(60)),
        *(Heard("Then", "Loved", days_ago(300 + day)) for day in range(6)),
        *(Heard("Then", "Loved in private", days_ago(300.5 + day), incognito=True) for day in range(6)),
        *(Heard("Then", "Heard twice", days_ago(320 + day)) for day in range(2)),
        *(Heard("Then", "Hidden", days_ago(330 + day)) for day in range(6)),
        *(Heard("Then", "Skipped", days_ago(340 + day), seconds=5, skipped=True) for day in range(6)),
    ]
    tracks = put_history(session, user.id, history)
    loved = key_of(session, tracks["Loved"])
    crud.give_feedback(session, user.id, tracks["Hidden"], "hide")
    told: list[list[str]] = []

    def rank(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        plays = json.loads(body)["plays"]
        assert [play["started_at"] for play in plays] == sorted(play["started_at"] for play in plays)
        told.append([play["track"] for play in plays])
        reason = {"kind": "comeback", "evidence": [loved], "listens": 4}
        answer(handler, 200, json.dumps({"tracks": [{"track": loved, "score": 1.0, "reasons": [reason]}]}).encode())

    server.usual = rank
    (item,) = asked(session, cache, inference, user, "rediscover").items
    last = days_ago(300).date()
    assert item.reasons[0].text == f"You listened to it 6 times, and not since {last.day} August 2023."
    assert told[0][:4] == [loved] * 4, "its latest plays, as many as there is room for"
    assert len(told[0]) == 4 + wire.MAX_PLAYS
    asked(session, cache, inference, user, "comfort")
    assert len(told[1]) == wire.MAX_PLAYS


def test_popular_is_what_two_others_or_more_listen_to(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User, tracks: dict[str, int]
) -> None:
    """With two listeners, half of "the listeners here" was the other one."""
    inference, server = served
    salt = key_of(session, tracks["Salt"])
    reason = {"kind": "popular", "evidence": [salt], "share_of_listeners": 0.5}
    server.usual = answering({"tracks": [{"track": salt, "score": 1.0, "reasons": [reason]}]})

    def told() -> list[str]:
        (item,) = asked(session, cache, inference, user).items
        return [reason.text for reason in item.reasons]

    assert told() == []
    put_history(session, new_user(session).id, [Heard("Grey Harbour", "Salt", days_ago(3))])
    put_history(session, user.id, [Heard("Mira Sol", "Paper Boats", days_ago(0.4))])  # or what was kept is told
    assert told() == [], "one other is nobody's business"
    put_history(session, new_user(session).id, [Heard("Grey Harbour", "Salt", days_ago(400))])
    put_history(session, new_user(session).id, [Heard("Grey Harbour", "Salt", days_ago(5))])
    put_history(session, user.id, [Heard("Mira Sol", "Paper Boats", days_ago(0.2))])
    assert told() == ["2 other listeners here played it in the past year."]


def test_an_answer_is_kept_until_something_it_depends_on_changes(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    tracks: dict[str, int],
) -> None:
    inference, server = served
    server.usual = answering({"tracks": [{"track": key_of(session, tracks["Salt"]), "score": 1.0, "reasons": []}]})
    first = asked(session, cache, inference, user)
    assert asked(session, cache, inference, user) == first
    assert len(server.calls) == 1
    assert session.scalar(select(func.count()).where(RecommendationShown.user_id == user.id)) == 1
    crud.give_feedback(session, user.id, tracks["Salt"], "love")
    assert [item.loved for item in asked(session, cache, inference, user).items] == [True]
    assert len(server.calls) == 1, "what was kept is told with what was said since"
    crud.give_feedback(session, user.id, tracks["Cold Lantern"], "hide")
    asked(session, cache, inference, user)
    asked(session, cache, inference, user, "rediscover")
    put_history(session, user.id, [Heard("Mira Sol", "Paper Boats", days_ago(0.5))])
    asked(session, cache, inference, user)
    assert len(server.calls) == 4


def test_what_was_ever_heard_is_no_discovery_and_a_recording_is_suggested_once(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    tracks: dict[str, int],
) -> None:
    inference, server = served
    twins = [
        Item(kind="song", uri=f"spotify:track:{digit * 22}", title="New Coat", artist="Oda Fell", album=album)
        for digit, album in (("1", "New Coat"), ("2", "Wardrobe"))
    ]
    single, album = (key_of(session, track_id) for track_id in put_library(session, twins))
    asked_for: list[list[str]] = []

    def rank(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        asked_for.append(json.loads(body)["exclude"])
        ranking = [{"track": key, "score": 1.0, "reasons": []} for key in (single, album)]
        answer(handler, 200, json.dumps({"tracks": ranking}).encode())

    server.usual = rank
    answered = asked(session, cache, inference, user, "discover")
    assert [item.track.key for item in answered.items] == [single]
    assert set(asked_for[0]) == {key_of(session, track_id) for track_id in tracks.values()}


@pytest.mark.parametrize(
    "ranking",
    [
        [{"track": "spotify:track:unknown", "score": 1.0}],
        [{"track": "HIDDEN", "score": 1.0}],
        [{"track": "SALT", "score": 1.0}, {"track": "SALT", "score": 0.5}],
        [{"track": "SALT", "score": 1.0, "reasons": [{"kind": "sounds_like", "evidence": ["unknown"]}]}],
        [{"track": "SALT", "score": 1.0, "reasons": [{"kind": "because", "evidence": []}]}],
    ],
    ids=["unknown", "excluded", "twice", "unknown evidence", "unknown reason"],
)
def test_an_impossible_ranking_is_set_aside_and_not_kept(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    tracks: dict[str, int],
    ranking: list[dict[str, Any]],
) -> None:
    inference, server = served
    crud.give_feedback(session, user.id, tracks["Cold Lantern"], "hide")
    names = {"SALT": key_of(session, tracks["Salt"]), "HIDDEN": key_of(session, tracks["Cold Lantern"])}
    server.usual = answering(
        {"tracks": [{**each, "track": names.get(each["track"], each["track"])} for each in ranking]}
    )
    answered = asked(session, cache, inference, user)
    assert answered.model.is_fallback
    assert answered.items, "the listener still gets suggestions"
    assert inference.counts() == {"recommender": {"rejected": 1}}
    server.usual = answering({"tracks": [{"track": names["SALT"], "score": 1.0, "reasons": []}]})
    assert not asked(session, cache, inference, user).model.is_fallback


def test_without_the_model_comfort_is_what_was_played_most_lately(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User, tracks: dict[str, int]
) -> None:
    inference, server = served
    server.close()
    crud.give_feedback(session, user.id, tracks["Salt"], "hide")
    answered = asked(session, cache, inference, user)
    assert answered.model.is_fallback
    assert answered.model.detail == "The model server is not answering right now."
    names = [item.track.name for item in answered.items]
    assert names[0] == "Cold Lantern"
    assert "Salt" not in names
    assert answered.items[0].reasons[0].text == "You have listened to it 5 times, last on 31 May 2024."


def test_what_is_loved_stands_at_half_its_place_and_says_so_as_long_as_it_is(
    session: Session,
    cache: Cache,
    served: tuple[InferenceClient, ModelServer],
    user: User,
    tracks: dict[str, int],
) -> None:
    inference, server = served
    order = [key_of(session, tracks[name]) for name in ("Cold Lantern", "Salt", "Nothing Said", "Paper Boats")]
    limits: list[int] = []

    def rank(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        limits.append(json.loads(body)["limit"])
        ranking = [{"track": key, "score": 1.0, "reasons": []} for key in order[: limits[-1]]]
        answer(handler, 200, json.dumps({"tracks": ranking}).encode())

    server.usual = rank
    crud.give_feedback(session, user.id, tracks["Nothing Said"], "love")
    crud.give_feedback(session, user.id, tracks["Paper Boats"], "love")
    items = asked(session, cache, inference, user, limit=3).items
    assert [item.track.name for item in items] == ["Cold Lantern", "Nothing Said", "Paper Boats"]
    assert [[reason.text for reason in item.reasons] for item in items] == [[], *2 * [["You said you love it."]]]
    assert [item.rank for item in items] == [1, 2, 3]
    asked(session, cache, inference, user, "hour", limit=3)
    assert limits == [6, 3], "only where music that is known is asked for"
    crud.withdraw_feedback(session, user.id, tracks["Nothing Said"])
    kept = asked(session, cache, inference, user, limit=3).items
    assert [[reason.kind for reason in item.reasons] for item in kept] == [[], [], ["loved"]]


def test_without_the_model_love_lifts_too_and_is_missed_when_silent(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User, tracks: dict[str, int]
) -> None:
    inference, server = served
    server.close()
    (once,) = put_history(session, user.id, [Heard("Oda Fell", "New Coat", days_ago(200))]).values()
    crud.give_feedback(session, user.id, tracks["Salt"], "love")
    crud.give_feedback(session, user.id, once, "love")
    assert [item.track.name for item in asked(session, cache, inference, user).items][:2] == ["Salt", "Cold Lantern"]
    items = asked(session, cache, inference, user, "rediscover").items
    assert [item.track.name for item in items] == ["New Coat", "Paper Boats"]
    assert [reason.kind for reason in items[0].reasons] == ["loved", "comeback"]


def test_without_the_model_rediscover_is_what_fell_silent(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User, tracks: dict[str, int]
) -> None:
    inference, server = served
    server.close()
    items = asked(session, cache, inference, user, "rediscover").items
    assert [item.track.id for item in items] == [tracks["Paper Boats"]]
    assert items[0].reasons[0].kind == "comeback"


def test_without_the_model_discover_is_near_what_is_loved_and_never_one_persons_taste(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    put_history(session, user.id, HISTORY)
    inference, server = served
    server.close()
    (unheard,) = put_library(session, [song("Grey Harbour", "Undertow")])
    in_private = Heard("Tin Choir", "Only Theirs", days_ago(3.2), incognito=True)
    for plays in (
        [
            Heard("Tin Choir", "Everybody's", days_ago(3)),
            Heard("Tin Choir", "Only Mine", days_ago(3.1)),
            Heard("Grey Harbour", "Only Mine Too", days_ago(3.2)),
            in_private,
        ],
        [Heard("Tin Choir", "Everybody's", days_ago(4)), in_private],
    ):
        put_history(session, new_user(session).id, plays)
    items = {item.track.name: item for item in asked(session, cache, inference, user, "discover").items}
    assert items["Undertow"].track.id == unheard
    assert items["Undertow"].reasons[0].text == "More by Grey Harbour: 8 listens of “Cold Lantern” and “Salt”."
    assert items["Everybody's"].reasons[0].text == "2 other listeners here played it in the past year."
    assert not items.keys() & {"Only Mine", "Only Mine Too", "Only Theirs"}
    assert not items.keys() & {"Cold Lantern", "Salt", "Paper Boats"}


def test_nobody_without_a_history_gets_an_error(
    session: Session, cache: Cache, served: tuple[InferenceClient, ModelServer], user: User
) -> None:
    inference, server = served
    server.usual = answering({"detail": "no plays"}, status=422)
    for wish in ("comfort", "discover", "rediscover", "hour"):
        answered = asked(session, cache, inference, user, wish)
        assert answered.items == []
        assert answered.model.detail == "The model could not work with this history."


def test_last_on_names_a_listen_and_not_a_skip(session: Session, user: User) -> None:
    """A favourite of spring was skipped yesterday: the page said it was listened to last then."""
    plays = [
        Heard("Mira Sol", "Paper Boats", days_ago(90)),
        Heard("Mira Sol", "Paper Boats", days_ago(1), seconds=5, skipped=True),
        Heard("Mira Sol", "Nothing Said", days_ago(1), seconds=5, skipped=True),
    ]
    ids = put_history(session, user.id, plays)
    counted = crud.counted_plays(session, user.id, list(ids.values()))
    assert counted[ids["Paper Boats"]].last_day == days_ago(90).date()
    assert counted[ids["Nothing Said"]].last_day is None
