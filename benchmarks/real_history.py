"""Spotify's own files of one listener as an export folder, so that the pipeline's code can be measured on them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from training.data.export_folder import AUDIO, PLAYS, TRACKS, ExportFolder

LISTEN_MS = 30_000


def export_folder(files: Sequence[Path], zone: str, out: Path, until: datetime | None = None) -> ExportFolder:
    """Writes `out` from account data (`endTime`) or extended history (`ts`); rows without a song, and what ended after
    `until` (UTC), are left out.

    Rows that are equal in end, title and time played are one play, as in the product.
    """
    rows = [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]
    plays = {
        (play["ended_at"], play["track_key"], play["ms_played"]): play
        for play in (_play(row, zone) for row in rows)
        if play is not None and (until is None or play["ended_at"] < until.replace(tzinfo=UTC))
    }
    ordered = [plays[key] for key in sorted(plays)]
    tracks = {play["track_key"]: play for play in ordered}
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(ordered, schema=PLAYS), out / "plays.parquet")
    catalogue = [{"track_key": key, "kind": "song", **_names(tracks[key])} for key in sorted(tracks)]
    pq.write_table(pa.Table.from_pylist(catalogue, schema=TRACKS), out / "tracks.parquet")
    pq.write_table(pa.Table.from_pylist([], schema=AUDIO), out / "audio.parquet")
    (out / "snapshot.json").write_text(json.dumps({"id": "real-history", "rows": {"plays": len(ordered)}}))
    return ExportFolder(out)


def _play(row: dict[str, Any], zone: str) -> dict[str, Any] | None:
    if "endTime" in row:
        ended = datetime.strptime(row["endTime"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        artist, title, played = row["artistName"], row["trackName"], row["msPlayed"]
    else:
        ended = datetime.strptime(row["ts"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        artist, title, played = (
            row["master_metadata_album_artist_name"], row["master_metadata_track_name"], row["ms_played"],
        )  # fmt: skip
    if artist is None or title is None:
        return None
    return {
        "user_key": "listener", "time_zone": zone, "track_key": f"name:{artist}\n{title}",
        "artist_key": f"artist:{artist}", "kind": "song", "started_at": ended - timedelta(milliseconds=played),
        "ended_at": ended, "ms_played": played, "is_listen": played >= LISTEN_MS,
        "reason_start": row.get("reason_start"), "reason_end": row.get("reason_end"), "shuffle": row.get("shuffle"),
        "skipped": row.get("skipped"), "offline": row.get("offline"), "source": "spotify_export",
    }  # fmt: skip


def _names(play: dict[str, Any]) -> dict[str, Any]:
    artist, title = play["track_key"].removeprefix("name:").split("\n", 1)
    return {"title": title, "artist_key": play["artist_key"], "artist_name": artist}
