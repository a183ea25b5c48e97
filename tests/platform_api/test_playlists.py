"""Playlists keep their tracks in the listener's order and belong to one person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from platform_api.db.session import Sessions
from platform_api.services.playlists import AnotherOrder, PlaylistFull
from tests.support.people import Listener
from tests.support.stored_history import put_catalogue, put_library, song

SignIn = Callable[..., Listener]


@pytest.fixture
def tracks(sessions: Sessions) -> list[int]:
    with sessions.begin() as session:
        return put_library(session, [song("Nina", name) for name in ("One", "Two", "Three")])


def make(listener: Listener, **body: Any) -> dict[str, Any]:
    answer = listener.post("/playlists", {"name": "Evenings", **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def ids(playlist: dict[str, Any]) -> list[int]:
    return [track["id"] for track in playlist["tracks"]]


def test_tracks_stay_in_order_and_may_repeat(listener: Listener, tracks: list[int]) -> None:
    one, two, three = tracks
    made = make(listener, description="slow", track_ids=[three, one, three, two])
    assert ids(made) == [three, one, three, two]
    assert made["tracks"][0]["artist"]["name"] == "Nina"
    assert listener.get(f"/playlists/{made['id']}").json() == made
    listed = listener.get("/playlists").json()["items"]
    assert [(item["name"], item["description"], item["track_count"]) for item in listed] == [("Evenings", "slow", 4)]


def test_changes(listener: Listener, tracks: list[int]) -> None:
    made = make(listener, track_ids=tracks)
    renamed = listener.patch(f"/playlists/{made['id']}", {"name": "Nights"}).json()
    assert (renamed["name"], ids(renamed)) == ("Nights", tracks)
    emptied = listener.patch(f"/playlists/{made['id']}", {"track_ids": []}).json()
    assert (emptied["name"], ids(emptied)) == ("Nights", [])
    assert listener.delete(f"/playlists/{made['id']}").status_code == 204
    assert listener.get(f"/playlists/{made['id']}").status_code == 404


def test_tracks_are_added_at_the_end_whoever_adds_at_the_same_time(listener: Listener, tracks: list[int]) -> None:
    one, two, three = tracks
    made = make(listener, track_ids=[one])
    path = f"/playlists/{made['id']}"

    def add(track_id: int) -> int:
        return listener.post(f"{path}/tracks", {"track_ids": [track_id]}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, [two, three] * 8)) == {200}
    there = ids(listener.get(path).json())
    assert (there[0], sorted(there[1:])) == (one, sorted([two, three] * 8))
    assert listener.post(f"{path}/tracks", {"track_ids": [10**9]}).status_code == 422
    full = listener.post(f"{path}/tracks", {"track_ids": [one] * 490})
    assert (full.status_code, full.json()["detail"]) == (409, PlaylistFull.detail)
    assert ids(listener.get(path).json()) == there


def test_an_order_that_was_decided_on_what_is_gone_changes_nothing(listener: Listener, tracks: list[int]) -> None:
    one, two, three = tracks
    made = make(listener, track_ids=[one, two])
    path = f"/playlists/{made['id']}"
    listener.post(f"{path}/tracks", {"track_ids": [three]})
    late = listener.patch(path, {"track_ids": [two, one], "instead_of": [one, two]})
    assert (late.status_code, late.json()["title"]) == (409, AnotherOrder.title)
    assert ids(listener.get(path).json()) == tracks
    assert ids(listener.patch(path, {"track_ids": [two, one], "instead_of": tracks}).json()) == [two, one]


def test_orders_that_come_at_once_are_taken_one_after_the_other(listener: Listener, tracks: list[int]) -> None:
    made = make(listener, track_ids=tracks)
    orders = [tracks, tracks[::-1], tracks[:1]] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda order: listener.patch(f"/playlists/{made['id']}", {"track_ids": order}), orders))
    assert [ids(answer.json()) for answer in answers] == orders


def test_nobody_else_sees_or_changes_it(listener: Listener, sign_in: SignIn, tracks: list[int]) -> None:
    made = make(listener, track_ids=tracks)
    ben = sign_in("ben")
    path = f"/playlists/{made['id']}"
    assert ben.get("/playlists").json()["items"] == []
    attempts = [ben.get(path), ben.patch(path, {"name": "x"}), ben.delete(path)]
    assert {answer.status_code for answer in attempts} == {404}
    assert listener.get(path).json() == made


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x" * 81}, {"name": "a\nb"}, {"track_ids": [10**9]},
                                  {"track_ids": [0]}, {"track_ids": ["one"]}, {"user_id": 1},
                                  {"description": "x" * 501}, {"track_ids": [1] * 501}])  # fmt: skip
def test_bad_playlists_are_refused(listener: Listener, body: dict[str, Any]) -> None:
    assert listener.post("/playlists", {"name": "Evenings", **body}).status_code == 422
    assert listener.get("/playlists").json()["items"] == []


def test_a_list_of_numbers_names_nothing_that_one_has_not_met(listener: Listener, sessions: Sessions) -> None:
    """A playlist of a thousand ids was the whole catalogue by name: what others play, in the order of its coming."""
    with sessions.begin() as session:
        (not_met,) = put_catalogue(session, [song("Nina", "Somebody else's")])
    for number in (not_met, 10**9):
        answer = listener.post("/playlists", {"name": "Evenings", "track_ids": [number]})
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": "track_ids", "message": f"there is no track {number}"}]


def test_two_changes_at_once_are_one_after_the_other(listener: Listener, tracks: list[int]) -> None:
    path = f"/playlists/{make(listener, track_ids=tracks)['id']}"
    orders = [tracks[at % 3 :] + tracks[: at % 3] for at in range(12)]
    with ThreadPoolExecutor(len(orders)) as pool:
        answers = list(pool.map(lambda order: listener.patch(path, {"track_ids": order}), orders))
    assert [(answer.status_code, ids(answer.json())) for answer in answers] == [(200, order) for order in orders]
    assert ids(listener.get(path).json()) in orders
