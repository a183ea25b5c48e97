"""Connecting through the product's own doors: what Spotify sends back counts once, for the person who went there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from demo.spotify.faults import too_many
from platform_api.api.endpoints import spotify as endpoint
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from platform_api.services.spotify import jobs as spotify_jobs
from platform_api.services.spotify import watch
from platform_api.worker import Worker
from tests.support.people import Emulator, Listener, sign_in_on
from tests.support.spotify import NOW, StandIn, settings_with

SignIn = Callable[..., Listener]
NOTHING = {"spotify_links": 0, "spotify_authorisations": 0}


@pytest.fixture
def settings(settings: Settings, emulator: Emulator) -> Settings:
    firebase = settings.firebase.model_copy(update={"auth_emulator_host": emulator.host})
    database = settings.database.model_copy(update={"pool_size": 45})
    return settings.model_copy(update={"firebase": firebase, "database": database})


@pytest.fixture
def client(settings: Settings, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The product's clock, where Spotify is concerned, is the stand-in's."""
    for module in (endpoint, watch, spotify_jobs):
        monkeypatch.setattr(module, "utc_now", stand_in.clock)
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture
def sign_in(client: TestClient, emulator: Emulator) -> SignIn:
    return sign_in_on(client, emulator)


def stored(sessions: Sessions) -> dict[str, int]:
    with sessions() as session:
        return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in NOTHING}


def go(listener: Listener, stand_in: StandIn, account: str = "one", decision: str = "agree") -> dict[str, str]:
    begun = listener.post("/spotify/authorisation")
    assert begun.status_code == 200, begun.text
    return stand_in.says_yes(begun.json()["url"], stand_in.account(account), decision)


def come_back(listener: Listener, back: dict[str, Any]) -> httpx2.Response:
    return listener.post("/spotify/link", {"code": back["code"], "state": back["state"]})


def work(settings: Settings, sessions: Sessions) -> None:
    """One turn of the watch and everything that it made due, as the worker does."""
    worker = Worker(settings)
    with sessions.begin() as session:
        watch.notice_what_is_due(session, settings, worker._inference)
    while worker.do_one():
        pass


def test_from_the_settings_page_to_plays_in_the_history(
    sign_in: SignIn, stand_in: StandIn, settings: Settings, sessions: Sessions
) -> None:
    ada = sign_in("ada")
    before = ada.get("/spotify").json()
    assert (before["configured"], before["connection"], before["stand_in"]) == (True, None, True)
    account = stand_in.account()
    for at in range(3):
        account.play(NOW - timedelta(minutes=10 * (at + 1)), at)
    shown = come_back(ada, go(ada, stand_in)).json()
    assert (shown["connection"]["state"], shown["connection"]["looked_at"]) == ("connected", None)
    work(settings, sessions)
    shown = ada.get("/spotify").json()["connection"]
    assert (shown["captured_plays"], shown["consent_days_left"], shown["why"]) == (3, 184, None)
    assert shown["enrichment"] == {"allowed_here": True, "on": True, "known": 3, "total": 3, "calls_left": 673}
    plays = ada.get("/plays").json()["items"]
    names = [stand_in.music.catalogue.tracks[at].name for at in range(3)]
    assert [play["track"]["name"] for play in plays] == names

    account.play(NOW + timedelta(minutes=3), 7)
    stand_in.clock.move(minutes=24)
    work(settings, sessions)
    assert ada.get("/spotify").json()["connection"]["captured_plays"] == 3
    assert ada.post("/spotify/look").status_code == 202
    work(settings, sessions)
    assert ada.get("/spotify").json()["connection"]["captured_plays"] == 4
    stand_in.clock.move(minutes=25)
    work(settings, sessions)
    assert stand_in.faults.calls["recently-played"] == 3


def test_a_state_that_is_missing_reused_foreign_or_old_stores_nothing(
    sign_in: SignIn, stand_in: StandIn, sessions: Sessions
) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    back = go(ada, stand_in)
    assert come_back(ada, {**back, "state": "invented"}).status_code == 400
    for missing in ({}, {"state": None}, {"state": ""}):
        answer = ada.post("/spotify/link", {"code": back["code"], **missing})
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:tonearm:problem:attempt-unknown")
    assert come_back(bob, back).status_code == 400  # Ada's own state, brought by somebody else
    assert stored(sessions) == {"spotify_links": 0, "spotify_authorisations": 1}
    assert stand_in.faults.calls["token/authorization_code"] == 0
    assert come_back(ada, back).status_code == 200
    assert come_back(ada, back).status_code == 400  # used
    assert stand_in.faults.calls["token/authorization_code"] == 1
    assert stored(sessions) == {"spotify_links": 1, "spotify_authorisations": 0}

    slow = go(bob, stand_in, "two")
    stand_in.clock.move(minutes=11)
    assert come_back(bob, slow).status_code == 400
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM spotify_links WHERE account_id = 'two'")) == 0


def test_a_replayed_or_foreign_code_is_refused_and_uses_the_state_up(
    sign_in: SignIn, stand_in: StandIn, sessions: Sessions
) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    first = go(ada, stand_in)
    assert come_back(ada, first).status_code == 200
    ada.delete("/spotify/link?delete_now=true")
    again = go(ada, stand_in)
    answer = come_back(ada, {"code": first["code"], "state": again["state"]})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:tonearm:problem:code-refused")
    assert come_back(ada, again).status_code == 400  # its state is used up

    stolen = go(ada, stand_in)
    mine = go(bob, stand_in, "two")
    answer = come_back(bob, {"code": stolen["code"], "state": mine["state"]})  # PKCE: Bob's verifier is another
    assert answer.status_code == 400
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM spotify_links WHERE state <> 'disconnected'")) == 0


def test_a_no_stores_nothing(sign_in: SignIn, stand_in: StandIn, sessions: Sessions) -> None:
    ada = sign_in("ada")
    back = go(ada, stand_in, decision="refuse")
    assert back["error"] == "access_denied"
    assert "code" not in back
    assert stored(sessions)["spotify_links"] == 0


def test_one_spotify_account_belongs_to_one_listener(sign_in: SignIn, stand_in: StandIn, sessions: Sessions) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    assert come_back(ada, go(ada, stand_in)).status_code == 200
    taken = come_back(bob, go(bob, stand_in))
    assert (taken.status_code, taken.json()["title"]) == (409, "This Spotify account is connected already")
    other = come_back(ada, go(ada, stand_in, "two"))
    assert (other.status_code, other.json()["title"]) == (409, "This is another Spotify account than before")
    assert ada.get("/spotify").json()["connection"]["account_name"] == "Account one"
    assert stored(sessions)["spotify_links"] == 1


def test_disconnecting_deletes_tokens_at_once_and_plays_in_three_days(
    sign_in: SignIn, stand_in: StandIn, settings: Settings, sessions: Sessions
) -> None:
    ada = sign_in("ada")
    stand_in.account().play(NOW - timedelta(minutes=3), 1)
    come_back(ada, go(ada, stand_in))
    work(settings, sessions)
    shown = ada.delete("/spotify/link").json()["connection"]
    assert (shown["state"], shown["captured_plays"]) == ("disconnected", 1)
    with sessions() as session:
        tokens = session.execute(
            text("SELECT refresh_token_encrypted, access_token_encrypted FROM spotify_links")
        ).one()
    assert tuple(tokens) == (None, None)
    stand_in.clock.move(days=2, hours=23)
    work(settings, sessions)
    assert ada.get("/spotify").json()["connection"]["captured_plays"] == 1
    stand_in.clock.move(hours=1)
    work(settings, sessions)
    assert ada.get("/spotify").json()["connection"] is None
    assert ada.get("/plays").json()["items"] == []
    assert ada.get("/analysis/totals", params={"span": "all"}).json()["plays"] == 0
    assert stored(sessions) == NOTHING


def test_what_was_changed_by_hand_is_deleted_with_the_rest(
    sign_in: SignIn, stand_in: StandIn, settings: Settings, sessions: Sessions
) -> None:
    """A play deleted or corrected by hand is kept whole to be taken back: what came from Spotify is not, and cannot."""
    ada = sign_in("ada")
    for at in range(3):
        stand_in.account().play(NOW - timedelta(minutes=30 - 9 * at), at)
    come_back(ada, go(ada, stand_in))
    work(settings, sessions)
    one, two, _ = (
        {"track_id": row["played_track_id"], "ended_at": row["ended_at"]} for row in ada.get("/plays").json()["items"]
    )
    changes = [
        ada.post("/plays/deletions", {"plays": [one]}).json()["id"],
        ada.post("/plays/corrections", {"play": two, "ms_played": 31_000}).json()["id"],
    ]
    assert ada.delete("/spotify/link?delete_now=true").status_code == 200
    work(settings, sessions)
    for change in changes:
        assert ada.delete(f"/plays/changes/{change}").status_code == 204
    assert ada.get("/plays").json()["items"] == []
    assert ada.get("/plays/changes").json()["items"] == []
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM deleted_plays")) == 0


@pytest.mark.parametrize("disconnected", [False, True], ids=["connected", "just disconnected"])
def test_the_last_account_to_end_takes_what_spotify_told_along(
    sign_in: SignIn,
    emulator: Emulator,
    stand_in: StandIn,
    settings: Settings,
    sessions: Sessions,
    *,
    disconnected: bool,
) -> None:
    def known() -> int:
        with sessions() as session:
            asked = "SELECT count(*) FROM tracks WHERE spotify_checked_at IS NOT NULL OR from_spotify <> '{}'"
            return session.scalar(text(asked)) or 0

    somebody = sign_in(emulator.sign_up_somebody())
    stand_in.account().play(NOW - timedelta(minutes=3), 1)
    come_back(somebody, go(somebody, stand_in))
    work(settings, sessions)
    if disconnected:
        somebody.delete("/spotify/link")
    assert known() == 1
    assert somebody.delete("/me").status_code == 204
    work(settings, sessions)
    assert known() == 0


def test_during_a_wait_nobody_is_sent_to_spotify(sign_in: SignIn, stand_in: StandIn) -> None:
    """A consent given now could not be used, and what is told is when it can."""
    ada = sign_in("ada")
    back = go(ada, stand_in)
    stand_in.faults.put("token", too_many("600"))
    for answer in (come_back(ada, back), ada.post("/spotify/authorisation")):
        told = answer.json()
        assert (answer.status_code, told["type"]) == (503, "urn:tonearm:problem:not-before")
        assert told["detail"] == "Spotify asked us to wait. You can connect in 10 minutes. Nothing was stored."
        assert answer.headers["retry-after"] == "600"
    stand_in.clock.move(minutes=10)
    assert come_back(ada, go(ada, stand_in)).status_code == 200


def test_an_app_that_was_taken_away_is_told(
    sign_in: SignIn, stand_in: StandIn, settings: Settings, sessions: Sessions, emulator: Emulator
) -> None:
    ada = sign_in("ada")
    come_back(ada, go(ada, stand_in))
    work(settings, sessions)
    with TestClient(create_app(settings_with(stand_in, settings, client_id=None))) as client:
        ada = sign_in_on(client, emulator)("ada")
        shown = ada.get("/spotify").json()["connection"]
        assert (shown["state"], shown["next_look_at"]) == ("off", None)
        assert "SPOTIFY_CLIENT_ID" in shown["why"]
        assert ada.post("/spotify/look").status_code == 409
        assert ada.delete("/spotify/link").json()["connection"]["state"] == "disconnected"


@pytest.mark.parametrize(
    ("changed", "obstacle"),
    [({"client_id": None}, "SPOTIFY_CLIENT_ID"), ({}, "http://127.0.0.1")],
    ids=["no app", "an address Spotify refuses"],
)
def test_without_a_usable_app_the_page_says_what_to_do(
    settings: Settings, stand_in: StandIn, emulator: Emulator, changed: dict[str, object], obstacle: str
) -> None:
    app = settings.app.model_copy(update={"public_url": "http://localhost:7700"} if not changed else {})
    without = settings_with(stand_in, settings.model_copy(update={"app": app}), **changed)
    with TestClient(create_app(without)) as client:
        ada = sign_in_on(client, emulator)("ada")
        shown = ada.get("/spotify").json()
        assert shown["configured"] is False
        assert obstacle in shown["obstacle"]
        assert ada.post("/spotify/authorisation").status_code == 409
        assert ada.post("/spotify/look").status_code == 409
        assert ada.get("/me").status_code == 200
