"""Every main page as axe sees it, in light and in dark: no serious or critical barrier; and none scrolls sideways."""

import re

from playwright.sync_api import Page, ViewportSize

from tests.support.pages import barriers, beyond_the_edge, enter, visit
from tests.support.people import Listener

PAGES = (
    "/home", "/explore/when?span=2024&against=2023", "/explore/what", "/explore/how", "/explore/new", "/history",
    "/recordings", "/wraps", "/wrap/2024", "/story/2024", "/habits", "/for-you", "/sound", "/community",
    "/people/{handle}", "/playlists", "/loved", "/notifications", "/import", "/settings", "/tracks/{track}",
    "/artists/{artist}", "/albums/{album}", "/top/tracks?span=2024", "/meanings", "/nowhere",
)  # fmt: skip

WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=844)
"""Where a page has to do without scrolling sideways (WCAG 2.2, 1.4.10 Reflow)."""
OPENED = {"/explore/how": "Time shown", "/history": "Add a play", "/settings": "Delete my account"}
"""What opens above a page, by the button that opens it."""


def test_no_page_stands_in_anybodys_way(page: Page, ada: Listener) -> None:
    track = ada.get("/plays?limit=1").json()["items"][0]["track"]
    named = {"track": track["id"], "artist": track["artist"]["id"], "album": track["album"]["id"], "handle": ada.handle}
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visit(page, "/")
    found = {"the door": barriers(page)}
    enter(page, "ada")
    for path in PAGES:
        page.emulate_media(color_scheme="light")
        visit(page, path.format(**named))
        found[path] = barriers(page)
        page.emulate_media(color_scheme="dark")
        found[f"{path}, dark"] = barriers(page, rules=("color-contrast",))
        page.set_viewport_size(PHONE)
        found[f"{path}, on a phone"] = barriers(page, rules=("target-size", "scrollable-region-focusable"))
        page.set_viewport_size(NARROW)
        found[f"{path}, narrow"] = beyond_the_edge(page)
        page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    for path, button in OPENED.items():
        visit(page, path)
        page.get_by_role("button", name=re.compile(f"^{button}")).click()
        found[f"{path}, {button}"] = barriers(page)
    told = [f"{path}: {line}" for path, lines in found.items() for line in lines]
    assert not told, "\n".join(told)
