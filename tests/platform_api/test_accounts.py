"""The first sign-in, changes, and the end of an account."""

from collections.abc import Callable

from tests.support.people import Listener

SignIn = Callable[..., Listener]


def test_first_sign_in_makes_the_account_and_the_next_one_finds_it(sign_in: SignIn) -> None:
    ada = sign_in("ada", time_zone="Europe/Prague")
    assert ada.account["handle"] == "ada"
    assert ada.account["email"] == "ada@example.org"
    assert ada.account["time_zone"] == "Europe/Prague"
    assert ada.account["plays"] == 0
    assert sign_in("ada", time_zone="America/New_York").account == ada.account
