"""What a block ends, for everybody who reads along, how it is taken back, and that it tells nobody that it is there."""

from collections.abc import Callable

import pytest

from tests.support.people import Listener

SignIn = Callable[..., Listener]


@pytest.fixture
def three(sign_in: SignIn) -> tuple[Listener, Listener, Listener]:
    """Ben and Cleo follow Ada."""
    ada, ben, cleo = sign_in("ada"), sign_in("ben"), sign_in("cleo")
    for follower in (ben, cleo):
        assert follower.put("/people/ada/follow").status_code == 204
    return ada, ben, cleo


def handles(listener: Listener, of: str) -> list[str]:
    return [one["handle"] for one in listener.get(f"/people/{of}").json()["items"]]


@pytest.mark.parametrize("by_author", [True, False])
def test_words_under_a_post_end_for_everybody_with_a_block(
    three: tuple[Listener, Listener, Listener], by_author: bool
) -> None:
    """Ada did not see the comment any more, so she could not delete it; everybody else went on reading it."""
    ada, ben, cleo = three
    written = ada.post("/posts", {"text": "hello"}).json()["id"]
    assert ben.post(f"/posts/{written}/comments", {"text": "unwelcome"}).status_code == 201
    for one in (ben, cleo):
        assert one.put(f"/posts/{written}/reactions/like").status_code == 204
    if by_author:
        ada.put("/people/ben/block")
    else:
        ben.put("/people/ada/block")
    for reader in (ada, cleo):
        seen = reader.get(f"/posts/{written}").json()
        assert (seen["comments"], seen["reactions"]) == ([], {"like": 1}), reader.handle
        (in_feed,) = reader.get("/feed").json()["items"]
        assert (in_feed["comments"], in_feed["reactions"]) == ([], {"like": 1}), reader.handle
    assert [one["actor"]["handle"] for one in ada.get("/notifications").json()["items"]] == ["cleo", "cleo"]


def test_reactions_of_somebody_blocked_are_not_counted(three: tuple[Listener, Listener, Listener]) -> None:
    ada, ben, cleo = three
    written = ada.post("/posts", {"text": "hello"}).json()["id"]
    ben.put(f"/posts/{written}/reactions/like")
    cleo.put("/people/ben/block")
    assert cleo.get(f"/posts/{written}").json()["reactions"] == {}
    assert ada.get(f"/posts/{written}").json()["reactions"] == {"like": 1}


def test_whom_one_blocked_is_found_again(three: tuple[Listener, Listener, Listener]) -> None:
    ada, _ben, _cleo = three
    for handle in ("cleo", "ben"):
        ada.put(f"/people/{handle}/block")
    first = ada.get("/people/blocked?limit=1").json()
    assert ([one["handle"] for one in first["items"]], first["next_after"]) == (["ben"], "ben")
    second = ada.get("/people/blocked?limit=1&after=Ben").json()
    assert ([one["handle"] for one in second["items"]], second["next_after"]) == (["cleo"], "cleo")
    assert ada.get("/people/blocked?limit=1&after=cleo").json() == {"items": [], "next_after": None}
    assert {one["is_blocked"] for one in first["items"] + second["items"]} == {True}
    ada.delete("/people/ben/block")
    assert handles(ada, "blocked") == ["cleo"]


def test_followers_are_listed_and_can_be_taken_away(three: tuple[Listener, Listener, Listener]) -> None:
    ada, ben, _cleo = three
    assert handles(ada, "followers") == ["ben", "cleo"]
    assert handles(ben, "following") == ["ada"]
    assert handles(ada, "following") == handles(ben, "followers") == []
    written = ada.post("/posts", {"text": "hello"}).json()["id"]
    assert ada.delete("/people/followers/ben").status_code == 204
    assert handles(ada, "followers") == ["cleo"]
    assert ben.get(f"/posts/{written}").status_code == 404
    assert [one["actor"]["handle"] for one in ada.get("/notifications").json()["items"]] == ["cleo"]
    assert ben.get("/notifications").json()["items"] == []
    assert ben.put("/people/ada/follow").status_code == 204


def test_blocking_somebody_hidden_opens_nothing(sign_in: SignIn) -> None:
    ada, eve = sign_in("ada"), sign_in("eve")
    eve.patch("/me", {"discoverable": False, "display_name": "Evelyn"})
    ada.put("/people/eve/block")
    seen = ada.get("/people/eve").json()
    assert (seen["display_name"], seen["is_blocked"]) == ("eve", True)
    assert [seen[name] for name in ("joined_at", "followers", "following", "posts")] == [None, None, None, []]
    assert [one["display_name"] for one in ada.get("/people/blocked").json()["items"]] == ["eve"]
    eve.patch("/me", {"discoverable": True})
    assert ada.get("/people/eve").json()["display_name"] == "Evelyn"


def test_who_was_blocked_is_not_told_that_somebody_is_there(sign_in: SignIn) -> None:
    ada, ben = sign_in("ada"), sign_in("ben")
    ada.put("/people/ben/block")
    for method, path in [
        ("GET", "/people/{}"), ("PUT", "/people/{}/follow"), ("DELETE", "/people/{}/follow"),
        ("PUT", "/people/{}/block"), ("DELETE", "/people/{}/block"), ("DELETE", "/people/followers/{}"),
    ]:  # fmt: skip
        about_ada, about_nobody = (ben.request(method, path.format(handle)) for handle in ("ada", "nobody-here"))
        assert about_ada.status_code == about_nobody.status_code, path
        assert about_ada.content == about_nobody.content, path
        assert method != "DELETE" or about_ada.status_code == 204, path
    assert handles(ben, "blocked") == []
    assert handles(ada, "blocked") == ["ben"]


def test_after_a_block_is_taken_back_the_other_may_block(sign_in: SignIn) -> None:
    ada, ben = sign_in("ada"), sign_in("ben")
    ada.put("/people/ben/block")
    ben.patch("/me", {"display_name": "Benedikt"})
    assert ben.put("/people/ada/block").status_code == 404
    ada.delete("/people/ben/block")
    assert ben.put("/people/ada/block").status_code == 204
    assert ada.put("/people/ben/block").status_code == 404


def test_asking_who_is_there_by_taking_back_is_limited(listener: Listener) -> None:
    answers = [listener.delete(f"/people/nobody-{number}/{what}").status_code
               for number in range(151) for what in ("follow", "block")]  # fmt: skip
    assert (answers[0], answers[-1]) == (204, 429)
