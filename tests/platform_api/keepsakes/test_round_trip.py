"""An export brought to another Tonearm: everything that was made and said is there again, under other ids."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.main import create_app
from tests.support.belongings import a_track
from tests.support.histories import (
    account_row,
    bring_and_work,
    extended_row,
    listen,
    track_uri,
    work,
    zipped,
)
from tests.support.people import Emulator, Listener, sign_in_on

START = datetime(2024, 3, 30, 22, 0, tzinfo=UTC)
ANSWERS = [
    "/analysis/totals?span=all", "/analysis/top/tracks?span=all", "/analysis/top/artists?span=all",
    "/analysis/clock?span=all", "/plays?limit=200",
]  # fmt: skip
IDS = {"id", "track_id", "artist_id", "album_id", "played_track_id", "import_id"}


class Elsewhere:
    """Another Tonearm: its own database, in which the same music has other ids."""

    def __init__(self, settings: Settings, client: TestClient, emulator: Emulator) -> None:
        self.settings = settings
        self.sign_in = sign_in_on(client, emulator)
        engine = make_engine(settings.database, application_name="tonearm-tests", pool_size=5)
        self.sessions: Sessions = make_sessions(engine)
        with self.sessions.begin() as session:
            for number in range(5):
                a_track(session, f"Other {number}", f"Artist {number}")


@pytest.fixture
def elsewhere(
    settings: Settings, make_database: Callable[[], str], emulator: Emulator, tmp_path: Path
) -> Iterator[Elsewhere]:
    database = settings.database.model_copy(update={"url": type(settings.database.url)(make_database())})
    uploads = settings.uploads.model_copy(update={"dir": tmp_path / "elsewhere"})
    other = settings.model_copy(update={"database": database, "uploads": uploads})
    with TestClient(create_app(other)) as client:
        yield Elsewhere(other, client, emulator)


def ids_by_key(sessions: Sessions) -> dict[str, int]:
    with sessions() as session:
        return dict(session.execute(text("SELECT key, id FROM tracks")).all())


def full(listener: Listener, settings: Settings, sessions: Sessions) -> dict[str, int]:
    """Something of every kind. Returns how many of each the export tells."""
    history = zipped({
        "Streaming_History_Audio_2024_0.json": [
            extended_row(START + timedelta(minutes=4 * at), at % 45) for at in range(120)
        ],
        "StreamingHistory_music_0.json": [account_row(START + timedelta(days=9, minutes=at), at) for at in range(9)],
    })  # fmt: skip
    bring_and_work(listener, settings, history)
    token = listener.post("/tokens", {"name": "phone"}).json()["token"]
    sent = {"listen_type": "import", "payload": [listen(START + timedelta(days=20, hours=at), at) for at in range(7)]}
    listener.client.post("/1/submit-listens", json=sent, headers={"Authorization": f"Token {token}"})
    ids = ids_by_key(sessions)
    track = [ids[track_uri(number)] for number in range(45)]

    def ok(answer: Any) -> Any:
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    ok(listener.patch("/me", {"display_name": "Ada L.", "time_zone": "Asia/Kathmandu", "may_narrate": False}))
    work(settings)
    for name, chosen in {"Evening": track[:5], "Twice ♥": [track[3], track[1], track[3]], "Empty": []}.items():
        ok(listener.post("/playlists", {"name": name, "description": "a\nb", "track_ids": chosen}))
    # a chain in one request: 0 → 1, then 1 → 2; and a pair that was split again
    pairs = [{"track_id": track[0], "into": track[1]}, {"track_id": track[1], "into": track[2]}]
    ok(listener.post("/recordings/merges", {"pairs": pairs, "why": "name"}))
    ok(listener.post("/recordings/merges", {"pairs": [{"track_id": track[30], "into": track[12]}]}))
    ok(listener.post("/recordings/merges", {"pairs": [{"track_id": track[4], "into": track[5]}]}))
    ok(listener.post("/recordings/splits", {"track_ids": [track[4]]}))
    ok(listener.post("/recordings/refusals", {"pairs": [{"track_id": track[6], "into": track[7]}]}))
    with sessions() as session:
        artist = session.execute(text("SELECT id FROM artists WHERE key = 'artist:artist 3'")).scalar_one()
    ok(listener.put(f"/hidden-artists/{artist}"))
    ok(listener.put(f"/recommendations/feedback/{track[8]}", {"verdict": "love"}))
    ok(listener.put(f"/recommendations/feedback/{track[9]}", {"verdict": "hide"}))
    plays = ok(listener.get("/plays?limit=200"))["items"]
    ref = [{"track_id": play["played_track_id"], "ended_at": play["ended_at"]} for play in plays]
    ok(listener.post("/plays/deletions", {"plays": ref[10:13]}))
    ok(listener.post("/plays/corrections", {"play": ref[20], "track_id": track[44]}))
    back = ok(listener.post("/plays/corrections", {"play": ref[21], "track_id": track[43]}))
    assert back["kind"] == "corrected"
    # corrected back by hand: the first play stands although it was deleted
    ok(listener.post("/plays/corrections", {
        "play": {"track_id": track[43], "ended_at": ref[21]["ended_at"]}, "track_id": ref[21]["track_id"],
    }))  # fmt: skip
    ok(listener.post("/plays", {"track_id": track[2], "started_at": (START + timedelta(days=40)).isoformat()}))
    undone = ok(listener.post("/plays/deletions", {"plays": ref[30:31]}))
    ok(listener.delete(f"/plays/changes/{undone['id']}"))
    with sessions.begin() as session:
        session.execute(
            text("INSERT INTO track_genres (track_id, user_id, genre, genre_key) VALUES (:track, :id, 'Dub', 'dub')"),
            {"track": track[2], "id": listener.id},
        )
    return {
        "own_settings": 6, "own_merges": 3, "own_refused_pairs": 1, "own_hidden_artists": 1, "own_feedback": 2,
        "own_genres": 1, "own_playlists": 3, "own_changes": 5,
    }  # fmt: skip


def unpacked(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name.removeprefix("tonearm-export/"): archive.read(name) for name in archive.namelist()}


def restorable(content: bytes) -> dict[str, bytes]:
    return {name: told for name, told in unpacked(content).items() if name.split("/")[0] in ("plays", "yours")}


def without_ids(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: without_ids(value) for name, value in told.items() if name not in IDS}
    return [without_ids(each) for each in told] if isinstance(told, list) else told


def answers(listener: Listener) -> dict[str, Any]:
    """What the listener sees, by names. Ids and the cursors made of them are another Tonearm's own."""
    found = {path: listener.get(path) for path in ANSWERS}
    assert all(answer.status_code == 200 for answer in found.values())
    told = {path: without_ids(answer.json()) for path, answer in found.items()}
    told["/plays?limit=200"] = told["/plays?limit=200"]["items"]
    return told


def by_format(ledger: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {file["format"]: file for file in ledger["files"] if file["format"]}


def test_everything_is_there_again_in_another_tonearm(
    listener: Listener, settings: Settings, sessions: Sessions, elsewhere: Elsewhere
) -> None:
    told = full(listener, settings, sessions)
    content = listener.get("/export").content
    seen = answers(listener)
    bob = elsewhere.sign_in("bob")
    ledger = bring_and_work(bob, elsewhere.settings, content, "tonearm-export.zip")
    assert (ledger["state"], ledger["source"]) == ("done", "tonearm")
    files = by_format(ledger)
    for name, rows in told.items():
        assert files[name]["rows"] == files[name]["total_rows"] == rows, name
        # three consents are as they were already
        assert files[name]["accepted"] == (3 if name == "own_settings" else rows), (name, files[name]["reasons"])
    assert ledger["totals"]["broken"] == ledger["totals"]["skipped"] == 0
    again = bob.get("/export").content
    assert restorable(again).keys() == restorable(content).keys()
    for name, lines in restorable(content).items():
        assert restorable(again)[name] == lines, name
    assert answers(bob) == seen
    account = bob.get("/me").json()
    assert (account["display_name"], account["time_zone"], account["may_narrate"]) == (
        "Ada L.",
        "Asia/Kathmandu",
        False,
    )
    assert account["handle"] == "bob"
    # a second time it brings nothing
    twice = bring_and_work(bob, elsewhere.settings, content, "tonearm-export.zip")
    assert twice["totals"]["accepted"] == twice["totals"]["broken"] == 0
    assert restorable(bob.get("/export").content) == restorable(content)
