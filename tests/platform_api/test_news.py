"""What happened is told as long as it is so, nothing is read before it was shown, and all of it can be reached."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.people import Listener

SignIn = Callable[..., Listener]


@pytest.fixture
def friends(sign_in: SignIn) -> tuple[Listener, Listener]:
    """Ben follows Ada, who read of it."""
    ada, ben = sign_in("ada"), sign_in("ben")
    ben.put(f"/people/{ada.handle}/follow")
    read(ada, news(ada)[0]["id"])
    return ada, ben


def news(listener: Listener) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = listener.get("/notifications").json()["items"]
    return items


def read(listener: Listener, until: int) -> None:
    assert listener.post(f"/notifications/read?until={until}").status_code == 204


def post(listener: Listener) -> int:
    return int(listener.post("/posts", {"text": "hello"}).json()["id"])


def test_what_came_after_the_newest_shown_stays_unread(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada)
    for words in ("one", "two", "three"):
        ben.post(f"/posts/{written}/comments", {"text": words})
    newest, shown = news(ada)[:2]
    read(ada, shown["id"])
    told = ada.get("/notifications").json()
    assert told["unread"] == 1
    assert [one["id"] for one in told["items"] if not one["read"]] == [newest["id"]]
    assert ada.post("/notifications/read").status_code == 422


def test_others_are_not_read_with_ones_own(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    ada.put(f"/people/{ben.handle}/follow")
    read(ada, 2**63 - 1)
    assert ben.get("/notifications").json()["unread"] == 1


def test_older_news_is_asked_for_page_by_page(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada)
    for number in range(4):
        ben.post(f"/posts/{written}/comments", {"text": str(number)})
    every, found, before = [one["id"] for one in news(ada)], [], ""
    for _ in range(3):
        page = ada.get(f"/notifications?limit=2{before}").json()
        found += [one["id"] for one in page["items"]]
        before = f"&before={page['next_before']}"
    assert found == every
    assert page["next_before"] is None


def test_what_is_taken_back_is_news_no_longer(friends: tuple[Listener, Listener]) -> None:
    """A follow taken back and given again, over and over, filled the list of the other."""
    ada, ben = friends
    written = post(ada)
    for _ in range(3):
        ben.delete(f"/people/{ada.handle}/follow")
        ben.put(f"/people/{ada.handle}/follow")
        ben.put(f"/posts/{written}/reactions/like")
        ben.put(f"/posts/{written}/reactions/same")
        ben.delete(f"/posts/{written}/reactions/like")
        said, kept = (ben.post(f"/posts/{written}/comments", {"text": words}).json()["id"] for words in ("no", "yes"))
        ben.delete(f"/comments/{said}")
    assert [(one["kind"], one["detail"]) for one in news(ada)].count(("reacted", "same")) == 1
    assert [one["kind"] for one in news(ada)].count("reacted") == 1
    assert [one["kind"] for one in news(ada)].count("followed") == 1
    assert [one["kind"] for one in news(ada)].count("commented") == 3
    ada.delete(f"/comments/{kept}")
    assert [one["kind"] for one in news(ada)].count("commented") == 2
    ben.delete(f"/people/{ada.handle}/follow")
    assert "followed" not in [one["kind"] for one in news(ada)]


def test_what_was_said_to_a_post_is_news_as_long_as_the_post(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    gone, stays = post(ada), post(ada)
    for written in (gone, stays):
        ben.post(f"/posts/{written}/comments", {"text": "hi"})
        ben.put(f"/posts/{written}/reactions/like")
    ada.delete(f"/posts/{gone}")
    assert [(one["kind"], one["post_id"]) for one in news(ada)] == [
        ("reacted", stays), ("commented", stays), ("followed", None),
    ]  # fmt: skip


def test_a_follow_that_a_block_ended_is_no_news_after_it(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    ada.put(f"/people/{ben.handle}/block")
    ada.delete(f"/people/{ben.handle}/block")
    assert news(ada) == []
