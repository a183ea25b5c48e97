"""Looks at a listener's last plays, against the stand-in: nothing twice, nothing lost, nothing claimed untruly."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from demo.spotify.faults import Fault, broken, not_on_the_list, quota, too_many
from platform_api.crud import captured, undoing, users
from platform_api.db.session import Sessions
from platform_api.schemas.care import PlayCorrection, PlayRef
from platform_api.services.care.corrections import correct_play, delete_plays, take_back
from platform_api.services.spotify import linking
from platform_api.services.spotify.capturing import look
from platform_api.services.spotify.client import SpotifyClient
from platform_api.services.spotify.page import page
from tests.platform_api.spotify.conftest import somebody
from tests.support.histories import write_rows
from tests.support.spotify import NOW, StandIn, Surroundings, settings_with
from tests.support.sums import sums_counted, sums_read

MINUTE = timedelta(minutes=1)


def plays(sessions: Sessions, user_id: int) -> list[tuple[str, datetime, int, str]]:
    with sessions() as session:
        rows = session.execute(
            text("""
                SELECT tracks.key, ended_at, ms_played, source FROM plays JOIN tracks ON tracks.id = track_id
                WHERE user_id = :user_id ORDER BY ended_at, tracks.key
            """),
            {"user_id": user_id},
        )
        return [tuple(row) for row in rows]


def are_the_sums_true(sessions: Sessions, user_id: int) -> bool:
    with sessions() as session:
        user = users.by_id(session, user_id)
        assert user is not None
        read = sums_read(session, user)
        return bool(read) and read == sums_counted(session, user)


def test_late_and_out_of_order_plays_arrive_once_whatever_the_order(around: Surroundings, user_id: int) -> None:
    """What many looks saw piece by piece equals what one look sees at the end."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    for at in range(12):
        late = timedelta(minutes=40) if at % 5 == 2 else timedelta(0)
        ended_at = NOW - timedelta(minutes=60 - 4 * at, seconds=7 * at)
        account.play(ended_at, track=at % 4, told_from=ended_at + late)
    for _ in range(5):
        around.run(look, user_id)
        around.stand_in.clock.move(minutes=25)
    again = plays(around.sessions, user_id)
    assert len(again) == 12
    assert {source for *_, source in again} == {"spotify_api"}
    assert are_the_sums_true(around.sessions, user_id)

    other = somebody(around.sessions)
    account.account_id = "seen-by-another"  # the same plays, seen at once
    around.connect(other, around.stand_in.accounts.add(account))
    around.run(look, other)
    assert plays(around.sessions, other) == again


def test_the_api_does_not_tell_lengths_so_none_is_claimed(around: Surroundings, user_id: int) -> None:
    """At most the track, at most since the moment before, at least what makes Spotify list a play."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    moments = [
        NOW - timedelta(hours=2),
        NOW - timedelta(minutes=60),
        NOW - timedelta(minutes=59),
        NOW - timedelta(seconds=3520),
    ]
    for track, moment in enumerate(moments):
        account.play(moment, track)
    around.run(look, user_id)
    found = [ms_played for _, _, ms_played, _ in plays(around.sessions, user_id)]
    length = around.stand_in.length
    assert found == [length(0), length(1), 60_000, 30_000]
    with around.sessions() as session:
        connection = page(session, around.settings, user_id, around.now).connection
    assert connection is not None
    assert (connection.captured_plays, connection.captured_ms) == (4, sum(found))


@pytest.mark.parametrize("export_first", [True, False], ids=["export first", "capture first"])
@pytest.mark.parametrize("told", ["end", "start", "start of a paused play"])
def test_an_export_wins_whichever_came_first(
    around: Surroundings, user_id: int, told: str, *, export_first: bool
) -> None:
    """played_at is the end of a play on some clients and its start on others; either way it is one play."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    rows, ended_at = [], NOW - timedelta(hours=2)
    for at in range(10):
        track = 3 if at in (4, 5, 6) else at  # one track three times in a row
        length = around.stand_in.length(track)
        pause = timedelta(minutes=4) if told == "start of a paused play" and at == 7 else timedelta(0)
        started_at = ended_at
        ended_at = started_at + timedelta(milliseconds=length) + pause
        rows.append(around.stand_in.export_row(ended_at, track, length))
        account.play(ended_at + timedelta(seconds=2) if told == "end" else started_at - timedelta(seconds=2), track)
    account.play(NOW - MINUTE, 9)  # not in the export any more

    def bring() -> None:
        with around.sessions.begin() as session:
            write_rows(session, user_id, rows)

    steps: list[Callable[[], None]] = [bring, lambda: around.run(look, user_id)]
    for step in steps if export_first else steps[::-1]:
        step()
    around.run(look, user_id)
    found = plays(around.sessions, user_id)
    assert [source for *_, source in found] == ["spotify_export"] * 10 + ["spotify_api"]
    assert sum(ms for *_, ms, source in found if source == "spotify_export") == sum(
        int(str(row["ms_played"])) for row in rows
    )
    assert are_the_sums_true(around.sessions, user_id)


@pytest.mark.parametrize("capture_first", [True, False], ids=["capture first", "scrobbles first"])
def test_undoing_a_ledger_brings_back_what_spotify_told_too(
    around: Surroundings, user_id: int, *, capture_first: bool
) -> None:
    """Spotify tells the last fifty plays only: what it told before is kept beside the scrobbles, once."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    moments = [NOW - timedelta(minutes=10 * (6 - at)) for at in range(6)]
    for track, moment in enumerate(moments):
        account.play(moment, track)

    def scrobble() -> int:
        told = [around.stand_in.scrobble(moment - timedelta(minutes=2), at) for at, moment in enumerate(moments)]
        with around.sessions.begin() as session:
            return write_rows(session, user_id, told, "listenbrainz").import_id

    if capture_first:
        around.run(look, user_id)
    ledger = scrobble()
    for _ in range(3):
        around.run(look, user_id)
    assert {source for *_, source in plays(around.sessions, user_id)} == {"listenbrainz"}
    with around.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM retold_plays")) == 6
    with around.sessions.begin() as session:
        undoing.take_back(session, user_id, ledger)
    found = plays(around.sessions, user_id)
    assert [(ended_at, source) for _, ended_at, _, source in found] == [(each, "spotify_api") for each in moments]
    assert are_the_sums_true(around.sessions, user_id)


@pytest.mark.parametrize("capture_first", [True, False], ids=["capture first", "scrobble first"])
def test_a_scrobble_may_name_any_artist_that_spotify_credits(
    around: Surroundings, user_id: int, *, capture_first: bool
) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    catalogue = around.stand_in.music.catalogue
    guest = catalogue.artists[catalogue.tracks[7].artist + 1].name
    account.play(NOW - timedelta(minutes=9), 7)
    told = [around.stand_in.scrobble(NOW - timedelta(minutes=12), 7, guest)]

    def scrobble() -> int:
        with around.sessions.begin() as session:
            return write_rows(session, user_id, told, "listenbrainz").import_id

    if capture_first:
        around.run(look, user_id)
    ledger = scrobble()
    around.run(look, user_id)
    assert [source for *_, source in plays(around.sessions, user_id)] == ["listenbrainz"]
    with around.sessions.begin() as session:
        undoing.take_back(session, user_id, ledger)
    assert [source for *_, source in plays(around.sessions, user_id)] == ["spotify_api"]
    with around.sessions.begin() as session:
        user = users.by_id(session, user_id)
        (ref,) = session.execute(text("SELECT track_id, ended_at FROM plays WHERE user_id = :id"), {"id": user_id})
        assert user is not None
        delete_plays(session, user, [PlayRef(track_id=ref.track_id, ended_at=ref.ended_at)])
    scrobble()
    around.run(look, user_id)
    assert plays(around.sessions, user_id) == []


def test_what_was_deleted_as_captured_stays_deleted_when_spotify_is_left(around: Surroundings, user_id: int) -> None:
    """The deletion passes on to the better row, which comes back when it is taken back: one play, not two."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - timedelta(minutes=9), 1)
    around.run(look, user_id)
    with around.sessions.begin() as session:
        user = users.by_id(session, user_id)
        (ref,) = session.execute(text("SELECT track_id, ended_at FROM plays WHERE user_id = :id"), {"id": user_id})
        assert user is not None
        change = delete_plays(session, user, [PlayRef(track_id=ref.track_id, ended_at=ref.ended_at)])
    rows = [around.stand_in.export_row(NOW - timedelta(minutes=9, seconds=3), 1, around.stand_in.length(1))]
    with around.sessions.begin() as session:
        file = write_rows(session, user_id, rows)
        assert (file.accepted, file.reasons["skipped"]) == (0, {"deleted_by_you": 1})
    around.run(look, user_id)
    assert plays(around.sessions, user_id) == []
    with around.sessions.begin() as session:
        captured.forget(session, user_id)
        assert write_rows(session, user_id, rows).accepted == 0
    assert plays(around.sessions, user_id) == []
    with around.sessions.begin() as session:
        user = users.by_id(session, user_id)
        assert user is not None
        take_back(session, user, change.id)
    assert [source for *_, source in plays(around.sessions, user_id)] == ["spotify_export"]


SOON, LATER = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("fault", "wait", "trouble"),
    [
        (too_many("1"), timedelta(seconds=1), "rate_limited"),
        (too_many("3600"), timedelta(hours=1), "rate_limited"),
        (too_many("74214"), timedelta(seconds=74_214), "rate_limited"),
        (too_many(), timedelta(seconds=30), "rate_limited"),
        (too_many("soon"), timedelta(seconds=30), "rate_limited"),
        (quota("43200"), timedelta(hours=12), "quota"),
        (quota(), LATER, "quota"),
        (broken(500), SOON, "outage"),
        (broken(503), SOON, "outage"),
        (Fault(503, headers={"Retry-After": "900"}), timedelta(minutes=15), "outage"),
        (Fault(silent_s=1.5), SOON, "outage"),
        (Fault(half="closed"), SOON, "outage"),
        (Fault(half="whole"), SOON, "outage"),
        (Fault(change=lambda answer: {"plays": answer["items"]}), SOON, "unreadable"),
        (Fault(change=lambda answer: answer["items"]), SOON, "unreadable"),
        (not_on_the_list(), SOON, "not_allowed"),
    ],
    ids=[
        "429 1 s", "429 1 h", "429 20 h", "429 silent", "429 nonsense", "quota 12 h", "quota silent", "500", "503",
        "503 15 min", "timeout", "cut off", "half a JSON", "renamed", "a list", "not on the list",
    ],
)  # fmt: skip
def test_trouble_is_waited_out_and_nothing_is_lost(
    around: Surroundings, user_id: int, fault: Fault, wait: timedelta, trouble: str
) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - 9 * MINUTE, 1)
    around.run(look, user_id)
    around.stand_in.clock.move(minutes=25)
    looked_at, asked_at = NOW, around.now
    account.play(around.now - 5 * MINUTE, 2)

    around.stand_in.faults.put("api", fault)
    impatient = settings_with(around.stand_in, around.settings, timeout_s=0.5)
    around.run(look, user_id, impatient)
    link = around.link(user_id)
    assert (link.trouble, link.state, link.looked_at) == (trouble, "active", looked_at)
    assert link.next_look_at == asked_at + wait
    assert len(plays(around.sessions, user_id)) == 1

    around.stand_in.clock.now = asked_at + wait
    around.run(look, user_id)
    link = around.link(user_id)
    assert (link.trouble, link.failures, link.looked_at) == (None, 0, around.now)
    assert len(plays(around.sessions, user_id)) == 2


def test_a_wait_counts_from_when_it_is_told(
    around: Surroundings, user_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from when the job began: a call may take longer than the wait that it is answered with."""
    around.connect(user_id, around.stand_in.account())
    asked = SpotifyClient.recently_played

    def slowly(client: SpotifyClient, access_token: str) -> dict[str, Any]:
        around.stand_in.clock.move(seconds=6)
        return asked(client, access_token)

    monkeypatch.setattr(SpotifyClient, "recently_played", slowly)
    around.stand_in.faults.put("api", too_many("5"))
    around.run(look, user_id)
    link = around.link(user_id)
    assert (link.next_look_at, link.failures) == (NOW + timedelta(seconds=11), 0)


def test_while_no_call_may_be_made_no_token_is_renewed(around: Surroundings, user_id: int) -> None:
    around.connect(user_id, around.stand_in.account())
    around.stand_in.faults.put("api", too_many("7200"))
    around.run(look, user_id)
    renewed = around.stand_in.faults.calls["token/refresh_token"]
    around.stand_in.clock.move(minutes=90)
    around.run(look, user_id)
    assert around.stand_in.faults.calls["token/refresh_token"] == renewed
    around.stand_in.clock.move(minutes=30)
    around.run(look, user_id)
    assert around.stand_in.faults.calls["token/refresh_token"] == renewed + 1
    assert around.link(user_id).looked_at == around.now


def test_nothing_is_written_back_by_a_look_on_its_way(
    around: Surroundings, user_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disconnected while Spotify was asked: what is forgotten with the last listener stays forgotten."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - MINUTE, 1)
    asked = SpotifyClient.recently_played

    def meanwhile(client: SpotifyClient, access_token: str) -> dict[str, Any]:
        answer = asked(client, access_token)
        linking.disconnect(around.sessions, user_id, around.now, delete_now=True)
        return answer

    monkeypatch.setattr(SpotifyClient, "recently_played", meanwhile)
    around.run(look, user_id)
    with around.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM tracks WHERE spotify_checked_at IS NOT NULL")) == 0
    assert plays(around.sessions, user_id) == []


def test_a_wait_holds_for_everybody_and_across_restarts(around: Surroundings, user_id: int) -> None:
    """The quota is the app's: nobody asks before the time that one listener was told, whoever starts anew."""
    other = somebody(around.sessions)
    around.connect(user_id, around.stand_in.account("one"))
    around.connect(other, around.stand_in.account("two"))
    around.stand_in.account("two").play(NOW - 4 * MINUTE)
    around.stand_in.faults.put("api", too_many("7200"))
    around.run(look, user_id)
    asked = around.stand_in.faults.calls["recently-played"]
    around.stand_in.clock.move(minutes=119)
    started_anew = Surroundings(around.settings, around.sessions, around.stand_in)
    started_anew.run(look, other)
    assert around.stand_in.faults.calls["recently-played"] == asked
    assert around.link(other).next_look_at == NOW + timedelta(hours=2)
    with around.sessions() as session:
        shown = page(session, around.settings, other, around.now).connection
    assert shown is not None
    assert (shown.state, shown.waiting_until, shown.why) == (
        "waiting", NOW + timedelta(hours=2), "Spotify asked us to wait.",
    )  # fmt: skip
    with around.sessions.begin() as session:  # what went wrong before is not why it waits
        session.execute(text("UPDATE spotify_links SET trouble = 'outage', trouble_since = now()"))
    with around.sessions() as session:
        shown = page(session, around.settings, other, around.now).connection
    assert shown is not None
    assert (shown.state, shown.why, shown.trouble_since) == ("waiting", "Spotify asked us to wait.", None)
    around.stand_in.clock.move(minutes=1)
    started_anew.run(look, other)
    assert len(plays(around.sessions, other)) == 1


def test_our_own_budget_is_kept_over_any_24_hours(around: Surroundings, user_id: int) -> None:
    thrifty = settings_with(around.stand_in, around.settings, daily_calls=4)  # one was spent on connecting
    around.connect(user_id, around.stand_in.account())
    for _ in range(5):
        around.run(look, user_id, thrifty)
        around.stand_in.clock.move(hours=1)
    assert around.stand_in.faults.calls["recently-played"] == 3
    link = around.link(user_id)
    assert (link.trouble, link.next_look_at) == ("own_budget", NOW + timedelta(hours=24, minutes=1))
    around.stand_in.clock.now = NOW + timedelta(hours=24, minutes=1)
    around.run(look, user_id, thrifty)
    assert around.link(user_id).trouble is None


def test_one_entry_that_changed_costs_that_entry_and_is_told(around: Surroundings, user_id: int) -> None:
    def change(answer: Any) -> Any:
        del answer["items"][1]["played_at"]
        answer["items"][2]["track"] = None
        answer["items"][3]["track"]["duration_ms"] = "long"
        return answer

    account = around.stand_in.account()
    around.connect(user_id, account)
    for at in range(6):
        account.play(NOW - (4 * at + 1) * MINUTE, at)
    around.stand_in.faults.put("api", Fault(change=change))
    around.run(look, user_id)
    assert len(plays(around.sessions, user_id)) == 3
    with around.sessions() as session:
        shown = page(session, around.settings, user_id, around.now).connection
    assert shown is not None
    assert shown.state == "failing"
    around.run(look, user_id)
    assert len(plays(around.sessions, user_id)) == 6
    assert around.link(user_id).trouble is None


def test_a_page_of_nothing_known_says_that_plays_may_be_missing(around: Surroundings, user_id: int) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - 200 * MINUTE, 1)
    around.run(look, user_id)
    assert around.link(user_id).gap_at is None
    for at in range(50):
        account.play(NOW - timedelta(minutes=3 * at), at)
    around.run(look, user_id)
    assert around.link(user_id).gap_at == around.now
    assert len(plays(around.sessions, user_id)) == 51

    def told() -> datetime | None:
        with around.sessions() as session:
            connection = page(session, around.settings, user_id, around.now).connection
        assert connection is not None
        return connection.gap_at

    assert told() == NOW
    for after, gap in ((-timedelta(days=1), NOW), (timedelta(hours=1), None)):
        with around.sessions.begin() as session:
            write_rows(session, user_id, [around.stand_in.export_row(NOW + after, 70, 100_000)])
        assert told() == gap, "an export that reaches beyond the gap has filled it"


def test_a_full_page_that_tells_a_play_twice_hides_no_gap(around: Surroundings, user_id: int) -> None:
    """Two moments of one play count as one, and still take two of the page's places."""
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - 200 * MINUTE, 1)
    around.run(look, user_id)
    for at in range(49):
        account.play(NOW - timedelta(minutes=3 * at), at)
    account.play(NOW - timedelta(minutes=30, seconds=5), 10)
    around.run(look, user_id)
    assert around.link(user_id).gap_at == around.now


def test_what_the_api_told_trains_nothing(around: Surroundings, user_id: int) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - MINUTE, 1)
    around.run(look, user_id)
    with around.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM ml.plays")) == 0
        seen = session.execute(text("SELECT duration_ms, isrc FROM ml.tracks")).all()
        kept = session.execute(text("SELECT duration_ms IS NOT NULL, isrc IS NOT NULL FROM tracks")).all()
    assert [tuple(row) for row in seen] == [(None, None)]
    assert [tuple(row) for row in kept] == [(True, True)]


def test_the_catalogue_of_the_stand_in_is_the_towns(stand_in: StandIn) -> None:
    described = stand_in.music.described(stand_in.music.catalogue.tracks[7], stand_in.url)
    assert described["external_ids"]["isrc"] == "QZTWN0000007"
    assert len(described["artists"]) == 2


@pytest.mark.parametrize(
    "change", [{"ms_played": 1_200_000}, {"started_at": NOW - timedelta(minutes=50), "ms_played": 45_000}]
)
def test_what_was_corrected_by_hand_stays(around: Surroundings, user_id: int, change: dict[str, Any]) -> None:
    account = around.stand_in.account()
    around.connect(user_id, account)
    account.play(NOW - timedelta(minutes=60), 1)
    around.run(look, user_id)
    with around.sessions.begin() as session:
        user = users.by_id(session, user_id)
        (ref,) = session.execute(text("SELECT track_id, ended_at FROM plays WHERE user_id = :id"), {"id": user_id})
        assert user is not None
        play = PlayRef(track_id=ref.track_id, ended_at=ref.ended_at)
        correct_play(session, user, PlayCorrection(play=play, **change))
    corrected = plays(around.sessions, user_id)
    account.play(NOW - timedelta(minutes=30), 2)
    around.stand_in.clock.move(minutes=25)
    around.run(look, user_id)
    assert [each for each in plays(around.sessions, user_id) if each in corrected] == corrected
    assert len(plays(around.sessions, user_id)) == 2
