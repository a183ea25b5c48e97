"""Pictures of the documentation, from a running demo: `.venv/bin/python -m tests.e2e.pictures ADDRESS EMAIL`."""

import sys
from datetime import date
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.support.browser import open_browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PASSWORD = "a-needle-in-the-groove"
YEAR = str(date.today().year)
WIDE: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
Shots = tuple[ViewportSize, Literal["light", "dark"], dict[str, str]]
SHOTS: list[Shots] = [
    (WIDE, "light", {"home": "/home", "explore-when": "/explore/when", "explore-new": "/explore/new"}),
    (WIDE, "dark", {"explore-how": "/explore/how"}),
    (PHONE, "dark", {"home-phone": "/home"}),
]
STILL_MS = 900


def main(address: str, email: str) -> None:
    with open_browser() as browser:
        for size, scheme, shots in SHOTS:
            page = browser.new_context(base_url=address, viewport=size, color_scheme=scheme).new_page()
            sign_in(page, email)
            for name, path in shots.items():
                take(page, name, f"{path}?span={YEAR}")
            if size == WIDE and scheme == "light":
                take(page, "wrap", f"/wrap/{YEAR}")
                page.get_by_role("main").press("End")
                page.get_by_role("button", name="Make a share link").click()
                take(page, "share", None)


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home*")


def take(page: Page, name: str, path: str | None) -> None:
    if path:
        page.goto(path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(STILL_MS)
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:3])
