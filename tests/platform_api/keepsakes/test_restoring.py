"""What an import restores, what it leaves alone, what is taken back with it, and what bad rows cost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import imports, recommendations, same_recordings, undoing
from platform_api.db.session import Sessions
from platform_api.services.keepsakes import restoring, rows
from platform_api.worker import Worker
from tests.platform_api.importing.test_properties import plays_of
from tests.platform_api.keepsakes.test_round_trip import by_format, full, restorable, unpacked
from tests.support.histories import (
    bring,
    bring_and_work,
    extended_row,
    extended_zip,
    new_user,
    track_uri,
    work,
    write_rows,
    zipped,
)
from tests.support.keepsakes import told, write_lines
from tests.support.people import Listener

START = datetime(2024, 3, 30, 22, 0, tzinfo=UTC)
AT = "2024-05-01T10:00:00.123456+00:00"
NAMED = {"kind": "song", "uri": track_uri(1), "title": "Song 1", "artist": "Artist 0", "album": None}
OTHER = {**NAMED, "uri": track_uri(2), "title": "Song 2"}
MARK = json.dumps({"made_by": "Tonearm", "format": 2}).encode()


def lines(*told: object) -> bytes:
    return b"".join(each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in told)


def archive(**files: bytes) -> bytes:
    return zipped({
        "tonearm-export/tonearm-export.json": MARK, **{f"tonearm-export/yours/{name}.jsonl": told for name, told in
                                                       files.items()},
    })  # fmt: skip


def playlist(name: str = "Evening", at: str = AT, tracks: Any = (NAMED,)) -> dict[str, Any]:
    return {"tonearm": "playlist", "name": name, "description": "", "created_at": at, "tracks": list(tracks)}


def setting(name: str, value: object) -> dict[str, Any]:
    return {"tonearm": "setting", "name": name, "value": value}


def test_undo_takes_back_what_was_restored_and_nothing_changed_since(
    sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    full(ada, settings, sessions)
    content = ada.get("/export").content
    own = [extended_row(START + timedelta(minutes=4 * at), at % 45) for at in range(60)]
    bring_and_work(bob, settings, extended_zip(own))
    bob.post("/playlists", {"name": "Bob's", "track_ids": []})
    before = restorable(bob.get("/export").content)
    ledger = bring_and_work(bob, settings, content, "tonearm-export.zip")
    for name in ("plays", "listens", "ms_played"):
        mine, hers = (each.get("/analysis/totals?span=all").json()[name] for each in (bob, ada))
        assert mine == hers > 0, name
    assert by_format(ledger)["own_settings"]["accepted"] == 0
    account = bob.get("/me").json()
    assert (account["display_name"], account["time_zone"]) == ("bob", "Europe/Prague")
    lists = {each["name"]: each["id"] for each in bob.get("/playlists").json()["items"]}
    bob.patch(f"/playlists/{lists['Evening']}", {"name": "Bob's evening"})
    with sessions() as session:
        loved = session.scalars(
            text("SELECT track_id FROM recommendation_feedback WHERE user_id = :id AND verdict = 'love'"),
            {"id": bob.id},
        ).one()
    bob.put(f"/recommendations/feedback/{loved}", {"verdict": "hide"})
    bob.delete(f"/imports/{ledger['id']}")
    work(settings)
    after = restorable(bob.get("/export").content)
    assert {name for name in after if name not in before} == {"yours/feedback.jsonl"}
    kept = [json.loads(line) for line in after["yours/playlists.jsonl"].splitlines()]
    assert [each["name"] for each in kept] == ["Bob's evening", "Bob's"]
    assert json.loads(after["yours/feedback.jsonl"])["verdict"] == "hide"
    for name in before.keys() - {"yours/playlists.jsonl"}:
        assert after[name] == before[name], name


def test_a_restored_deletion_holds_and_can_be_taken_back(sign_in: Callable[..., Listener], settings: Settings) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    history = extended_zip([extended_row(START + timedelta(minutes=4 * at), at) for at in range(9)])
    bring_and_work(ada, settings, history)
    play = ada.get("/plays").json()["items"][3]
    ada.post("/plays/deletions", {"plays": [{"track_id": play["played_track_id"], "ended_at": play["ended_at"]}]})
    tracks = [play["played_track_id"] for play in ada.get("/plays").json()["items"][:2]]
    ada.post("/recordings/merges", {"pairs": [{"track_id": tracks[0], "into": tracks[1]}]})
    bring_and_work(bob, settings, ada.get("/export").content)
    ledger = bring_and_work(bob, settings, history)
    assert {(each["reason"], each["rows"]) for each in ledger["reasons"]} == {
        ("deleted_by_you", 1),
        ("already_known", 8),
    }
    (change,) = bob.get("/plays/changes").json()["items"]
    assert bob.delete(f"/plays/changes/{change['id']}").status_code == 204
    assert bob.post("/recordings/splits", {"track_ids": [tracks[0]]}).json() == {"split": 1}
    assert bob.get("/analysis/totals?span=all").json()["plays"] == 9
    # taken back here: the same export does not delete it again
    again = bring_and_work(bob, settings, ada.get("/export").content)
    assert by_format(again)["own_changes"]["reasons"] == [
        {"verdict": "skipped", "reason": "taken_back_here", "rows": 1}
    ]
    assert bob.get("/analysis/totals?span=all").json()["plays"] == 9


def test_two_exports_one_undone(session: Session) -> None:
    """What the other one tells as well stays, with whatever it said of plays."""
    user, rows_played = new_user(session), [extended_row(START + timedelta(minutes=4 * at), at) for at in range(3)]
    meant = {"source": "spotify_export", "precision_s": 1, "ended_at": AT, "started_at": AT, "offline_timestamp": None}
    own_play = {**extended_row(START), "tonearm": {**NAMED, **meant}}
    change = {"tonearm": "change", "what": "corrected", "plays": 1, "made_at": AT, "deleted": [own_play],
              "brought": {"track": OTHER, "ended_at": AT}}  # fmt: skip
    first = write_rows(session, user.id, rows_played)
    changes = write_lines(session, user.id, "own_changes", lines(change))
    lists = write_lines(session, user.id, "own_playlists", lines(playlist()))
    before = told(session, user)
    more = write_lines(
        session, user.id, "own_playlists", lines(playlist(), playlist("Morning", at=AT.replace("10", "11")))
    )
    more_changes = write_lines(session, user.id, "own_changes", lines(change))
    assert (more.accepted, more.duplicate, more_changes.duplicate) == (1, 1, 1)
    both = told(session, user)
    for file in (lists, changes):
        undoing.take_back(session, user.id, file.import_id)
    assert told(session, user) == both
    undoing.take_back(session, user.id, more.import_id)
    undoing.take_back(session, user.id, more_changes.import_id)
    assert told(session, user).keys() == {"own_settings"}
    assert before.keys() == both.keys()
    left = session.execute(text("SELECT count(*) FROM deleted_plays WHERE user_id = :id"), {"id": user.id})
    assert left.scalar_one() == 0
    undoing.take_back(session, user.id, first.import_id)
    assert plays_of(session, user) == []


class Died(BaseException):
    """Nothing in the program handles it: as if the process were gone."""


@pytest.mark.parametrize("at", [2, 6, 11])
def test_killed_in_the_middle_it_ends_as_if_it_had_not_been(
    sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    full(ada, settings, sessions)
    content = ada.get("/export").content
    monkeypatch.setattr(restoring, "BATCH_WEIGHT", 2)
    write, calls = restoring.write, 0

    def write_and_die(*surroundings: Any) -> None:
        nonlocal calls
        calls += 1
        write(*surroundings)
        if calls == at:
            raise Died

    monkeypatch.setattr(restoring, "write", write_and_die)
    bring(bob, content, "tonearm-export.zip")
    with pytest.raises(Died):
        Worker(settings).do_one()
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET locked_until = now() - interval '1 s' WHERE state = 'running'"))
    work(settings)
    ledger = bob.get("/imports").json()[0]
    assert ledger["state"] == "done"
    totals = ledger["totals"]
    assert totals["rows"] == totals["accepted"] + totals["duplicate"] == totals["total_rows"]
    assert restorable(bob.get("/export").content) == restorable(content)


BAD: dict[str, list[tuple[object, str, str]]] = {
    "own_playlists": [
        (playlist(), "accepted", "new"),
        (playlist(), "duplicate", "repeated_in_file"),
        (b'{"tonearm": "playlist", "name": "x\n', "broken", "not_json"),
        ([1], "broken", "not_a_row"),
        ({"tonearm": "playlist"}, "broken", "no_track"),
        (playlist("\u202eevil", "2024-05-02T10:00:00Z"), "broken", "bad_value"),
        (playlist("", "2024-05-02T10:00:00Z"), "broken", "bad_value"),
        (playlist(at="2999-01-01T00:00:00Z"), "broken", "impossible_time"),
        (playlist(at="yesterday"), "broken", "bad_time"),
        (playlist(at="2024-05-02T10:00:00Z", tracks=[NAMED] * 501), "broken", "too_many_tracks"),
        (playlist(at="2024-05-02T10:00:00Z", tracks=[{"id": 1}]), "broken", "no_track"),
        ({**playlist(at="2024-05-03T10:00:00Z"), "user_id": 1, "id": 1, "told_by": None}, "accepted", "new"),
    ],
    "own_merges": [
        ({"track": NAMED, "counts_as": OTHER, "why": "name", "merged_at": AT}, "accepted", "new"),
        ({"track": OTHER, "counts_as": NAMED, "why": "name", "merged_at": AT}, "skipped", "count_together_here"),
        ({"track": NAMED, "counts_as": NAMED, "why": "name", "merged_at": AT}, "skipped", "counts_otherwise_here"),
        ({"track": OTHER, "counts_as": OTHER, "why": "name", "merged_at": AT}, "skipped", "count_together_here"),
        ({"track": OTHER, "counts_as": NAMED, "why": "magic", "merged_at": AT}, "broken", "bad_value"),
        ({"track": {**OTHER, "kind": "episode", "uri": None}, "counts_as": NAMED}, "skipped", "not_one_kind"),
        ({"track": {"kind": "song"}, "counts_as": NAMED}, "broken", "no_track"),
    ],
    "own_refused_pairs": [
        ({"track": NAMED, "other": OTHER, "refused_at": AT}, "accepted", "new"),
        ({"track": OTHER, "other": NAMED, "refused_at": AT}, "duplicate", "repeated_in_file"),
        ({"track": NAMED, "other": NAMED, "refused_at": AT}, "skipped", "one_track"),
    ],
    "own_hidden_artists": [
        ({"key": "artist:nobody", "name": "Somebody else", "hidden_at": AT}, "accepted", "new"),
        ({"key": "artist:nobody", "name": None, "hidden_at": AT}, "duplicate", "repeated_in_file"),
        ({"key": "artist:Nobody", "name": "Nobody", "hidden_at": AT}, "broken", "no_artist"),
        ({"key": "god:nobody", "name": "Nobody", "hidden_at": AT}, "broken", "no_artist"),
    ],
    "own_feedback": [
        ({"track": NAMED, "verdict": "love", "given_at": AT}, "accepted", "new"),
        ({"track": NAMED, "verdict": "hate", "given_at": AT}, "broken", "bad_value"),
    ],
    "own_genres": [
        ({"track": NAMED, "genre": "Dub"}, "accepted", "new"),
        ({"track": NAMED, "genre": "  "}, "broken", "bad_value"),
    ],
    "own_changes": [
        ({"what": "deleted", "plays": 1, "made_at": AT, "deleted": [{"tonearm": "x"}]}, "broken", "not_a_row"),
        ({"what": "deleted", "plays": True, "made_at": AT, "deleted": []}, "broken", "bad_value"),
        ({"what": "added", "plays": 1, "made_at": AT}, "broken", "no_track"),
        ({"what": "destroyed", "plays": 1, "made_at": AT}, "broken", "bad_value"),
    ],
    "own_settings": [
        (setting("is_admin", True), "skipped", "unknown_setting"),
        (setting("ml_key", "x"), "skipped", "unknown_setting"),
        (setting("time_zone", "Mars/Olympus"), "broken", "bad_value"),
        (setting("may_train", "no"), "broken", "bad_value"),
        (setting("display_name", "x" * 81), "broken", "bad_value"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_every_row_of_an_edited_file_has_its_verdict(session: Session, name: str) -> None:
    user = new_user(session)
    file = write_lines(session, user.id, name, lines(*(row for row, _, _ in BAD[name])))
    kept = imports.rejects_of(session, file.import_id, None, None, 100, with_accepted=True)
    assert [(row.row, row.verdict, row.reason) for row, _ in kept] == [
        (at, verdict, reason) for at, (_, verdict, reason) in enumerate(BAD[name], 1)
    ]
    assert file.rows == len(BAD[name]) == file.accepted + file.duplicate + file.skipped + file.broken
    owners = session.execute(text("SELECT DISTINCT user_id FROM playlists"))
    assert {owner for (owner,) in owners} <= {user.id}
    assert session.scalar(text("SELECT name FROM artists WHERE key = 'artist:nobody'")) in (None, "nobody")


def test_what_is_said_here_is_not_overruled(session: Session) -> None:
    user = new_user(session)
    write_rows(session, user.id, [extended_row(START, 1), extended_row(START + timedelta(hours=1), 2)])
    keys = {"keys": [track_uri(1), track_uri(2)]}
    found = session.execute(text("SELECT key, id FROM tracks WHERE key = ANY(:keys)"), keys)
    ids: dict[str, int] = dict(found.all())
    one, other = ids[track_uri(1)], ids[track_uri(2)]
    same_recordings.refuse(session, user.id, [(one, other)])
    recommendations.give_feedback(session, user.id, one, "hide")
    merge = {"track": NAMED, "counts_as": OTHER, "why": "name", "merged_at": AT}
    for name, row, reason in [
        ("own_merges", merge, "refused_here"),
        ("own_feedback", {"track": NAMED, "verdict": "love", "given_at": AT}, "said_otherwise_here"),
    ]:
        before = told(session, user)
        assert write_lines(session, user.id, name, lines(row)).reasons == {"skipped": {reason: 1}}
        assert told(session, user) == before


def test_settings_fill_only_an_unused_account_and_never_allow_more(
    sign_in: Callable[..., Listener], settings: Settings
) -> None:
    wide = archive(settings=lines(
        setting("display_name", "Eve"), setting("time_zone", "Asia/Tokyo"), setting("may_train", True),
        setting("may_narrate", False), setting("may_compare", True), setting("discoverable", True),
    ))  # fmt: skip
    ada, bob = sign_in("ada"), sign_in("bob")
    ada.patch("/me", {"may_train": False, "discoverable": False})
    before = ada.get("/me").json()
    ledger = bring_and_work(ada, settings, wide, "export.zip")
    assert {each["reason"]: each["rows"] for each in ledger["reasons"]} == {
        "account_in_use": 3, "never_allowed_for_you": 3
    }  # fmt: skip
    names = ("display_name", "time_zone", "may_train", "may_narrate", "may_compare", "discoverable")
    assert [ada.get("/me").json()[name] for name in names] == [before[name] for name in names]
    filled = bring_and_work(bob, settings, wide, "export.zip")
    account = bob.get("/me").json()
    assert [account[name] for name in names] == ["Eve", "Asia/Tokyo", True, False, False, True]
    bob.patch("/me", {"display_name": "Bob"})
    bob.delete(f"/imports/{filled['id']}")
    work(settings)
    account = bob.get("/me").json()
    # the name was changed since; what was forbidden stays forbidden
    assert [account[name] for name in names] == ["Bob", "Europe/Prague", True, False, False, True]


def test_an_export_of_format_1_is_still_read(listener: Listener, settings: Settings) -> None:
    old = zipped({
        "tonearm-export/tonearm-export.json": json.dumps({"made_by": "Tonearm", "format": 1}).encode(),
        "tonearm-export/plays/Streaming_History_Audio_0.json": [extended_row(START)],
        "tonearm-export/account.json": b"{}",
        "tonearm-export/tables/playlists.json": [{"name": "x"}],
    })  # fmt: skip
    ledger = bring_and_work(listener, settings, old, "export.zip")
    assert (ledger["totals"]["accepted"], ledger["totals"]["rows"]) == (1, 1)


def test_more_playlists_than_there_is_room_for(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "MOST_PLAYLISTS", 2)
    user = new_user(session)
    many = [playlist(at=f"2024-05-0{day}T10:00:00Z") for day in range(1, 5)]
    file = write_lines(session, user.id, "own_playlists", lines(*many))
    assert (file.accepted, file.reasons) == (2, {"skipped": {"no_room": 2}})


def test_a_change_of_many_plays_is_told_in_several_rows(
    sign_in: Callable[..., Listener], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    monkeypatch.setattr("platform_api.services.keepsakes.telling.MOST_PLAYS_OF_A_ROW", 3)
    history = extended_zip([extended_row(START + timedelta(minutes=4 * at), at) for at in range(12)])
    bring_and_work(ada, settings, history)
    plays = [
        {"track_id": each["played_track_id"], "ended_at": each["ended_at"]}
        for each in ada.get("/plays").json()["items"]
    ]
    ada.post("/plays/deletions", {"plays": plays[:8]})
    content = ada.get("/export").content
    assert len(unpacked(content)["yours/changes.jsonl"].splitlines()) == 3
    for first in (True, False):
        ledger = by_format(bring_and_work(bob, settings, content))["own_changes"]
        assert (ledger["accepted"], ledger["duplicate"]) == ((3, 0) if first else (0, 3))
    assert restorable(bob.get("/export").content) == restorable(content)
    assert rows.MOST_PLAYS_OF_A_ROW >= 3
