"""Where the focus goes and what is told beside it, as only a browser can say; and a wrap on screens that are low."""

import re

from playwright.sync_api import Page, ViewportSize, expect

from tests.support.pages import enter, visit
from tests.support.people import Listener

LOW = (ViewportSize(width=844, height=340), ViewportSize(width=320, height=553), ViewportSize(width=1366, height=650))


def test_the_focus_stays_with_what_one_does(page: Page, ada: Listener) -> None:
    tracks = list(dict.fromkeys(row["track"]["id"] for row in ada.get("/plays?limit=20").json()["items"]))[:3]
    playlist = ada.post("/playlists", {"name": "Evenings", "track_ids": tracks}).json()
    enter(page, "ada")

    page.goto("/history")
    row = page.locator("[data-play]").first
    row.focus()
    page.keyboard.press("e")
    refusal = {"title": "Refused", "status": 409, "detail": "Not like this."}
    page.route("**/api/v1/plays/corrections", lambda route: route.fulfill(status=409, json=refusal))
    page.get_by_label("How long").fill("1:00")
    page.keyboard.press("Enter")
    told = page.get_by_role("button", name=re.compile("Nothing was changed. Not like this."))
    told.click()  # it would be under the dialog, and dead
    expect(told).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row).to_be_focused()

    page.get_by_role("link", name="Playlists").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.goto(f"/playlists/{playlist['id']}")
    name = playlist["tracks"][0]["name"]
    down = page.get_by_role("button", name=f"Move {name} down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main ol > li").nth(1)).to_contain_text(name)
    expect(down).to_be_focused()


def test_a_wrap_shows_all_five_on_a_low_screen(page: Page, ada: Listener) -> None:  # noqa: ARG001
    page.emulate_media(reduced_motion="reduce")
    enter(page, "ada")
    for size in LOW:
        page.set_viewport_size(size)
        visit(page, "/wrap/2024")
        while not page.get_by_role("heading", name="The five that made the sound of it").count():
            page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="The five that made the sound of it")).to_be_in_viewport(ratio=1)
        for at in range(5):
            expect(page.locator("main ol > li").nth(at)).to_be_in_viewport(ratio=1)
