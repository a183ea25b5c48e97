"""Access tokens: one refresh for two askers, an end of consent told once, secrets unreadable in the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError
from sqlalchemy import text

from demo.spotify.accounts import Account, Accounts, OAuthRefusal, challenge_of
from demo.spotify.faults import Fault, broken, too_many
from demo.spotify.music import Music
from platform_api.core.settings import Settings
from platform_api.services.spotify.capturing import look
from platform_api.services.spotify.enriching import enrich
from platform_api.services.spotify.page import page
from platform_api.services.spotify.tokens import access_token
from platform_api.services.spotify.troubles import Revoked
from platform_api.services.spotify.watch import queue_what_is_due
from tests.support.spotify import KEY, NOW, Surroundings, settings_with

REFRESHES = "token/refresh_token"


def notices(around: Surroundings, user_id: int) -> list[str]:
    with around.sessions() as session:
        found = session.scalars(text("SELECT kind FROM notifications WHERE user_id = :u"), {"u": user_id})
        return list(found)


def ask_twice_at_once(around: Surroundings, user_id: int) -> list[str]:
    def ask() -> str:
        try:
            return access_token(around.sessions, around.settings, user_id, around.now)
        except Revoked:
            return "revoked"

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(ask), pool.submit(ask)]]


def test_two_workers_at_once_refresh_once(around: Surroundings, user_id: int) -> None:
    around.connect(user_id, around.stand_in.account())
    around.stand_in.clock.move(minutes=61)
    first, second = ask_twice_at_once(around, user_id)
    assert first == second != "revoked"
    assert around.stand_in.faults.calls[REFRESHES] == 1
    around.run(look, user_id)
    assert around.link(user_id).looked_at == around.now


def test_the_end_of_a_consent_is_told_once_and_the_link_is_kept(around: Surroundings, user_id: int) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - timedelta(minutes=4))
    around.run(look, user_id)
    around.stand_in.clock.move(days=185)
    assert ask_twice_at_once(around, user_id) == ["revoked", "revoked"]
    assert around.stand_in.faults.calls[REFRESHES] == 1
    around.run(look, user_id)
    around.run(enrich, user_id)
    assert around.stand_in.faults.calls[REFRESHES] == 1
    link = around.link(user_id)
    assert (link.state, link.account_id, link.refresh_token_encrypted, link.next_look_at) == (
        "reconnect", account.account_id, None, None,
    )  # fmt: skip
    assert notices(around, user_id) == ["spotify_reconnect"]
    with around.sessions() as session:
        shown = page(session, around.settings, user_id, around.now).connection
    assert shown is not None
    assert (shown.state, shown.captured_plays, shown.consent_days_left) == ("reconnect", 1, 0)

    around.connect(user_id, account)  # the same account again: everything goes on
    link = around.link(user_id)
    assert (link.state, link.consented_at) == ("active", around.now)
    around.run(look, user_id)
    assert around.link(user_id).looked_at == around.now


@pytest.mark.parametrize("fault", [broken(500), broken(502), too_many("60"), Fault(half="whole"), Fault(half="closed")])
def test_an_outage_is_not_a_revocation(around: Surroundings, user_id: int, fault: Fault) -> None:
    around.connect(user_id, around.stand_in.account())
    around.stand_in.clock.move(minutes=61)
    around.stand_in.faults.put("token", fault)
    around.run(look, user_id)
    link = around.link(user_id)
    assert link.state == "active"
    assert link.refresh_token_encrypted is not None
    assert notices(around, user_id) == []
    around.stand_in.clock.move(minutes=1)
    if not fault.half:  # of a cut answer the new token is lost at Spotify as well: see the decision on spotipy
        around.run(look, user_id)
        assert around.link(user_id).looked_at == around.now


def test_a_refused_access_token_is_renewed_once(around: Surroundings, user_id: int) -> None:
    around.connect(user_id, around.stand_in.account())
    around.stand_in.accounts.expire_access()
    around.run(look, user_id)
    assert around.link(user_id).looked_at == around.now
    assert around.stand_in.faults.calls[REFRESHES] == 1


def test_tokens_are_unreadable_in_the_database_and_keys_can_be_changed(around: Surroundings, user_id: int) -> None:
    around.connect(user_id, around.stand_in.account())
    with around.sessions() as session:
        stored = str(session.execute(text("SELECT row_to_json(l)::text FROM spotify_links l")).scalar_one())
        access, refresh = session.execute(
            text("SELECT access_token_encrypted, refresh_token_encrypted FROM spotify_links")
        ).one()
    token = access_token(around.sessions, around.settings, user_id, around.now)
    (consent,) = around.stand_in.accounts.consents
    for secret in (token, consent.refresh_token):
        assert secret not in stored
        assert secret.encode() not in bytes(access) + bytes(refresh)

    newer = Fernet.generate_key().decode()
    both = settings_with(around.stand_in, around.settings, token_keys=f"{newer},{KEY}")
    assert access_token(around.sessions, both, user_id, around.now) == token
    around.stand_in.clock.move(minutes=61)
    access_token(around.sessions, both, user_id, around.now)  # written anew, with the newer key
    only_newer = settings_with(around.stand_in, around.settings, token_keys=newer)
    access_token(around.sessions, only_newer, user_id, around.now)

    neither = settings_with(around.stand_in, around.settings, token_keys=Fernet.generate_key().decode())
    around.run(look, user_id, neither)
    link = around.link(user_id)
    assert (link.state, link.trouble) == ("active", "misconfigured")  # an operator's slip costs no consent


def test_the_consent_s_end_is_announced_in_time_and_once(around: Surroundings, user_id: int) -> None:
    around.connect(user_id, around.stand_in.account())

    def notice() -> None:
        with around.sessions.begin() as session:
            queue_what_is_due(session, around.settings, around.now)

    around.stand_in.clock.now = NOW.replace(month=8, day=26)  # six months end on 10 September
    notice()
    assert notices(around, user_id) == []
    around.stand_in.clock.now = NOW.replace(month=8, day=28)
    notice()
    notice()
    assert notices(around, user_id) == ["spotify_ending"]
    with around.sessions() as session:
        shown = page(session, around.settings, user_id, around.now).connection
    assert shown is not None
    assert (shown.consent_days_left, shown.consent_ends_soon) == (13, True)


def test_a_known_key_is_refused_outside_development() -> None:
    with pytest.raises(ValidationError, match="SPOTIFY_TOKEN_KEYS"):
        Settings.model_validate({"app": {"environment": "test"}, "spotify": {"client_id": "app"}})
    Settings.model_validate({"app": {"environment": "development"}, "spotify": {"client_id": "app"}})
    Settings.model_validate({"app": {"environment": "test"}, "spotify": {"client_id": "app", "token_keys": KEY}})


def test_a_restart_of_the_stand_in_ends_no_consent(around: Surroundings, tmp_path: Path) -> None:
    kept_in = tmp_path / "spotify.json"
    before = Accounts(around.stand_in.music, kept_in=kept_in)
    code = before.consent(before.add(Account("one", "One")), "app", "http://127.0.0.1/", challenge_of("v"), "a")
    token = str(before.exchange(code, "app", "http://127.0.0.1/", "v")["refresh_token"])
    after = Accounts(Music(), kept_in=kept_in)
    after.add(Account("one", "One"))
    after.read_kept()
    assert after.music.began == before.music.began, "who never stops would have played something else for three hours"
    assert after.refresh(token, "app")["scope"] == "a"
    with pytest.raises(OAuthRefusal, match="Invalid refresh token"):
        after.refresh(token, "app")
