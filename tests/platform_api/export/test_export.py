"""Everything goes out, nobody else's does, and what comes back in is the same."""

import csv
import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, select, text
from sqlalchemy.orm import Session

from platform_api.core.errors import TooManyRequests
from platform_api.core.settings import Settings
from platform_api.crud import export
from platform_api.db.session import Sessions
from platform_api.models import Base, User
from platform_api.services.export import plays as shapes
from platform_api.services.export import tickets
from platform_api.services.export.places import Places
from platform_api.services.importing.formats import BY_NAME
from tests.platform_api.importing.test_properties import DIRT, FEW, PART, ZONES, plays_of, taken_back
from tests.support.belongings import fill_every_table
from tests.support.histories import (
    account_row,
    bring_and_work,
    extended_row,
    listen,
    new_user,
    write_rows,
    zipped,
)
from tests.support.people import Listener
from tests.support.sums import sums_read

START = datetime(2024, 3, 30, 22, 0, tzinfo=UTC)
SPOKEN = [
    extended_row(
        START, master_metadata_track_name=None, master_metadata_album_artist_name=None,
        master_metadata_album_album_name=None, spotify_track_uri=None, episode_name="Pilot", episode_show_name="A Show",
        spotify_episode_uri="spotify:episode:0000000000000000000007",
    ),
    extended_row(
        START + timedelta(hours=1), master_metadata_track_name=None, master_metadata_album_artist_name=None,
        master_metadata_album_album_name=None, spotify_track_uri=None, audiobook_title="A Book",
        audiobook_chapter_title=None, audiobook_chapter_uri="spotify:chapter:0000000000000000000008",
    ),
]  # fmt: skip
ODD = [
    extended_row(START + timedelta(hours=2), 3, master_metadata_track_name=None),
    extended_row(START + timedelta(hours=3), 4, spotify_track_uri="spotify:local:A:B:C:180"),
    extended_row(START + timedelta(hours=4), 5, master_metadata_album_artist_name=None),
    extended_row(START + timedelta(hours=5), 6, offline=True, offline_timestamp=int(START.timestamp()) - 900),
    extended_row(START + timedelta(hours=6), 7, master_metadata_track_name="=1+1", conn_country="",
                 platform="ὁ, \"x\"\n"),
]  # fmt: skip


def rows_of(session: Session, user: User) -> dict[str, list[dict[str, Any]]]:
    """What the archive would hold, by the format that reads it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for play in export.plays(session, user.id):
        row = shapes.spotify_row(play)
        name = "extended" if row is not None else f"tonearm_{play.source}"
        assert name in BY_NAME
        found.setdefault(name, []).append(json.loads(json.dumps(row or shapes.own_row(play))))
    return found


@FEW
@given(parts=st.lists(st.one_of(PART, st.tuples(st.just("extended"), st.lists(DIRT, max_size=5)),
                                st.just(("extended", SPOKEN + ODD))), min_size=1, max_size=3), zone=ZONES)  # fmt: skip
def test_export_then_import_is_identical(session: Session, parts: list[tuple[str, list[object]]], zone: str) -> None:
    with taken_back(session):
        before, after = new_user(session, zone), new_user(session, zone)
        for history_format, rows in parts:
            write_rows(session, before.id, rows, history_format)
        for history_format, told in rows_of(session, before).items():
            file = write_rows(session, after.id, told, history_format)
            assert file.accepted == len(told)
        assert plays_of(session, after) == plays_of(session, before)
        assert sums_read(session, after) == sums_read(session, before)
        assert [play.source for play in export.plays(session, after.id)] == [
            play.source for play in export.plays(session, before.id)
        ]


@pytest.fixture
def full(sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions) -> Listener:
    """Ada with something everywhere, and Ben with the same."""
    ada, ben = sign_in("ada"), sign_in("ben")
    with sessions.begin() as session:
        fill_every_table(session, ada.id, ben.id)
        fill_every_table(session, ben.id, ada.id)
        session.execute(text("DELETE FROM jobs"))
        for table in sorted(export.DERIVED):
            session.execute(text(f"DELETE FROM {table} WHERE user_id = {ada.id}"))
    body = zipped({
        "Streaming_History_Audio_2024_0.json": [
            extended_row(START + timedelta(minutes=4 * at), at) for at in range(90)
        ],
        "StreamingHistory_music_0.json": [account_row(START + timedelta(days=9, minutes=at), at) for at in range(9)],
        "Streaming_History_Audio_2024_1.json": SPOKEN + ODD,
    })  # fmt: skip
    bring_and_work(ada, settings, body)
    token = ada.post("/tokens", {"name": "phone"}).json()["token"]
    sent = {"listen_type": "import", "payload": [listen(START + timedelta(days=20, hours=at), at) for at in range(7)]}
    answer = ada.client.post("/1/submit-listens", json=sent, headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
    return ada


def download(listener: Listener) -> zipfile.ZipFile:
    answer = listener.get("/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert "attachment; filename=" in answer.headers["content-disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def test_the_zip_brought_to_another_account_gives_the_same_plays(
    full: Listener, sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    content = full.get("/export").content
    cleo = sign_in("cleo")
    done = bring_and_work(cleo, settings, content, "tonearm-export.zip")
    assert done["state"] == "done"
    read = {name: [file for file in done["files"] if f"/{name}/" in file["name"]] for name in ("plays", "yours")}
    accepted, rows = (sum(file[count] for file in read["plays"]) for count in ("accepted", "rows"))
    assert accepted == rows == full.get("/me").json()["plays"]
    assert done["totals"]["broken"] == 0 < sum(file["accepted"] for file in read["yours"])
    with sessions() as session:
        ada, other = session.get_one(User, full.id), session.get_one(User, cleo.id)
        assert plays_of(session, other) == plays_of(session, ada)
    again = bring_and_work(cleo, settings, content, "tonearm-export.zip")
    assert again["totals"]["accepted"] == 0
    assert [file for file in done["files"] if file["state"] == "done"] != []
    assert all(file["state"] == "ignored" for file in done["files"] if file not in read["plays"] + read["yours"])


def test_everything_is_in_it_and_nobody_elses(full: Listener, sessions: Sessions) -> None:
    archive = download(full)
    names = {name.removeprefix("tonearm-export/") for name in archive.namelist()}
    assert {"README.txt", "account.json", "plays.csv", "listens.jsonl", "plays/Streaming_History_Audio_0.json"} <= names
    with sessions() as session:
        assert sum(1 for _ in export.plays(session, full.id)) == len(_table(archive)) >= 100
        mine = session.get_one(User, full.id)
        ben = session.scalars(select(User).where(User.id != full.id)).one()
        for table in Base.metadata.sorted_tables:
            if table.name in export.DERIVED | export.NOT_OF_A_PERSON:
                continue
            owner = next((name for name in export.OWNERS if name in table.columns), None)
            if owner is None and f"tables/{table.name}.json" not in names:
                of = {key.column.table.name for key in table.foreign_keys}
                assert not of & {"users", "imports", "playlists", "posts"}, f"{table.name} is of a person and missing"
                continue
            told = json.loads(archive.read(f"tonearm-export/tables/{table.name}.json"))
            if owner is not None:
                here = session.scalar(text(f"SELECT count(*) FROM {table.name} WHERE {owner} = {full.id}"))
                assert len(told) == here, table.name
            secret = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
            assert all(not secret & row.keys() for row in told), table.name
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert ben.email is not None
        for private in (ben.email, ben.firebase_uid, str(ben.ml_key), mine.firebase_uid, str(mine.ml_key)):
            assert private.encode() not in whole
        said = [row["text"] for row in json.loads(archive.read("tonearm-export/tables/comments.json"))]
        assert said == ["me", "you"]  # under her own post and under Ben's; not what he said under hers
    account = json.loads(archive.read("tonearm-export/account.json"))
    assert (account["handle"], account["time_zone"]) == ("ada", "Europe/Prague")


def _table(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("tonearm-export/plays.csv").decode(), newline="")))


def test_the_table_and_the_scrobbles_tell_the_same_plays(full: Listener, sessions: Sessions) -> None:
    archive = download(full)
    table = _table(archive)
    listens = [json.loads(line) for line in archive.read("tonearm-export/listens.jsonl").splitlines()]
    counted = [row for row in table if row["is_listen"] == "true" and row["kind"] == "song"]
    assert len(listens) == len(counted)
    assert [each["track_metadata"]["track_name"] for each in listens] == [row["title"] for row in counted]
    assert {row["started_local"][-6:] for row in table} == {"+01:00", "+02:00"}  # the clocks changed in that night
    with sessions() as session:
        total = session.scalar(text("SELECT sum(ms_played) FROM plays WHERE user_id = :id"), {"id": full.id})
    assert sum(int(row["ms_played"]) for row in table) == total


def test_a_link_downloads_for_five_minutes_and_only_ones_own(
    full: Listener, sessions: Sessions, settings: Settings
) -> None:
    link = full.post("/export/link").json()
    answer = full.client.get(link["url"])
    assert answer.status_code == 200
    assert zipfile.ZipFile(io.BytesIO(answer.content)).read("tonearm-export/account.json")
    ticket = link["url"].rpartition("/")[2]
    other = ticket[:50] + ("A" if ticket[50] != "A" else "B") + ticket[51:]
    for wrong in (ticket[:-2], other, "x", "é", "%00", "A" * 75):
        assert full.client.get(f"/api/v1/export/{wrong}").status_code == 404, wrong
    now = datetime.now(UTC)
    with sessions() as session:
        user = session.get_one(User, full.id)
        old, _ = tickets.issue(settings, user, now - timedelta(minutes=6))
        with pytest.raises(tickets.TicketGone):
            tickets.owner_of(session, settings, old, now)


def test_an_export_that_nobody_reads_to_its_end_leaves_its_place(client: TestClient, full: Listener) -> None:
    """At once, not when Python happens to collect it: whoever broke a download off begins the next one."""
    for _ in range(3):
        with client.stream("GET", "/api/v1/export", headers=full.headers) as answer:
            assert answer.status_code == 200
        places: Places = client.app_state["exports"]
        deadline = time.monotonic() + 5
        while places.taken:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert full.get("/export").status_code == 200


def test_a_database_that_does_not_know_a_limit_yet_exports_without_it(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PostgreSQL 16 and its `transaction_timeout`."""
    monkeypatch.setitem(export.PATIENCE, "a_timeout_of_the_future", "1min")
    with sessions() as session:
        export.hold_still(session)
        assert session.scalar(text("SHOW transaction_timeout")) == "30min"
        assert session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"


def test_a_listener_without_anything_gets_a_zip_all_the_same(listener: Listener) -> None:
    archive = download(listener)
    assert not [name for name in archive.namelist() if "/plays" in name]


def test_each_listener_has_one_place(client: TestClient, listener: Listener, sign_in: Callable[..., Listener]) -> None:
    """Links could be opened over and over by somebody who reads slowly: nobody else got an export then."""
    ben = sign_in("ben")
    link = listener.post("/export/link").json()["url"]
    places: Places = client.app_state["exports"]
    places.take(listener.id)
    for answer in (listener.get("/export"), client.get(link), listener.get("/plays.ndjson")):
        assert answer.status_code == 429
        assert "of yours" in answer.json()["detail"]
    assert ben.get("/export").status_code == 200
    places.leave(listener.id)
    assert client.get(link).status_code == 200


def test_there_are_only_so_many_places() -> None:
    places = Places(2)
    places.take(1)
    places.take(2)
    with pytest.raises(TooManyRequests, match="Several"):
        places.take(3)
    places.leave(1)
    places.take(3)


def test_a_link_counts_for_whoever_made_it(client: TestClient, listener: Listener) -> None:
    links = [listener.post("/export/link").json()["url"] for _ in range(2)]
    answers = [client.get(links[number % 2]).status_code for number in range(11)]
    assert answers == [200] * 10 + [429]
    assert listener.get("/export").status_code == 429
