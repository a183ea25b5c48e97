"""One's own history put right in a browser, and everything taken back."""

import re

from playwright.sync_api import Page, expect

from tests.support.pages import enter
from tests.support.people import Listener


def totals(listener: Listener) -> tuple[int, int, int]:
    told = listener.get("/analysis/totals").json()
    return told["plays"], told["tracks"], told["ms_played"]


def test_plays_are_corrected_and_deleted_artists_left_out_and_all_of_it_taken_back(page: Page, ada: Listener) -> None:
    before = totals(ada)
    enter(page, "ada")
    page.goto("/history")
    newest = ada.get("/plays?limit=1").json()["items"][0]
    row = page.locator("[data-play]").first
    row.focus()
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_label("How long").fill("1:00")
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_text("Corrected.")).to_be_visible()
    assert totals(ada)[2] == before[2] - newest["ms_played"] + 60_000

    page.locator("[data-play]").first.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("1 play deleted. No import brings it back.")).to_be_visible()
    assert totals(ada)[0] == before[0] - 1
    page.get_by_role("button", name="2 changes by hand").click()
    for _ in range(2):
        page.get_by_role("dialog").get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert totals(ada) == before

    artist = newest["track"]["artist"]
    page.goto(f"/artists/{artist['id']}")
    page.get_by_role("button", name="Leave out of everything").click()
    expect(page.get_by_role("heading", name="Left out of everything")).to_be_visible()
    assert totals(ada)[0] < before[0]
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Leave out of everything")).to_be_visible()
    assert totals(ada) == before


def test_recordings_are_accepted_refused_merged_by_hand_and_taken_apart(page: Page, ada: Listener) -> None:
    before = totals(ada)
    enter(page, "ada")
    page.goto("/recordings")
    page.get_by_role("button", name="Not the same").click()
    expect(page.get_by_role("heading", name="1 pair you keep apart")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing looks like the same recording")).to_be_visible()
    page.get_by_role("button", name="Ask me again").click()
    page.get_by_role("button", name="Count together", exact=True).click()
    expect(page.get_by_role("heading", name="1 recording of yours on several albums")).to_be_visible()
    assert totals(ada) == (before[0], before[1] - 1, before[2])

    for label, name in (("The one that stays", "Song 20"), ("The one that counts as it", "Song 31")):
        page.get_by_label(label).fill(name)
        page.get_by_role("button", name=re.compile(f"^{name} ")).click()
    page.get_by_role("button", name="Count these together").click()
    expect(page.get_by_role("heading", name="2 recordings of yours on several albums")).to_be_visible()
    assert totals(ada) == (before[0], before[1] - 2, before[2])
    merged = ada.get("/recordings/merges").json()["items"]
    assert {item["others"][0]["why"] for item in merged} == {"name", "by_hand"}

    for _ in range(2):
        page.get_by_role("button", name="Count apart").first.click()
        expect(page.get_by_text("Counted apart again, as before.").last).to_be_visible()
    expect(page.get_by_role("button", name="Count apart")).to_have_count(0)
    assert totals(ada) == before
