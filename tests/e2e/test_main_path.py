"""Sign in → import → progress → wrap → recommendation → share, in a real browser."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support.histories import extended_row, extended_zip

FIRST = datetime(2024, 1, 1, 20, 0, tzinfo=UTC)
DAYS = 420
PLAYS_A_DAY = 5


def a_history() -> list[dict[str, Any]]:
    """Evenings of 14 months with the dirt of real exports: a row twice, a row without a name, a silent one."""
    rows = [
        extended_row(FIRST + timedelta(days=day, minutes=4 * play), track=(day * play) % 37)
        for day in range(DAYS)
        for play in range(1, PLAYS_A_DAY + 1)
    ]
    nameless: dict[str, Any] = {
        "master_metadata_track_name": None,
        "master_metadata_album_artist_name": None,
        "spotify_track_uri": None,
    }
    return [*rows, rows[10], extended_row(FIRST, **nameless), {**rows[20], "ts": "not a time"}]


def create_account(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("radio", name="Create an account").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.lower()}-e2e-{datetime.now(UTC):%H%M%S%f}@example.org")
    page.get_by_label("Password").fill("correct-horse")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Nothing on the disc yet")).to_be_visible()


def bring_history(page: Page) -> None:
    page.get_by_role("link", name="Bring your history").click()
    payload = FilePayload(name="my_spotify_data.zip", mimeType="application/zip", buffer=extended_zip(a_history()))
    page.get_by_label("Files to import").set_input_files(payload)
    expect(page.get_by_role("region", name="Ledger of this import")).to_be_visible()


def a_stranger_sees_artists_but_no_tracks(browser: Browser, link: str) -> None:
    stranger = browser.new_context()
    shared = stranger.new_page()
    served = shared.goto(link)
    assert served is not None
    # what a chat shows of the link: it runs no script
    assert "<title>2024, as Mara heard it</title>" in served.text()
    expect(shared).to_have_title("2024, as Mara heard it · Tonearm")
    assert "/card.png" in str(shared.locator("meta[property='og:image']").get_attribute("content"))
    expect(shared.get_by_text("as they heard it", exact=True)).to_be_visible()
    seen = ""
    while shared.get_by_role("link", name="Make your own").count() == 0:
        seen += shared.get_by_role("main").inner_text()
        shared.keyboard.press("ArrowRight")
    assert "Artist 0" in seen
    assert "Song " not in seen
    stranger.close()


def test_from_sign_in_to_share(page: Page, browser: Browser, tmp_path: Path) -> None:
    create_account(page, "Mara")
    bring_history(page)

    ledger = page.get_by_role("region", name="Ledger of this import")
    rows = len(a_history())
    sums = ledger.get_by_text(re.compile(r"\d+ \+ \d+ \+ \d+ \+ \d+ = "))
    numbers = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", sums.inner_text())]
    accepted, duplicate, skipped, broken, total = numbers
    assert accepted + duplicate + skipped + broken == total == rows
    assert (accepted, duplicate) == (DAYS * PLAYS_A_DAY, 1)

    ledger.get_by_role("link", name="See what is in it").click()
    page.get_by_role("button", name=re.compile("^Time shown")).click()
    page.get_by_role("button", name="2024", exact=True).click()
    expect(page.get_by_role("heading", name="minutes of listening in 2024")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("You listen most on"))).to_be_visible()

    page.get_by_role("link", name="Play the wrap").click()
    expect(page.get_by_text("as you heard it", exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("You let the needle down for")).to_be_visible()
    page.keyboard.press("End")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save tall card").click()
    card = tmp_path / "card.png"
    download.value.save_as(card)
    assert png_size(card) == (1080, 1920)

    page.get_by_label("Words for your post").fill("Evenings, mostly.")
    page.get_by_role("button", name="Share as a post").click()
    expect(page.get_by_text("Posted.")).to_be_visible()
    page.get_by_role("button", name="Make a share link").click()
    page.get_by_role("checkbox", name="Tracks and albums").uncheck()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Share link", exact=True).input_value()

    page.goto("/for-you?wish=comfort")
    expect(page.get_by_role("button", name=re.compile("^Love "))).not_to_have_count(0)
    expect(page.get_by_text(re.compile("Answered by|plainer answer")).first).to_be_visible()
    page.get_by_role("button", name="Make a playlist").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("button", name="Rename")).to_be_visible()

    page.goto("/community")
    expect(page.get_by_role("article", name="Post by Mara")).to_contain_text("Evenings, mostly.")

    a_stranger_sees_artists_but_no_tracks(browser, link)


def test_an_import_is_undone_on_request(page: Page) -> None:
    create_account(page, "Ole")
    bring_history(page)
    page.get_by_role("group").filter(has_text="my_spotify_data.zip").locator("summary").first.click()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo import").click()
    expect(page.get_by_role("heading", name="These plays are out of your history")).to_be_visible()
    page.goto("/home")
    expect(page.get_by_role("heading", name="Nothing on the disc yet")).to_be_visible()


def test_signed_out_people_see_the_door_and_come_back_to_where_they_wanted(page: Page) -> None:
    page.goto("/habits")
    page.wait_for_url("**/sign-in?next=%2Fhabits")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def png_size(path: Path) -> tuple[int, int]:
    """Width and height out of the PNG's header."""
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    return int.from_bytes(header[16:20]), int.from_bytes(header[20:24])
