"""The export against a real database built by the real migrations, read as the role that training has."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest
import soundfile
from psycopg.conninfo import make_conninfo

from training.data.export_folder import ExportFolder
from training.errors import ExportError
from training.export import export
from training.params import ExportParams

EVERYTHING = ExportParams(until=None)

TOWN = """
INSERT INTO users (firebase_uid, handle, handle_key, display_name, time_zone, may_train) VALUES
  ('a', 'ada', 'ada', 'Ada', 'Europe/Prague', true), ('b', 'bob', 'bob', 'Bob', 'UTC', false);
INSERT INTO artists (key, name) VALUES ('artist:rust', 'Rust');
INSERT INTO tracks (key, name, name_key, artist_id)
  SELECT 'spotify:track:' || n, 'Song ' || n, 'song ' || n, artists.id FROM generate_series(1, 3) n, artists;
INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source, incognito)
  SELECT users.id, tracks.id, timestamptz '2025-03-01 10:00Z' + n * interval '1 hour',
         timestamptz '2025-03-01 09:57Z' + n * interval '1 hour', 180000,
         CASE WHEN n = 4 THEN 'spotify_api' ELSE 'spotify_export' END, n = 5
  FROM users, generate_series(1, 6) n JOIN tracks ON tracks.key = 'spotify:track:' || (n % 3 + 1);
"""


@pytest.fixture
def town(fresh_database: str) -> str:
    address = fresh_database.replace("+psycopg", "", 1)
    with psycopg.connect(address) as connection:
        connection.execute(TOWN)
        connection.execute("ALTER ROLE trainer PASSWORD 'of the test'")
    return address


def as_trainer(address: str) -> str:
    own = make_conninfo(address, user="trainer", password="of the test")
    assert psycopg.connect(own).execute("SELECT current_user").fetchone() == ("trainer",)
    head, _, rest = address.partition("://")
    return f"{head}://trainer:of%20the%20test@{rest.rpartition('@')[2]}"


def test_only_what_may_train_leaves_the_database(town: str, tmp_path: Path) -> None:
    snapshot = export(as_trainer(town), None, EVERYTHING, tmp_path)
    plays = ExportFolder(tmp_path).plays().to_pylist()
    # Six plays of ada, less one from the Web API and one from a private session; bob did not agree.
    assert snapshot["rows"] == {"plays": 4, "tracks": 3, "audio": 0}
    ended = sorted(row["ended_at"] for row in plays)
    assert snapshot["span"] == [ended[0].isoformat(), ended[-1].isoformat()]
    assert len({row["user_key"] for row in plays}) == 1
    assert [row["ended_at"].hour for row in plays] == [11, 12, 13, 16]
    assert plays[0] == {
        "user_key": plays[0]["user_key"], "time_zone": "Europe/Prague", "track_key": "spotify:track:2",
        "artist_key": "artist:rust", "kind": "song", "started_at": datetime(2025, 3, 1, 10, 57, tzinfo=UTC),
        "ended_at": datetime(2025, 3, 1, 11, tzinfo=UTC), "ms_played": 180000, "is_listen": True, "reason_start": None,
        "reason_end": None, "shuffle": None, "skipped": None, "offline": None, "source": "spotify_export",
    }  # fmt: skip


def test_an_unchanged_database_changes_no_byte(town: str, tmp_path: Path) -> None:
    export(as_trainer(town), None, EVERYTHING, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    export(as_trainer(town), None, EVERYTHING, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with psycopg.connect(town) as connection:
        connection.execute("UPDATE users SET may_train = false")
    after = export(as_trainer(town), None, EVERYTHING, tmp_path)
    assert after["rows"]["plays"] == 0
    assert after["id"] != json.loads(before["snapshot.json"])["id"]


def test_a_stated_instant_is_the_end(town: str, tmp_path: Path) -> None:
    until = ExportParams(until=datetime(2025, 3, 1, 12, tzinfo=UTC))
    assert export(as_trainer(town), None, until, tmp_path)["rows"]["plays"] == 2


def test_audio_files_are_matched_by_their_tags(town: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    library.mkdir()
    for name, artist, title in (("1", "RUST", "song  2"), ("2", "Rust", "Another"), ("3", None, None)):
        with soundfile.SoundFile(library / f"{name}.flac", "w", samplerate=8000, channels=1) as file:
            if artist is not None:
                file.artist, file.title = artist, title
            file.write(np.zeros(8000))
    (library / "4.mp3").write_bytes(b"no music")
    export(as_trainer(town), library, EVERYTHING, tmp_path / "export")
    monkeypatch.setenv("AUDIO_LIBRARY_DIR", str(library))
    rows = ExportFolder(tmp_path / "export").audio().to_pylist()
    assert [(row["track_key"], row["path"]) for row in rows] == [("spotify:track:2", str(library / "1.flac"))]


def test_a_database_that_is_away_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="TRAINING_DATABASE_URL"):
        export("postgresql://trainer@127.0.0.1:9/tonearm", None, EVERYTHING, tmp_path)
