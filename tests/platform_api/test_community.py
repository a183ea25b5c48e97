"""People, posts, comments, reactions and notifications: who sees what, and what blocking does."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.db.session import Sessions
from tests.support.people import Listener

SignIn = Callable[..., Listener]
TRICKY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "👩‍👩‍👧 family",
    "שלום עולם",
    "e\u0301 combined",
    "ﷺ and ＡＢＣ",
]


@pytest.fixture
def friends(sign_in: SignIn) -> tuple[Listener, Listener]:
    """Ben follows Ada."""
    ada, ben = sign_in("ada"), sign_in("ben")
    assert ben.put(f"/people/{ada.handle}/follow").status_code == 204
    return ada, ben


def post(listener: Listener, **body: Any) -> dict[str, Any]:
    answer = listener.post("/posts", body or {"text": "hello"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def feed_ids(listener: Listener) -> list[int]:
    return [item["id"] for item in listener.get("/feed").json()["items"]]


def test_followers_see_a_post_and_strangers_do_not(friends: tuple[Listener, Listener], sign_in: SignIn) -> None:
    ada, ben = friends
    stranger = sign_in("cleo")
    written = post(ada, text="first")
    assert written["mine"] is True
    assert (written["comments"], written["reactions"], written["my_reactions"]) == ([], {}, [])
    assert feed_ids(ben) == feed_ids(ada) == [written["id"]]
    assert ben.get(f"/posts/{written['id']}").json()["mine"] is False
    assert feed_ids(stranger) == []
    assert stranger.get(f"/posts/{written['id']}").status_code == 404
    assert stranger.get(f"/people/{ada.handle}").json()["posts"] == []
    assert [one["id"] for one in ben.get(f"/people/{ada.handle}").json()["posts"]] == [written["id"]]


def test_the_feed_is_paged_newest_first(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    ids = [post(ada, text=str(number))["id"] for number in range(5)]
    first = ben.get("/feed?limit=2").json()
    assert [item["id"] for item in first["items"]] == ids[:2:-1]
    second = ben.get(f"/feed?limit=2&before={first['next_before']}").json()
    assert [item["id"] for item in second["items"]] == [ids[2], ids[1]]
    last = ben.get(f"/feed?limit=2&before={second['next_before']}").json()
    assert ([item["id"] for item in last["items"]], last["next_before"]) == ([ids[0]], None)


def test_a_wrap_is_kept_as_it_was(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada, span="2024")
    assert written["span"] == "2024"
    assert written["wrap"]["name"] == ada.account["display_name"]
    assert ben.get(f"/posts/{written['id']}").json()["wrap"] == written["wrap"]


@pytest.mark.parametrize("body", [{}, {"text": "   "}, {"text": "x" * 2001}, {"text": "a\u0000b"}, {"text": "a\u202eb"},
                                  {"span": "the day before yesterday"}, {"text": "x", "author_id": 1}])  # fmt: skip
def test_posts_that_say_nothing_usable_are_refused(listener: Listener, body: dict[str, Any]) -> None:
    assert listener.post("/posts", body).status_code == 422


@pytest.mark.parametrize("words", TRICKY)
def test_words_come_back_as_written(friends: tuple[Listener, Listener], words: str) -> None:
    ada, ben = friends
    written = post(ada, text=words)
    said = ben.post(f"/posts/{written['id']}/comments", {"text": words})
    assert said.status_code == 201
    answer = ben.get(f"/posts/{written['id']}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    expected = words.replace("e\u0301", "é")
    assert answer.json()["text"] == expected
    assert answer.json()["comments"][0]["text"] == expected


def test_comments_are_removed_by_their_author_or_the_posts(friends: tuple[Listener, Listener], sign_in: SignIn) -> None:
    ada, ben = friends
    cleo = sign_in("cleo")
    cleo.put(f"/people/{ada.handle}/follow")
    written = post(ada)["id"]
    by_ben, by_cleo = (one.post(f"/posts/{written}/comments", {"text": "hi"}).json()["id"] for one in (ben, cleo))
    assert ben.delete(f"/comments/{by_cleo}").status_code == 403
    assert ben.delete(f"/comments/{by_ben}").status_code == 204
    assert ada.delete(f"/comments/{by_cleo}").status_code == 204
    assert ada.get(f"/posts/{written}").json()["comments"] == []
    assert ada.delete(f"/comments/{by_cleo}").status_code == 404


def test_reactions_count_once_each(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada)["id"]
    for listener, kind in ((ben, "like"), (ben, "like"), (ben, "surprised"), (ada, "like")):
        assert listener.put(f"/posts/{written}/reactions/{kind}").status_code == 204
    seen = ben.get(f"/posts/{written}").json()
    assert seen["reactions"] == {"like": 2, "surprised": 1}
    assert seen["my_reactions"] == ["like", "surprised"]
    assert ben.delete(f"/posts/{written}/reactions/like").status_code == 204
    assert ben.get(f"/posts/{written}").json()["reactions"] == {"like": 1, "surprised": 1}
    assert ben.put(f"/posts/{written}/reactions/hate").status_code == 422


def test_only_the_author_deletes_a_post(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada)["id"]
    assert ben.delete(f"/posts/{written}").status_code == 403
    assert ada.delete(f"/posts/{written}").status_code == 204
    assert ada.get(f"/posts/{written}").status_code == 404


@pytest.mark.parametrize("to_react", [True, False])
def test_a_post_that_goes_meanwhile_is_not_there(
    friends: tuple[Listener, Listener], sessions: Sessions, to_react: bool
) -> None:
    """It was there when it was looked for, and gone when something was said to it."""
    ada, ben = friends
    written = post(ada)["id"]

    def say() -> int:
        if to_react:
            return ben.put(f"/posts/{written}/reactions/like").status_code
        return ben.post(f"/posts/{written}/comments", {"text": "hi"}).status_code

    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as session:
            session.execute(text("DELETE FROM posts WHERE id = :id"), {"id": written})
            answer = pool.submit(say)
            until_somebody_waits(session)
        assert answer.result(timeout=20) == 404


def until_somebody_waits(session: Session) -> None:
    deadline = time.monotonic() + 10
    while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_happened_is_told_once(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    written = post(ada)["id"]
    ben.put(f"/people/{ada.handle}/follow")
    ben.put(f"/posts/{written}/reactions/like")
    ben.put(f"/posts/{written}/reactions/like")
    ben.post(f"/posts/{written}/comments", {"text": "hi"})
    ada.post(f"/posts/{written}/comments", {"text": "to myself"})
    told = ada.get("/notifications").json()
    assert [(one["kind"], one["actor"]["handle"]) for one in told["items"]] == [
        ("commented", ben.handle), ("reacted", ben.handle), ("followed", ben.handle),
    ]  # fmt: skip
    assert told["unread"] == 3
    assert ada.post(f"/notifications/read?until={told['items'][0]['id']}").status_code == 204
    told = ada.get("/notifications").json()
    assert (told["unread"], {one["read"] for one in told["items"]}) == (0, {True})
    assert ben.get("/notifications").json()["items"] == []


def test_after_a_block_neither_sees_the_other(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    ada.put(f"/people/{ben.handle}/follow")
    by_ada, by_ben = post(ada)["id"], post(ben)["id"]
    ben.post(f"/posts/{by_ada}/comments", {"text": "hi"})
    assert ada.put(f"/people/{ben.handle}/block").status_code == 204

    assert feed_ids(ada) == [by_ada]
    assert feed_ids(ben) == [by_ben]
    assert ada.get(f"/posts/{by_ada}").json()["comments"] == []
    assert ada.get("/notifications").json() == {"items": [], "unread": 0, "next_before": None}
    assert ben.get(f"/posts/{by_ada}").status_code == 404
    assert ben.post(f"/posts/{by_ada}/comments", {"text": "hi"}).status_code == 404
    assert ben.put(f"/posts/{by_ada}/reactions/like").status_code == 404
    assert ben.put(f"/people/{ada.handle}/follow").status_code == 404
    assert ben.get(f"/people/{ada.handle}").status_code == 404
    assert ben.get("/people?query=ada").json()["items"] == []
    assert ada.get("/people?query=ben").json()["items"] == []
    assert ada.get(f"/people/{ben.handle}").json()["is_blocked"] is True
    assert ada.put(f"/people/{ben.handle}/follow").status_code == 409

    assert ada.delete(f"/people/{ben.handle}/block").status_code == 204
    assert ben.get(f"/people/{ada.handle}").json()["is_following"] is False


def test_somebody_who_cannot_be_found_can_be_blocked(friends: tuple[Listener, Listener], sign_in: SignIn) -> None:
    """Their comment stood under the post of a friend, and nothing could be done about it."""
    ada, ben = friends
    eve = sign_in("eve")
    eve.put(f"/people/{ada.handle}/follow")
    eve.patch("/me", json={"discoverable": False})
    written = post(ada)["id"]
    assert eve.post(f"/posts/{written}/comments", {"text": "unwelcome"}).status_code == 201
    assert len(ben.get(f"/posts/{written}").json()["comments"]) == 1
    assert ben.put(f"/people/{eve.handle}/block").status_code == 204
    assert ben.get(f"/posts/{written}").json()["comments"] == []


def test_search_finds_by_handle_and_name_but_not_those_who_do_not_want_it(sign_in: SignIn) -> None:
    ada, ben = sign_in("ada"), sign_in("ben")
    ben.patch("/me", {"display_name": "Benedikt 100%_sure"})
    for query in ("be", "BEN", "edikt", "100%", "%_s"):
        assert [one["handle"] for one in ada.get("/people", params={"query": query}).json()["items"]] == ["ben"], query
    assert ada.get("/people", params={"query": "%"}).json()["items"][0]["handle"] == "ben"
    assert ada.get("/people", params={"query": "e_i"}).json()["items"] == []
    ben.patch("/me", {"discoverable": False})
    assert ada.get("/people?query=ben").json()["items"] == []
    assert ada.get("/people/ben").status_code == 404
    assert [one["is_me"] for one in ben.get("/people?query=ben").json()["items"]] == [True]


def test_a_profile_counts(friends: tuple[Listener, Listener]) -> None:
    ada, ben = friends
    seen = ben.get(f"/people/{ada.handle.upper()}").json()
    assert (seen["followers"], seen["following"], seen["is_following"], seen["is_me"]) == (1, 0, True, False)
    assert ben.delete(f"/people/{ada.handle}/follow").status_code == 204
    assert ben.get(f"/people/{ada.handle}").json()["followers"] == 0
    assert ada.put(f"/people/{ada.handle}/follow").status_code == 409
    assert ada.put(f"/people/{ada.handle}/block").status_code == 409
    assert ada.put("/people/nobody-here/follow").status_code == 404
