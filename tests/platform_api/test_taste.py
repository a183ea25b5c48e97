"""Two tastes beside each other: the numbers by hand, who is told nothing, and what is in neither."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from sqlalchemy import select

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.models import User
from tests.support.histories import bring_and_work, extended_row, extended_zip
from tests.support.people import Emulator, Listener

SignIn = Callable[..., Listener]
LAST_WEEK = datetime.now(UTC).replace(microsecond=0) - timedelta(days=7)
ADAS = [10, 10, 10, 11, 20, 20, 20, 20, 30, 30]
"""Ten tracks make an artist: four tenths are of Artist 1, four of Artist 2, two of Artist 3."""
BENS = [10, 20, 20, 21, 40]
NOT_COUNTED: dict[str, dict[str, Any]] = {
    "short": {"track": 50, "ms_played": 29_999},
    "private": {"track": 30, "incognito_mode": True},
    "spoken": {"episode_name": "Pilot", "episode_show_name": "A Show", "spotify_track_uri": None,
               "spotify_episode_uri": "spotify:episode:0000000000000000000007", "master_metadata_track_name": None,
               "master_metadata_album_artist_name": None, "master_metadata_album_album_name": None},
}  # fmt: skip


def listens(tracks: list[int], start: datetime = LAST_WEEK) -> list[dict[str, Any]]:
    return [extended_row(start + timedelta(minutes=5 * at), track) for at, track in enumerate(tracks)]


def allow(*listeners: Listener) -> None:
    for listener in listeners:
        assert listener.patch("/me", {"may_compare": True}).status_code == 200


def beside(listener: Listener, other: Listener, span: str = "last-365-days") -> dict[str, Any]:
    answer = listener.get(f"/people/{other.handle}/taste?span={span}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def shares(told: list[dict[str, Any]]) -> list[tuple[str, float, float]]:
    return [(each["name"], each["mine"], each["theirs"]) for each in told]


def artist_id(listener: Listener, name: str) -> int:
    items = listener.get("/analysis/top/artists").json()["items"]
    return int(next(each["id"] for each in items if each["name"] == name))


@pytest.fixture
def friends(sign_in: SignIn, settings: Settings) -> tuple[Listener, Listener]:
    """Ada and Ben follow each other and allow it."""
    ada, ben = sign_in("ada"), sign_in("ben")
    ada.put("/people/ben/follow")
    ben.put("/people/ada/follow")
    allow(ada, ben)
    extra = [extended_row(LAST_WEEK - timedelta(hours=at + 1), **fields) for at, fields in
             enumerate(NOT_COUNTED.values())]  # fmt: skip
    bring_and_work(ada, settings, extended_zip(listens(ADAS)))
    bring_and_work(ben, settings, extended_zip(listens(BENS) + extra))
    return ada, ben


def test_the_numbers_are_those_by_hand(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    told = beside(ada, ben)
    assert told["overlap"] == pytest.approx(min(0.4, 0.2) + min(0.4, 0.6))
    assert shares(told["artists"]) == [("Artist 2", 0.4, 0.6), ("Artist 1", 0.4, 0.2)]
    assert shares(told["tracks"]) == [("Song 20", 0.4, 0.4), ("Song 10", 0.3, 0.2)]
    assert told["tracks"][0]["artist"]["name"] == "Artist 2"
    # Ben heard it in a private session: that is nobody's business, also not that he knows it
    assert [(each["name"], each["share"]) for each in told["only_mine"]] == [("Artist 3", 0.2)]
    assert [(each["name"], each["share"]) for each in told["only_theirs"]] == [("Artist 4", 0.2)]


def test_both_are_told_the_same(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    hers, his = beside(ada, ben), beside(ben, ada)
    assert hers["overlap"] == his["overlap"]
    assert (hers["only_mine"], hers["only_theirs"]) == (his["only_theirs"], his["only_mine"])
    for kind in ("artists", "tracks"):
        assert shares(hers[kind]) == [(name, mine, theirs) for name, theirs, mine in shares(his[kind])]


@pytest.mark.parametrize("who", [0, 1])
def test_whom_either_left_out_is_in_neither(friends: tuple[Listener, Listener], who: int) -> None:
    hider = friends[who]
    assert hider.put(f"/hidden-artists/{artist_id(hider, 'Artist 1')}").status_code < 300
    for one, other in (friends, friends[::-1]):
        told = beside(one, other)
        assert [each["name"] for each in told["artists"]] == ["Artist 2"]
        assert told["overlap"] == pytest.approx(4 / 6, abs=1e-4)
        assert [each["name"] for each in told["tracks"]] == ["Song 20"]
        assert {each["name"] for each in told["only_mine"] + told["only_theirs"]} == {"Artist 3", "Artist 4"}


def test_who_was_listened_to_before_is_known(friends: tuple[Listener, Listener], settings: Settings) -> None:
    ada, ben = friends
    bring_and_work(ben, settings, extended_zip(listens([30], LAST_WEEK - timedelta(days=500))))
    assert beside(ada, ben)["only_mine"] == []
    assert shares(beside(ada, ben)["artists"])[0] == ("Artist 2", 0.4, 0.6)
    ever = beside(ada, ben, "all")
    assert ("Artist 3", 0.2, round(1 / 6, 4)) in shares(ever["artists"])


def test_what_comes_later_counts_at_once(friends: tuple[Listener, Listener], settings: Settings) -> None:
    ada, ben = friends
    before = beside(ada, ben)
    bring_and_work(ben, settings, extended_zip(listens([30] * 5, LAST_WEEK + timedelta(days=1))))
    after = beside(ada, ben)
    assert shares(after["artists"])[1] == ("Artist 3", 0.2, 0.5)
    assert after != before


def test_nothing_shared_and_nothing_heard_are_told_apart(sign_in: SignIn, settings: Settings) -> None:
    ada, ben = sign_in("ada"), sign_in("ben")
    ada.put("/people/ben/follow")
    ben.put("/people/ada/follow")
    allow(ada, ben)
    bring_and_work(ada, settings, extended_zip(listens([10])))
    assert beside(ada, ben)["overlap"] is None
    bring_and_work(ben, settings, extended_zip(listens([20])))
    told = beside(ada, ben)
    assert (told["overlap"], told["artists"], told["tracks"]) == (0, [], [])


def no_longer(change: str, ada: Listener, ben: Listener) -> None:
    asked = {
        "ada does not follow": lambda: ada.delete("/people/ben/follow"),
        "ben does not follow": lambda: ben.delete("/people/ada/follow"),
        "ada does not allow it": lambda: ada.patch("/me", {"may_compare": False}),
        "ben does not allow it": lambda: ben.patch("/me", {"may_compare": False}),
        "ada blocks": lambda: ada.put("/people/ben/block"),
        "ben blocks": lambda: ben.put("/people/ada/block"),
        "ben takes ada away": lambda: ben.delete("/people/followers/ada"),
    }[change]()
    assert asked.status_code < 300


@pytest.mark.parametrize(
    "change",
    ["ada does not follow", "ben does not follow", "ada does not allow it", "ben does not allow it", "ada blocks",
     "ben blocks", "ben takes ada away"],
)  # fmt: skip
def test_without_both_nothing_is_told_and_no_reason(friends: tuple[Listener, Listener], change: str) -> None:
    """Kept answers, too, are told to nobody any more."""
    ada, ben = friends
    beside(ada, ben)
    beside(ben, ada)
    no_longer(change, ada, ben)
    nobody = ada.get("/people/nobody-here/taste")
    for answer in (nobody, ada.get("/people/ben/taste"), ben.get("/people/ada/taste"), ada.get("/people/ada/taste")):
        assert answer.status_code == 404
        assert answer.content == nobody.content
    assert nobody.json()["type"] == "urn:tonearm:problem:not-compared"


def test_nobody_has_allowed_it_unasked(listener: Listener) -> None:
    assert listener.account["may_compare"] is False


@pytest.mark.parametrize("span", ["2024", "last-7-days", "2024-05-17", ""])
def test_a_friend_is_not_asked_about_single_days(friends: tuple[Listener, Listener], span: str) -> None:
    ada, ben = friends
    assert ada.get(f"/people/{ben.handle}/taste?span={span}").status_code == 422


def test_what_is_kept_goes_with_either(sign_in: SignIn, emulator: Emulator, sessions: Sessions, redis_url: str) -> None:
    ada, leaving = sign_in("ada"), sign_in(emulator.sign_up_somebody())
    ada.put(f"/people/{leaving.handle}/follow")
    leaving.put("/people/ada/follow")
    allow(ada, leaving)
    beside(ada, leaving)
    with sessions() as session:
        ml_key = session.scalar(select(User.ml_key).where(User.id == leaving.id))
    with redis.Redis.from_url(redis_url) as kept:
        assert kept.keys(f"*taste-beside:{ml_key}*")
        assert leaving.delete("/me").status_code == 204
        assert kept.keys(f"*{ml_key}*") == []
