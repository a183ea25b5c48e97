"""Questions asked in a browser: parts, comparisons, charts by keyboard, and the way from a number to its plays."""

import re

from playwright.sync_api import Page, expect

from tests.support.pages import enter
from tests.support.people import Listener


def test_questions_are_asked_by_hand_and_by_keyboard(page: Page, ada: Listener) -> None:
    enter(page, "ada")
    page.goto("/explore/when?span=2024")
    year = ada.get("/analysis/totals?span=2024").json()
    heard = year["days_active"]
    expect(page.get_by_role("heading", name=re.compile(f"There was music on {heard} of "))).to_be_visible()

    page.get_by_role("button", name="Compare with: nothing. Change").click()
    page.get_by_role("button", name="2023", exact=True).click()
    before = ada.get("/analysis/totals?span=2023").json()["days_active"]
    expect(page.get_by_text(f"In 2023 it was on {before} days.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("grew most beside 2023$"))).to_be_visible()
    assert page.url.endswith("span=2024&against=2023")

    months = page.get_by_role("slider", name=re.compile("^Listens per month"))
    months.focus()
    page.keyboard.press("End")
    points = ada.get("/analysis/timeline?span=2024").json()["points"]
    expect(months).to_have_attribute("aria-valuetext", re.compile(f"^December 2024: {points[-1]['listens']} listens"))
    page.keyboard.press("ArrowLeft")
    expect(months).to_have_attribute("aria-valuetext", re.compile(f"^November 2024: {points[-2]['listens']} listens"))
    page.keyboard.press("Enter")
    page.wait_for_url("**span=2024-11**")

    page.get_by_role("link", name="What", exact=True).click()
    page.wait_for_url("**/explore/what?span=2024-11**")
    first = ada.get("/analysis/top/artists?span=2024-11").json()["items"][0]
    expect(page.get_by_role("heading", name=re.compile(f"^{first['name']} was your artist"))).to_be_visible()
    breadth = page.get_by_role("region", name=re.compile("^Half of what you heard came from"))
    breadth.get_by_role("button", name="Show as table").click()
    expect(breadth.get_by_role("cell", name="Artists", exact=True)).to_be_visible()

    page.get_by_role("link", name="How", exact=True).click()
    ways = ada.get("/analysis/ways?span=2024-11").json()
    expect(
        page.get_by_role("heading", name=f"You skip {ways['skip_share']:.0%} of what starts".replace("%", "\u00a0%"))
    ).to_be_visible()
    page.get_by_role("link", name=re.compile("the plays behind it$")).first.click()
    page.wait_for_url("**/history?span=2024-11&track_id=*")
    expect(page.get_by_role("button", name=re.compile("^Only Song "))).to_be_visible()

    page.goto("/explore/when?span=2024-06")
    page.get_by_role("button", name="Compare with: nothing. Change").click()
    page.get_by_label("From", exact=True).fill("2023-03-01")
    page.get_by_label("To", exact=True).fill("2023-04-15")
    page.get_by_role("button", name="These days").click()
    page.wait_for_url("**against=2023-03-01..2023-04-15")
    other = ada.get("/analysis/totals?span=2023-03-01..2023-04-15").json()["days_active"]
    expect(page.get_by_text(f"it was on {other} days.")).to_be_visible()

    page.goto("/explore/new?span=2024-W02")
    expect(page.get_by_role("button", name=re.compile("^Time shown: Week 2, 2024"))).to_be_visible()
    page.get_by_role("button", name="Later", exact=True).click()
    page.wait_for_url("**span=2024-W03")
