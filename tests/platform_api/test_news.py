"""What happened is told as long as it is so, nothing is read before it was shown, and all of it can be reached."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.services.community.month_ends import tell_of_ended_months
from tests.support.histories import bring_and_work, extended_row, extended_zip
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


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00Z")


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


def test_that_a_month_is_over_is_told_once_by_the_listener_s_own_clock(
    sign_in: SignIn, settings: Settings, sessions: Sessions
) -> None:
    """To who listened in it; what workers may ask all at once is asked by two."""
    ada, ben, eve = sign_in("ada"), sign_in("ben"), sign_in("eve")
    for listener, zone in ((ada, "Pacific/Auckland"), (ben, "America/New_York"), (eve, "America/New_York")):
        assert listener.patch("/me", {"time_zone": zone}).status_code == 200
    heard = [extended_row(on("2024-11-20")), extended_row(on("2024-12-20"))]
    for listener in (ada, ben):
        bring_and_work(listener, settings, extended_zip(heard))
    bring_and_work(eve, settings, extended_zip([extended_row(on("2024-10-20"))]))
    everybody = (ada, ben, eve)

    def told(moment: str) -> list[list[str]]:
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(lambda _: look(datetime.fromisoformat(moment)), range(2)))
        return [[one["span"] for one in news(each) if one["kind"] == "span_over"] for each in everybody]

    def look(moment: datetime) -> None:
        with sessions.begin() as session:
            tell_of_ended_months(session, moment)

    assert told("2024-11-30T16:30:00Z") == [[], [], []], "half past five in Auckland: late plays may still come"
    assert told("2024-11-30T17:30:00Z") == [["2024-11"], [], []]
    assert told("2024-12-01T10:30:00Z") == [["2024-11"], [], []], "half past five in New York"
    assert told("2024-12-01T11:30:00Z") == told("2024-12-07T11:30:00Z") == [["2024-11"], ["2024-11"], []]
    assert ada.patch("/me", {"time_zone": "America/New_York"}).status_code == 200
    assert told("2024-12-02T11:30:00Z") == [["2024-11"], ["2024-11"], []], "who moves is told no second time"
    january = ["2024", "2024-12", "2024-11"]
    assert told("2025-01-02T12:00:00Z") == [january, january, []]


def test_a_history_that_comes_later_brings_no_old_news(sign_in: SignIn, settings: Settings, sessions: Sessions) -> None:
    ada = sign_in("ada")
    bring_and_work(ada, settings, extended_zip([extended_row(on("2024-11-20"))]))
    with sessions.begin() as session:
        tell_of_ended_months(session, datetime(2024, 12, 20, tzinfo=UTC))
        tell_of_ended_months(session, datetime(2025, 1, 2, tzinfo=UTC))
    assert [one for one in news(ada) if one["kind"] == "span_over"] == []
