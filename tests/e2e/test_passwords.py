"""A forgotten password, from the sign-in page to being signed in again, and a changed one, in a real browser."""

from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from platform_api.core.settings import Settings
from stack import accounts

INSIDE = "Nothing on the disc yet"


def sign_up(page: Page, email: str, password: str) -> None:
    page.goto("/")
    page.get_by_role("radio", name="Create an account").click()
    page.get_by_label("Your name").fill("Nora")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name=INSIDE)).to_be_visible()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_forgotten_password_is_replaced_and_a_known_one_changed(
    page: Page, browser: Browser, product: str, settings: Settings
) -> None:
    email = f"nora-{datetime.now(UTC):%H%M%S%f}@example.org"
    sign_up(page, email, "forgotten soon")

    elsewhere = browser.new_context(base_url=product)
    other = elsewhere.new_page()
    sign_in(other, email, "not this one")
    expect(other.get_by_role("alert")).to_contain_text("do not go together")
    other.get_by_role("button", name="Forgot your password?").click()
    expect(other.get_by_label("E-mail")).to_have_value(email)
    other.get_by_role("button", name="Get a link to a new password").click()
    expect(other.get_by_text(f"make password EMAIL={email}")).to_be_visible()

    service = f"http://{settings.firebase.auth_emulator_host}"
    code = accounts.link_code(service, settings.firebase.project_id, email)
    other.goto(f"/new-password?oobCode={code}")
    other.get_by_role("textbox", name="New password").fill("remembered now")
    other.get_by_role("button", name="Keep it and sign in").click()
    expect(other.get_by_role("heading", name=INSIDE)).to_be_visible()

    other.goto("/settings")
    other.get_by_role("textbox", name="Password as it is").fill("forgotten soon")
    other.get_by_role("textbox", name="New password").fill("better than that")
    other.get_by_role("button", name="Change it").click()
    expect(other.get_by_text("This is not your password")).to_be_visible()
    other.get_by_role("textbox", name="Password as it is").fill("remembered now")
    other.get_by_role("button", name="Change it").click()
    expect(other.get_by_text("Your password is the new one from now on")).to_be_visible()
    other.goto("/home")
    expect(other.get_by_role("heading", name=INSIDE)).to_be_visible()
    elsewhere.close()

    third = browser.new_context(base_url=product)
    again = third.new_page()
    again.goto(f"/new-password?oobCode={code}")
    expect(again.get_by_role("alert")).to_contain_text("This link was used already")
    sign_in(again, email, "remembered now")
    expect(again.get_by_role("alert")).to_contain_text("do not go together")
    sign_in(again, email, "better than that")
    expect(again.get_by_role("heading", name=INSIDE)).to_be_visible()
    third.close()


def test_of_nobody_there_is_no_link(settings: Settings) -> None:
    service = f"http://{settings.firebase.auth_emulator_host}"
    assert accounts.link_code(service, settings.firebase.project_id, "nobody@example.org") is None
