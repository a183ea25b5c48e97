"""A tiny export made directly as Parquet: a few listeners with tastes, rhythms and reasons to skip."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from training.data.export_folder import AUDIO, PLAYS, TRACKS, ExportFolder

START = datetime(2025, 1, 6, tzinfo=UTC).timestamp()
ARTISTS, TRACKS_PER_ARTIST, STYLES = 12, 5, 3


def track_key(track: int) -> str:
    return f"spotify:track:{track:03d}"


def artist_key(artist: int) -> str:
    return f"artist:artist {artist:02d}"


def embeddings(size: int = 128, seed: int = 1) -> tuple[list[str], np.ndarray]:
    """One unit vector per track, close to that of its style."""
    random = np.random.default_rng(seed)
    styles = random.normal(size=(STYLES, size))
    tracks = ARTISTS * TRACKS_PER_ARTIST
    vectors = np.stack([styles[(track // TRACKS_PER_ARTIST) % STYLES] for track in range(tracks)])
    vectors = vectors + 0.5 * random.normal(size=vectors.shape)
    return [track_key(track) for track in range(tracks)], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write_embeddings(path: Path) -> None:
    keys, vectors = embeddings()
    rows = pa.array(list(vectors.astype(np.float32)), pa.list_(pa.float32()))
    pq.write_table(pa.table({"track_key": keys, "embedding": rows}), path)


def write_export(folder: Path, *, listeners: int = 4, days: int = 120, seed: int = 5) -> ExportFolder:
    """Write plays, tracks, no audio and the snapshot. The last two tracks are played by nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    tracks = ARTISTS * TRACKS_PER_ARTIST
    rows: list[dict[str, object]] = []
    for listener in range(listeners):
        rows += _history(listener, days, tracks - 2, random)
    pq.write_table(pa.Table.from_pylist(rows, schema=PLAYS), folder / "plays.parquet")
    catalogue = [
        {
            "track_key": track_key(track), "kind": "song", "title": f"Track {track}",
            "artist_key": artist_key(track // TRACKS_PER_ARTIST),
            "artist_name": f"Artist {track // TRACKS_PER_ARTIST:02d}", "album_name": None, "duration_ms": None,
            "isrc": None,
        }
        for track in range(tracks)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(catalogue, schema=TRACKS), folder / "tracks.parquet")
    pq.write_table(AUDIO.empty_table(), folder / "audio.parquet")
    digest = hashlib.sha256((folder / "plays.parquet").read_bytes()).hexdigest()
    snapshot = {"id": digest[:16], "rows": {"plays": len(rows), "tracks": tracks, "audio": 0}}
    (folder / "snapshot.json").write_text(json.dumps(snapshot))
    return ExportFolder(folder)


def _history(listener: int, days: int, tracks: int, random: np.random.Generator) -> list[dict[str, object]]:
    style, hour = listener % STYLES, (7, 13, 18, 22)[listener % 4]
    mine = [t for t in range(tracks) if (t // TRACKS_PER_ARTIST) % STYLES == style]
    favourite = random.permutation(mine)
    rows: list[dict[str, object]] = []
    for day in range(days):
        if random.random() < (0.15 if day % 7 < 5 else 0.6):
            continue
        when = START + day * 86400 + (hour + random.normal() * 0.4) * 3600
        place = int(random.integers(len(favourite)))
        for _ in range(int(random.integers(4, 14))):
            place = (place + 1) % len(favourite) if random.random() < 0.7 else int(random.integers(len(favourite)))
            stranger = random.random() < 0.1
            track = int(random.integers(tracks)) if stranger else int(favourite[place])
            skipped = bool(random.random() < (0.7 if stranger else 0.08))
            seconds = float(random.uniform(4, 25) if skipped else random.uniform(120, 240))
            rows.append(_row(listener, track, when, seconds, skipped))
            when += seconds + 1
    return rows


def _row(listener: int, track: int, when: float, seconds: float, skipped: bool) -> dict[str, object]:
    started = datetime.fromtimestamp(int(when), UTC)
    ended = datetime.fromtimestamp(int(when + seconds), UTC)
    return {
        "user_key": f"00000000-0000-0000-0000-{listener:012d}", "time_zone": "Europe/Prague",
        "track_key": track_key(track), "artist_key": artist_key(track // TRACKS_PER_ARTIST), "kind": "song",
        "started_at": started, "ended_at": ended, "ms_played": int(seconds * 1000), "is_listen": seconds >= 30,
        "reason_start": "trackdone", "reason_end": "fwdbtn" if skipped else "trackdone", "shuffle": False,
        "skipped": skipped, "offline": False, "source": "demo",
    }  # fmt: skip
