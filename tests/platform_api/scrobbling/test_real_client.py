"""ListenBrainz's own Python client, unchanged, against the application over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import liblistenbrainz
import pytest
from liblistenbrainz.errors import InvalidAuthTokenException, ListenBrainzAPIException
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from tests.support.histories import bring_and_work, extended_row, extended_zip, track_uri, work
from tests.support.live import serving
from tests.support.people import Listener

START = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)


def heard(at: datetime | None, track: int = 1, **more: object) -> liblistenbrainz.Listen:
    return liblistenbrainz.Listen(
        track_name=f"Song {track}",
        artist_name=f"Artist {track // 10}",
        release_name=f"Album {track // 5}",
        listened_at=int(at.timestamp()) if at else None,
        **more,
    )


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with serving(create_app(settings)) as address:
        yield address


@pytest.fixture
def token(listener: Listener) -> str:
    made = listener.post("/tokens", {"name": "Navidrome"})
    assert made.status_code == 201
    return str(made.json()["token"])


@pytest.fixture
def scrobbler(address: str, token: str) -> liblistenbrainz.ListenBrainz:
    scrobbler = liblistenbrainz.ListenBrainz(api_base_url=address)
    scrobbler.set_auth_token(token)
    return scrobbler


def test_what_it_sends_is_there_when_it_has_its_answer(
    scrobbler: liblistenbrainz.ListenBrainz, listener: Listener
) -> None:
    before = listener.get("/me").json()["data_version"]
    assert scrobbler.submit_single_listen(heard(START, additional_info={"duration_ms": 200_000}))["status"] == "ok"
    scrobbler.submit_multiple_listens([heard(START + timedelta(minutes=5 * at), at) for at in range(1, 30)])
    account = listener.get("/me").json()
    assert (account["plays"], account["data_version"]) == (30, before + 2)
    totals = listener.get("/analysis/totals?span=2024-03-01").json()
    assert totals["listens"] == 30
    assert totals["minutes"] == (200 + 29 * 30) // 60

    (ledger,) = listener.get("/imports").json()
    assert (ledger["file_name"], ledger["source"], ledger["state"]) == ("Sent by Navidrome", "listenbrainz", "done")
    assert ledger["totals"]["accepted"] == ledger["totals"]["rows"] == ledger["totals"]["total_rows"] == 30
    (kept,) = listener.get("/tokens").json()["items"]
    assert (kept["name"], kept["plays"]) == ("Navidrome", 30)
    assert kept["last_used_at"] is not None


def test_sending_again_changes_nothing(scrobbler: liblistenbrainz.ListenBrainz, listener: Listener) -> None:
    listens = [heard(START + timedelta(minutes=5 * at), at) for at in range(10)]
    for _ in range(3):
        scrobbler.submit_multiple_listens(listens)
    assert listener.get("/me").json()["plays"] == 10
    (ledger,) = listener.get("/imports").json()
    assert (ledger["totals"]["accepted"], ledger["totals"]["duplicate"]) == (10, 20)


def test_it_reads_back_what_it_sent(scrobbler: liblistenbrainz.ListenBrainz, listener: Listener) -> None:
    spotify = "https://open.spotify.com/track/" + track_uri(3).removeprefix("spotify:track:")
    scrobbler.submit_multiple_listens(
        [heard(START + timedelta(minutes=5 * at), at, spotify_id=spotify if at == 3 else None) for at in range(5)]
    )
    listens = scrobbler.get_listens(listener.handle)
    assert [listen.track_name for listen in listens] == ["Song 4", "Song 3", "Song 2", "Song 1", "Song 0"]
    assert listens[1].spotify_id == spotify
    middle = listens[2].listened_at
    assert [each.track_name for each in scrobbler.get_listens(listener.handle, max_ts=middle)] == ["Song 1", "Song 0"]
    older = scrobbler.get_listens(listener.handle, min_ts=middle, count=1)
    assert [each.track_name for each in older] == ["Song 3"]
    scrobbler.delete_listen(listens[0])
    assert len(scrobbler.get_listens(listener.handle)) == 4
    assert listener.get("/analysis/totals?span=2024").json()["listens"] == 4


def test_what_is_playing_is_shown_and_is_no_play(scrobbler: liblistenbrainz.ListenBrainz, listener: Listener) -> None:
    assert scrobbler.get_playing_now(listener.handle) is None
    scrobbler.submit_playing_now(heard(None, 7, additional_info={"media_player": "Navidrome"}))
    playing = scrobbler.get_playing_now(listener.handle)
    assert playing is not None
    assert playing.track_name == "Song 7"
    told = {"title": "Song 7", "artist": "Artist 0", "album": "Album 1", "player": "Navidrome"}
    assert listener.get("/now-playing").json() == {"playing": told}
    assert listener.get("/me").json()["plays"] == 0


def test_a_scrobble_and_the_same_play_of_an_export_are_one_play(
    scrobbler: liblistenbrainz.ListenBrainz, listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    """Whichever came first, the export's row stays: it knows how long and why."""
    rows = [extended_row(START + timedelta(minutes=4 * at), track=at, ms_played=180_000) for at in range(20)]
    starts = [START + timedelta(minutes=4 * at, seconds=-178) for at in range(20)]
    scrobbler.submit_multiple_listens([heard(start, at) for at, start in enumerate(starts[:10])])
    imported = bring_and_work(listener, settings, extended_zip(rows))
    scrobbler.submit_multiple_listens([heard(start, at) for at, start in enumerate(starts)])
    assert imported["totals"] | {"accepted": 10, "duplicate": 10, "broken": 0} == imported["totals"]
    with sessions() as session:
        plays = session.execute(
            text("SELECT ms_played, precision_s, reason_end FROM plays WHERE user_id = :id"), {"id": listener.id}
        ).all()
    assert [tuple(play) for play in plays] == [(180_000, 1, "trackdone")] * 20
    assert listener.get("/analysis/totals?span=2024").json()["minutes"] == 60


def test_all_that_a_token_brought_can_be_undone(
    scrobbler: liblistenbrainz.ListenBrainz, listener: Listener, settings: Settings
) -> None:
    scrobbler.submit_multiple_listens([heard(START + timedelta(minutes=5 * at), at) for at in range(5)])
    (ledger,) = listener.get("/imports").json()
    assert listener.delete(f"/imports/{ledger['id']}").status_code == 202
    work(settings)
    assert listener.get("/me").json()["plays"] == 0
    assert listener.get("/tokens").json()["items"][0]["plays"] == 0
    scrobbler.submit_single_listen(heard(START))
    assert listener.get("/me").json()["plays"] == 1
    assert listener.get("/tokens").json()["items"][0]["plays"] == 1
    assert [each["state"] for each in listener.get("/imports").json()] == ["done", "undone"]


def test_a_listen_sent_again_takes_no_room(
    scrobbler: liblistenbrainz.ListenBrainz, listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    """Clients send again what they got no answer for; each time a row more was kept, for ever."""

    def kept() -> list[int]:
        with sessions() as session:
            return [session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in ("plays", "retold_plays")]

    for _ in range(3):
        scrobbler.submit_single_listen(heard(START, 1))
    assert kept() == [1, 0]
    exported = extended_row(START + timedelta(seconds=180), track=1, ms_played=180_000)
    imported = bring_and_work(listener, settings, extended_zip([exported]))
    for _ in range(3):
        scrobbler.submit_single_listen(heard(START, 1))
    assert kept() == [1, 1]
    (ledger,) = listener.get(f"/imports?before={imported['id']}").json()
    assert (ledger["totals"]["rows"], ledger["totals"]["accepted"]) == (6, 1)
    listener.delete(f"/imports/{imported['id']}")
    work(settings)
    assert kept() == [1, 0]
    listener.delete(f"/imports/{ledger['id']}")
    work(settings)
    assert kept() == [0, 0]


def test_a_wrong_token_and_somebody_elses_listens(
    scrobbler: liblistenbrainz.ListenBrainz, address: str, listener: Listener, sign_in: Callable[..., Listener]
) -> None:
    with pytest.raises(InvalidAuthTokenException):
        liblistenbrainz.ListenBrainz(api_base_url=address).set_auth_token("7f1d9a4e-0000-4000-8000-000000000000")
    with pytest.raises(ListenBrainzAPIException) as refused:
        scrobbler.get_listens(sign_in("ben").handle)
    assert refused.value.status_code == 404
    (token,) = listener.get("/tokens").json()["items"]
    assert listener.delete(f"/tokens/{token['id']}").status_code == 204
    with pytest.raises(ListenBrainzAPIException) as refused:
        scrobbler.submit_single_listen(heard(START))
    assert (refused.value.status_code, refused.value.message) == (401, "Invalid authorization token.")
