"""From the views that training may read to Parquet: one moment of the database, the same bytes for the same content.

All tables are read in one REPEATABLE READ transaction over ADBC, batch by batch, so memory does not grow with the
history. A listener who withdraws consent or is deleted is absent from the next export.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]

from training.audio_library import match_library
from training.data.export_folder import PLAYS, TRACKS
from training.errors import ExportError
from training.params import ExportParams

ROWS_PER_GROUP = 1_000_000

PLAYS_QUERY = """
SELECT user_key::text, time_zone, track_key, artist_key, kind, started_at, ended_at, ms_played, is_listen,
       reason_start, reason_end, shuffle, skipped, offline, source
FROM ml.plays
WHERE ended_at <= $1::timestamptz
ORDER BY user_key, started_at, ended_at, track_key COLLATE "C"
"""
TRACKS_QUERY = """
SELECT track_key, kind, title, artist_key, artist_name, album_name, duration_ms, isrc
FROM ml.tracks
ORDER BY track_key COLLATE "C"
"""


def export(database_url: str, library: Path | None, params: ExportParams, folder: Path) -> dict[str, Any]:
    """Write plays, tracks, audio and `snapshot.json` into `folder`; returns the snapshot.

    When the content equals that of the snapshot which is already there, no byte of the folder changes: `as_of` stays
    the instant at which this content was first seen. Raises ExportError when the database cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    as_of = datetime.now(UTC)
    until = min(params.until.astimezone(UTC), as_of) if params.until else as_of
    address = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        rows = _read_database(address, until, folder)
    except dbapi.Error as error:
        raise ExportError(f"the database cannot be read through TRAINING_DATABASE_URL: {error}") from error
    tracks = pq.read_table(_draft(folder, "tracks"), schema=TRACKS)
    audio = match_library(library, tracks)
    pq.write_table(audio, _draft(folder, "audio"))
    rows["audio"] = audio.num_rows
    digests = {name: _sha256(_draft(folder, name)) for name in ("plays", "tracks", "audio")}
    content = "".join(f"{name} {digest}\n" for name, digest in digests.items())
    snapshot = {
        "id": hashlib.sha256(content.encode()).hexdigest()[:16],
        "as_of": as_of.isoformat(timespec="seconds"),
        "until": params.until.isoformat() if params.until else None,
        "rows": rows,
        "span": _span(_draft(folder, "plays")),
        "sha256": digests,
    }
    return _keep(folder, snapshot)


def _read_database(address: str, until: datetime, folder: Path) -> dict[str, int]:
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        plays = _write(cursor, PLAYS_QUERY, (until.isoformat(),), PLAYS, _draft(folder, "plays"))
        return {"plays": plays, "tracks": _write(cursor, TRACKS_QUERY, None, TRACKS, _draft(folder, "tracks"))}


def _write(cursor: dbapi.Cursor, query: str, values: tuple[str] | None, schema: pa.Schema, path: Path) -> int:
    cursor.execute(query, values)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in cursor.fetch_record_batch():
            waiting.append(batch)
            if sum(each.num_rows for each in waiting) >= ROWS_PER_GROUP:
                rows += _flush(waiting, schema, writer)
        rows += _flush(waiting, schema, writer)
    return rows


def _flush(waiting: list[pa.RecordBatch], schema: pa.Schema, writer: pq.ParquetWriter) -> int:
    """Row groups must not depend on how the driver cut its batches."""
    if not waiting:
        return 0
    table = pa.Table.from_batches(waiting).rename_columns(schema.names).cast(schema).combine_chunks()
    waiting.clear()
    for begin in range(0, table.num_rows, ROWS_PER_GROUP):
        writer.write_table(table.slice(begin, ROWS_PER_GROUP), row_group_size=ROWS_PER_GROUP)
    return int(table.num_rows)


def _keep(folder: Path, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Put the drafts in place, unless the folder already holds this very content."""
    target = folder / "snapshot.json"
    names = ("plays", "tracks", "audio")
    if target.is_file():
        before: dict[str, Any] = json.loads(target.read_text())
        intact = all((folder / f"{name}.parquet").is_file() for name in names)
        if (
            intact
            and "span" in before
            and before.get("id") == snapshot["id"]
            and before.get("until") == snapshot["until"]
        ):
            for name in names:
                _draft(folder, name).unlink()
            return before
    for name in names:
        _draft(folder, name).replace(folder / f"{name}.parquet")
    target.write_text(json.dumps(snapshot, indent=1) + "\n")
    return dict(snapshot)


def _span(plays: Path) -> list[str] | None:
    """The ends of the first and the last play; None without plays."""
    edges = pc.min_max(pq.read_table(plays, columns=["ended_at"])["ended_at"])
    return [edges[name].as_py().isoformat() for name in ("min", "max")] if edges["min"].is_valid else None


def _draft(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
