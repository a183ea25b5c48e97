"""The demo town as an export for training, straight from its ZIPs: what `python -m training export` would read from the
database, for benchmarks that need no stack.

    python -m benchmarks.town_export --town .tonearm/town --out FOLDER

Songs of the extended histories only; exact repetitions count once. Synthetic through and through.
"""

import argparse
import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from training.audio_library import match_library, normalised
from training.data.export_folder import PLAYS, TRACKS, ExportFolder

NEEDS = "a folder to write to (--out)"

LISTEN_MS = 30_000


def songs(path: Path) -> list[dict[str, Any]]:
    """Every row of a ZIP that names a track."""
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json") and "Streaming_History_Audio" in name:
                rows += [row for row in json.loads(archive.read(name)) if row.get("spotify_track_uri")]
    return [row for row in rows if row["master_metadata_track_name"] and row["master_metadata_album_artist_name"]]


def play(row: dict[str, Any], handle: str, zone: str) -> dict[str, Any]:
    ended = datetime.fromisoformat(row["ts"].replace("Z", "+00:00")).astimezone(UTC)
    return {
        "user_key": handle,
        "time_zone": zone,
        "track_key": row["spotify_track_uri"],
        "artist_key": "artist:" + normalised(row["master_metadata_album_artist_name"]),
        "kind": "song",
        "started_at": ended - timedelta(milliseconds=row["ms_played"]),
        "ended_at": ended,
        "ms_played": row["ms_played"],
        "is_listen": row["ms_played"] >= LISTEN_MS,
        "source": "demo",
        **{name: row[name] for name in ("reason_start", "reason_end", "shuffle", "skipped", "offline")},
    }


def export_town(town: Path, folder: Path) -> ExportFolder:
    """Write plays, tracks, audio and snapshot.json."""
    folder.mkdir(parents=True, exist_ok=True)
    zones = {each["handle"]: each["time_zone"] for each in json.loads((town / "listeners.json").read_text())}
    tracks: dict[str, dict[str, Any]] = {}
    plays: dict[tuple[str, str, datetime], dict[str, Any]] = {}
    for each in json.loads((town / "truth.json").read_text())["tracks"]:
        tracks[each["uri"]] = _track(each["uri"], each["title"], each["artist"], each["album"])
    for path in sorted((town / "exports").glob("*.zip")):
        for row in songs(path):
            kept = play(row, path.stem, zones[path.stem])
            plays[path.stem, kept["track_key"], kept["ended_at"]] = kept
            artist, album = row["master_metadata_album_artist_name"], row["master_metadata_album_album_name"]
            tracks.setdefault(
                kept["track_key"], _track(kept["track_key"], row["master_metadata_track_name"], artist, album)
            )
    ordered = sorted(
        plays.values(), key=lambda each: (each["user_key"], each["started_at"], each["ended_at"], each["track_key"])
    )
    pq.write_table(pa.Table.from_pylist(ordered, schema=PLAYS), folder / "plays.parquet")
    catalogue = pa.Table.from_pylist([tracks[key] for key in sorted(tracks)], schema=TRACKS)
    pq.write_table(catalogue, folder / "tracks.parquet")
    audio = match_library(town / "audio", catalogue)
    pq.write_table(audio, folder / "audio.parquet")
    digest = hashlib.sha256((folder / "plays.parquet").read_bytes()).hexdigest()
    rows = {"plays": len(ordered), "tracks": catalogue.num_rows, "audio": audio.num_rows}
    (folder / "snapshot.json").write_text(json.dumps({"id": digest[:16], "rows": rows}, indent=1) + "\n")
    return ExportFolder(folder)


def _track(key: str, title: str, artist: str, album: str) -> dict[str, Any]:
    return {
        "track_key": key, "kind": "song", "title": title, "artist_key": "artist:" + normalised(artist),
        "artist_name": artist, "album_name": album, "duration_ms": None, "isrc": None,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--town", type=Path, default=Path(".tonearm/town"))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    print(export_town(given.town, given.out).snapshot()["rows"])


if __name__ == "__main__":
    main()
