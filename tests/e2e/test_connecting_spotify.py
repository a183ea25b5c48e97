"""Connect Spotify in a browser: to the page of consent (the stand-in's), back, plays that come, and the way out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from demo.spotify.music import Music
from platform_api.core.settings import Settings
from tests.support.pages import enter
from tests.support.people import Listener
from tests.support.spotify import StandIn, running_stand_in, settings_with


@pytest.fixture(scope="module")
def fresh_stand_in() -> Iterator[Callable[[], StandIn]]:
    with running_stand_in(Music()) as fresh:
        yield fresh


@pytest.fixture
def stand_in(fresh_stand_in: Callable[[], StandIn]) -> StandIn:
    stand_in = fresh_stand_in()
    stand_in.clock.now = datetime.now(UTC)  # the product's clock, which nobody moves here
    return stand_in


@pytest.fixture
def settings(settings: Settings, stand_in: StandIn) -> Settings:
    return settings_with(stand_in, settings)


def test_spotify_is_connected_and_disconnected(stand_in: StandIn, page: Page, sign_in: Callable[..., Listener]) -> None:
    account = stand_in.account()
    for at in range(3):
        account.play(stand_in.clock.now - timedelta(minutes=10 * (at + 1)), at)
    ada = sign_in("ada")
    enter(page, "ada")
    page.goto("/settings")

    page.get_by_role("button", name="Connect Spotify").click()
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    assert ada.get("/spotify").json()["connection"] is None

    page.get_by_role("link", name="Back to Settings").click()
    page.get_by_role("button", name="Connect Spotify").click()
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("heading", name="Your plays come by themselves")).to_be_visible()
    expect(page.get_by_text("3 plays,")).to_be_visible()
    assert [play["source"] for play in ada.get("/plays").json()["items"]] == ["spotify_api"] * 3

    page.goto("/home")
    expect(page.get_by_text("nobody told how long 3 plays lasted")).to_be_visible()

    page.goto("/settings")
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it all now").click()
    expect(
        page.get_by_role("heading", name="Spotify is disconnected").or_(
            page.get_by_role("heading", name="Your plays can come by themselves")
        )
    ).to_be_visible()
    expect(page.get_by_role("button", name="Connect Spotify")).to_be_visible()
    assert ada.get("/plays").json()["items"] == []
