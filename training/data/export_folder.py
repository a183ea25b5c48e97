"""The exported tables on disk: `data/export/{plays,tracks,audio}.parquet` and `snapshot.json`."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

LIBRARY_VARIABLE = "AUDIO_LIBRARY_DIR"

PLAYS = pa.schema(
    [
        ("user_key", pa.string()),
        ("time_zone", pa.string()),
        ("track_key", pa.string()),
        ("artist_key", pa.string()),
        ("kind", pa.string()),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("ended_at", pa.timestamp("us", tz="UTC")),
        ("ms_played", pa.int32()),
        ("is_listen", pa.bool_()),
        ("reason_start", pa.string()),
        ("reason_end", pa.string()),
        ("shuffle", pa.bool_()),
        ("skipped", pa.bool_()),
        ("offline", pa.bool_()),
        ("source", pa.string()),
    ]
)
"""Ordered by listener, then by start, end and track."""

TRACKS = pa.schema(
    [
        ("track_key", pa.string()),
        ("kind", pa.string()),
        ("title", pa.string()),
        ("artist_key", pa.string()),
        ("artist_name", pa.string()),
        ("album_name", pa.string()),
        ("duration_ms", pa.int32()),
        ("isrc", pa.string()),
    ]
)
"""Ordered by track key."""

AUDIO = pa.schema([("track_key", pa.string()), ("path", pa.string()), ("sha256", pa.string())])
"""Ordered by track key; `path` is relative to the audio library."""


@dataclass(frozen=True)
class ExportFolder:
    """Read access to one export."""

    path: Path

    def plays(self) -> pa.Table:
        """Every play that may train a model, as `PLAYS`."""
        return pq.read_table(self.path / "plays.parquet", schema=PLAYS)

    def songs(self) -> pa.Table:
        """The plays that are songs: no episodes, no chapters."""
        table = self.plays()
        return table.filter(pc.equal(table["kind"], "song"))

    def tracks(self) -> pa.Table:
        """The catalogue, as `TRACKS`."""
        return pq.read_table(self.path / "tracks.parquet", schema=TRACKS)

    def audio(self) -> pa.Table:
        """The audio files that belong to catalogue tracks, as `AUDIO` with absolute paths; empty without a library."""
        table = pq.read_table(self.path / "audio.parquet", schema=AUDIO)
        if table.num_rows == 0:
            return table
        library = os.environ.get(LIBRARY_VARIABLE)
        if not library:
            raise FileNotFoundError(f"the export names audio files: set {LIBRARY_VARIABLE} to the folder they lie in")
        absolute = [str(Path(library) / path) for path in table["path"].to_pylist()]
        return table.set_column(1, "path", pa.array(absolute, pa.string()))

    def snapshot(self) -> dict[str, Any]:
        """`{"id", "as_of", "until", "rows": {table: n}, "sha256": {file: digest}, "span": [first, last]}`.

        `span`: the ends of the first and the last play, null without plays."""
        content: dict[str, Any] = json.loads((self.path / "snapshot.json").read_text())
        return content
