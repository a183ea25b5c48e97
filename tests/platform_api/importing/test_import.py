"""An export goes in through the door that listeners use; plays, sums and ledger come out."""

import csv
import io
import json
import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.services.importing import batches
from platform_api.services.inference.client import InferenceClient
from platform_api.services.left_over_uploads import forget_left_over_uploads
from tests.support.histories import (
    FIRST_DAY,
    a_day_of_plays,
    account_row,
    bring,
    bring_and_work,
    extended_row,
    extended_zip,
    work,
    zipped,
)
from tests.support.people import Listener
from tests.support.scrobble_files import EVERY_SHAPE, some_scrobbles


def test_every_row_has_a_verdict_and_the_sum_is_exact(listener: Listener, settings: Settings) -> None:
    rows = a_day_of_plays(40)
    dirt = [rows[3], {**rows[0], "master_metadata_track_name": None, "spotify_track_uri": None}, {"ts": "soon"}, "what"]
    ledger = bring_and_work(listener, settings, extended_zip([*rows, *dirt]))
    assert ledger["state"] == "done"
    assert ledger["totals"] == {
        "rows": 44, "accepted": 40, "duplicate": 1, "skipped": 1, "broken": 2, "total_rows": 44,
    }  # fmt: skip
    assert {(each["verdict"], each["reason"]): each["rows"] for each in ledger["reasons"]} == {
        ("duplicate", "repeated_in_file"): 1,
        ("skipped", "nothing_named"): 1,
        ("broken", "bad_time"): 1,
        ("broken", "not_a_row"): 1,
    }


def test_importing_twice_changes_nothing(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    body = extended_zip(a_day_of_plays(30))
    bring_and_work(listener, settings, body)
    before = _everything(sessions)
    again = bring_and_work(listener, settings, body)
    assert again["totals"]["duplicate"] == 30
    assert again["reasons"] == [{"verdict": "duplicate", "reason": "already_known", "rows": 30}]
    assert _everything(sessions) == before


def test_the_next_file_is_made_ready_while_this_one_is_written(
    listener: Listener, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = a_day_of_plays(30)
    body = zipped({f"Streaming_History_Audio_{number}.json": rows[number::3] for number in range(3)})
    lay_out, write = batches.lay_out, batches.write
    ready = [threading.Event() for _ in range(3)]
    written = 0

    def lay_out_and_tell(*told: Any) -> batches.LaidOut:
        laid_out = lay_out(*told)
        next(event for event in ready if not event.is_set()).set()
        return laid_out

    def write_when_the_next_is_ready(*told: Any) -> None:
        nonlocal written
        written += 1
        assert ready[min(written, 2)].wait(20)
        write(*told)

    monkeypatch.setattr(batches, "lay_out", lay_out_and_tell)
    monkeypatch.setattr(batches, "write", write_when_the_next_is_ready)
    assert bring_and_work(listener, settings, body)["totals"]["accepted"] == 30
    assert written == 3


def test_the_same_file_at_once_is_stored_once(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    body = extended_zip(a_day_of_plays(30))
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: bring(listener, body), range(2))
        list(pool.map(work, [settings] * 2))
    totals = [listener.get(f"/imports/{each['id']}").json()["totals"] for each in (first, second)]
    assert sorted(each["accepted"] for each in totals) == [0, 30]
    assert len(_everything(sessions)["plays"]) == 30


def test_undo_leaves_nothing_but_the_counts(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    ledger = bring_and_work(listener, settings, extended_zip([*a_day_of_plays(30), "what"]))
    assert listener.delete(f"/imports/{ledger['id']}").json()["state"] == "undoing"
    work(settings)
    undone = listener.get(f"/imports/{ledger['id']}").json()
    assert undone["state"] == "undone"
    assert undone["totals"]["accepted"] == 30
    assert not any(_everything(sessions).values())
    assert listener.get(f"/imports/{ledger['id']}/rejects").json() == []


def test_the_richer_row_of_two_packages_stays_whatever_came_first(
    sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    ends = [FIRST_DAY + timedelta(minutes=7 * at, seconds=13 * at % 60) for at in range(20)]
    extended = extended_zip([extended_row(end, at) for at, end in enumerate(ends[:12])])
    account = zipped({"StreamingHistory_music_0.json": [account_row(end, at) for at, end in enumerate(ends)]})
    ada, bob = sign_in("ada"), sign_in("bob")
    bring_and_work(ada, settings, account)
    enriched = bring_and_work(ada, settings, extended)
    bring_and_work(bob, settings, extended)
    known = bring_and_work(bob, settings, account)
    assert enriched["reasons"] == [{"verdict": "duplicate", "reason": "adds_detail", "rows": 12}]
    assert known["totals"] == {"rows": 20, "accepted": 8, "duplicate": 12, "skipped": 0, "broken": 0, "total_rows": 20}
    assert known["reasons"] == [{"verdict": "duplicate", "reason": "known_in_more_detail", "rows": 12}]
    assert _everything(sessions, ada.id) == _everything(sessions, bob.id)
    assert len(_everything(sessions, ada.id)["plays"]) == 20


def test_two_plays_in_one_minute_of_account_data_are_two(listener: Listener, settings: Settings) -> None:
    rows = [account_row(FIRST_DAY, ms_played=20_000), account_row(FIRST_DAY, ms_played=35_000)]
    ledger = bring_and_work(listener, settings, json.dumps(rows).encode(), "StreamingHistory0.json")
    assert ledger["totals"]["accepted"] == 2


def test_the_longer_of_two_reports_of_one_play_stays(
    sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    short, long = extended_row(FIRST_DAY, ms_played=0), extended_row(FIRST_DAY, ms_played=90_000)
    for name, rows in {"ada": [short, long], "bob": [long, short]}.items():
        ledger = bring_and_work(sign_in(name), settings, extended_zip(rows))
        assert ledger["totals"]["accepted"] == 1
        assert ledger["totals"]["duplicate"] == 1
    with sessions() as session:
        assert session.execute(text("SELECT ms_played FROM plays")).scalars().all() == [90_000, 90_000]


def test_addresses_and_user_names_are_nowhere(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    rows: list[object] = [*a_day_of_plays(3), extended_row(FIRST_DAY, ms_played=-1), extended_row(FIRST_DAY)]
    bring_and_work(listener, settings, extended_zip(rows))
    with sessions() as session:
        tables = session.execute(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
        for table in tables.scalars():
            everything = session.execute(text(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t"))
            told = everything.scalar_one()
            assert "203.0.113.7" not in told, table
            assert "a-private-name" not in told, table


def test_an_offline_play_starts_when_it_was_played(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    synced = FIRST_DAY + timedelta(days=3)
    loop = [
        extended_row(synced, ms_played=60_000, offline=True, offline_timestamp=stamp)
        for stamp in (int(FIRST_DAY.timestamp()), int((FIRST_DAY + timedelta(minutes=5)).timestamp() * 1000))
    ]
    bring_and_work(listener, settings, extended_zip(loop))
    with sessions() as session:
        starts = session.execute(text("SELECT started_at FROM plays ORDER BY started_at")).scalars().all()
    assert starts == [FIRST_DAY, FIRST_DAY + timedelta(minutes=5)]


def test_others_see_nothing_of_it(sign_in: Callable[..., Listener], settings: Settings) -> None:
    ada, bob = sign_in("ada"), sign_in("bob")
    ledger = bring_and_work(ada, settings, extended_zip(a_day_of_plays(3)))
    path = f"/imports/{ledger['id']}"
    assert bob.get("/imports").json() == []
    for answer in (bob.get(path), bob.get(f"{path}/rejects"), bob.get(f"{path}/events"), bob.delete(path)):
        assert answer.status_code == 404


def test_progress_is_told_until_the_end(listener: Listener, settings: Settings) -> None:
    ledger = bring_and_work(listener, settings, extended_zip(a_day_of_plays(3)))
    with listener.client.stream("GET", f"/api/v1/imports/{ledger['id']}/events", headers=listener.headers) as stream:
        told = stream.read().decode()
    assert told.startswith("event: progress\ndata: {")
    assert "\n\nevent: end\ndata: {" in told


def test_uploads_that_nobody_needs_any_more_are_swept(
    listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    left = settings.uploads.dir / "incoming" / "left-by-a-killed-request"
    fresh = settings.uploads.dir / "just-arrived"
    left.parent.mkdir(parents=True, exist_ok=True)
    bring(listener, extended_zip(a_day_of_plays(3)))
    (waiting,) = (path for path in settings.uploads.dir.rglob("*") if path.is_file())
    for path in (left, fresh):
        path.write_bytes(b"x")
    for path in (left, waiting):
        os.utime(path, (0, 0))
    with sessions.begin() as session:
        forget_left_over_uploads(session, settings, InferenceClient(settings.inference))
    assert {path for path in settings.uploads.dir.rglob("*") if path.is_file()} == {fresh, waiting}


def _everything(sessions: Sessions, user_id: int | None = None) -> dict[str, list[object]]:
    """Plays of one or all listeners, as told and packed for reading, without the import that brought them."""
    of_user = "WHERE user_id = :user_id" if user_id else "WHERE true OR user_id = :user_id"
    columns = {
        "plays": "track_id, ended_at, started_at, ms_played, precision_s, reason_start, skipped, platform, country",
        "grooves": "month, plays",
    }
    with sessions() as session:
        return {
            table: [
                tuple(row)
                for row in session.execute(
                    text(f"SELECT {names} FROM {table} {of_user} ORDER BY {names}"), {"user_id": user_id}
                )
            ]
            for table, names in columns.items()
        }


def test_one_play_told_by_four_services_is_one_and_the_ledger_says_which(
    listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    history = some_scrobbles(20)
    ends = [heard.at + timedelta(seconds=200) for heard in history]
    exports: list[tuple[str, bytes]] = [
        (EVERY_SHAPE[name][0].split("/")[-1], EVERY_SHAPE[name][2](history))
        for name in ("Maloja", "Last.fm, all columns", "lastfm-to-csv, no header")
    ]
    listens = zipped({
        "user.json": b'{"user_id": 1, "username": "somebody"}',
        "listens/2024/3.jsonl": EVERY_SHAPE["ListenBrainz, lines"][2](history),
        "feedback.jsonl": b'{"recording_msid": "x", "score": 1, "created": 1700000000}\n',
    })  # fmt: skip
    exports.append(("listenbrainz_somebody.zip", listens))
    for name, body in exports:
        ledger = bring_and_work(listener, settings, body, name)
        assert ledger["totals"]["rows"] == 20, name
        assert ledger["state"] == "done"
    scrobbled = _everything(sessions)["plays"]
    assert len(scrobbled) == 20
    spotify = bring_and_work(
        listener,
        settings,
        extended_zip([extended_row(end, heard.track) for end, heard in zip(ends, history, strict=True)]),
    )
    assert spotify["totals"]["accepted"] + spotify["totals"]["duplicate"] == 20
    assert len(_everything(sessions)["plays"]) == 20
    told = listener.get(f"/imports/{spotify['id']}/rejects?verdict=duplicate").json()
    same = told[0]["detail"]["same_as"]
    assert (told[0]["reason"], same["source"], same["title"]) == (
        "adds_detail",
        "listenbrainz",
        told[0]["detail"]["title"],
    )
    again = bring_and_work(listener, settings, exports[1][1], exports[1][0])
    assert again["source"] == "lastfm"
    same = listener.get(f"/imports/{again['id']}/rejects").json()[3]["detail"]["same_as"]
    assert (same["import_id"], same["source"]) == (spotify["id"], "spotify_export")
    assert same["file"].endswith("Streaming_History_Audio_2024_0.json")
    listener.delete(f"/imports/{spotify['id']}")
    work(settings)
    assert _everything(sessions)["plays"] == scrobbled


def test_the_rows_of_the_ledger_can_be_kept(listener: Listener, settings: Settings) -> None:
    formula = extended_row(FIRST_DAY - timedelta(days=1), 99, master_metadata_track_name='=HYPERLINK("x")')
    rows = [formula, *a_day_of_plays(60), formula, "what"]
    ledger = bring_and_work(listener, settings, extended_zip(rows))
    assert [file["reasons"] for file in ledger["files"]] == [ledger["reasons"]]
    table = listener.get(f"/imports/{ledger['id']}/rows")
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    read = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert Counter(row["verdict"] for row in read) == {"accepted": 50, "duplicate": 1, "broken": 1}
    assert not any(cell.startswith("=") for row in read for cell in row.values())
    assert '=HYPERLINK("x")' in next(row["same_as"] for row in read if row["verdict"] == "duplicate")
    told = [json.loads(line) for line in listener.get(f"/imports/{ledger['id']}/rows?format=jsonl").text.splitlines()]
    assert [(row["row"], row["verdict"]) for row in told][-2:] == [(62, "duplicate"), (63, "broken")]
    assert listener.get(f"/imports/{ledger['id']}/rejects").json() == told[-2:]
    assert len(listener.get(f"/imports/{ledger['id']}/rejects?verdict=accepted").json()) == 50


def test_account_data_of_an_export_of_ours_give_way_to_better_knowledge(
    sign_in: Callable[..., Listener], settings: Settings
) -> None:
    ends = [FIRST_DAY + timedelta(minutes=7 * at) for at in range(5)]
    ada, bob = sign_in("ada"), sign_in("bob")
    account = [account_row(end, at) for at, end in enumerate(ends)]
    bring_and_work(ada, settings, zipped({"StreamingHistory_music_0.json": account}))
    bring_and_work(bob, settings, ada.get("/export").content, "tonearm-export.zip")
    better = bring_and_work(bob, settings, extended_zip([extended_row(end, at) for at, end in enumerate(ends)]))
    assert better["reasons"] == [{"verdict": "duplicate", "reason": "adds_detail", "rows": 5}]
    assert bob.get("/me").json()["plays"] == 5
