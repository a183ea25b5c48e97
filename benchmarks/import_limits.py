"""What stands beside our import in `import_speed`: limits of the machine, the plainest script, a peer's importer."""

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson
import psycopg


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plainest_script(files: list[bytes], folder: Path, *, each_once: bool = False) -> None:
    """json.loads and one INSERT per row into SQLite: no verdicts, no sums. `each_once`: no play twice, as any importer
    that is used more than once has it."""
    connection = sqlite3.connect(folder / f"plain-{each_once}.sqlite")
    key = ", PRIMARY KEY (uri, ts)" if each_once else ""
    connection.execute(
        f"CREATE TABLE plays (ts, ms, track, artist, album, uri, reason_start, reason_end, shuffle, skipped{key})"
    )
    for file in files:
        for row in json.loads(file):
            connection.execute(
                "INSERT OR IGNORE INTO plays VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    row["ts"],
                    row["ms_played"],
                    row["master_metadata_track_name"],
                    row["master_metadata_album_artist_name"],
                    row["master_metadata_album_album_name"],
                    row["spotify_track_uri"],
                    row["reason_start"],
                    row["reason_end"],
                    row["shuffle"],
                    row["skipped"],
                ),
            )
    connection.commit()
    connection.close()


LIMIT_TABLE = """
    CREATE TABLE limits (user_id int8, track text, ended_at timestamptz, ms_played int4, reason_start text,
                         reason_end text, shuffle bool, skipped bool, platform text, country text,
                         PRIMARY KEY (user_id, track, ended_at))
"""
LIMIT_TYPES = ("int8", "text", "timestamptz", "int4", "text", "text", "bool", "bool", "text", "text")


def limit_rows(file: bytes) -> list[tuple[object, ...]]:
    return [
        (
            1, row["spotify_track_uri"], datetime.fromisoformat(row["ts"]), row["ms_played"], row["reason_start"],
            row["reason_end"], row["shuffle"], row["skipped"], row["platform"], row["conn_country"],
        )
        for row in orjson.loads(file)
    ]  # fmt: skip


def copy_limit(address: str, files: list[bytes]) -> None:
    """A Python loop into binary COPY: no verdicts, no catalogue, no sums."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        for file in files:
            with cursor.copy("COPY limits FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(LIMIT_TYPES)
                for row in limit_rows(file):
                    copy.write_row(row)


def upsert_limit(address: str, files: list[bytes]) -> None:
    """Whole columns into INSERT … ON CONFLICT."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in LIMIT_TYPES)
    statement = f"INSERT INTO limits SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"
    with psycopg.connect(address) as connection:
        for file in files:
            connection.execute(statement, [list(column) for column in zip(*limit_rows(file), strict=True)])


def with_limit_table(address: str, work: Callable[[], object]) -> float:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS limits")
        connection.execute(LIMIT_TABLE)
        seconds = timed(work)
        connection.execute("DROP TABLE limits")
    return seconds


PEER = """
import sys, time
from maloja.proccontrol.tasks.import_scrobbles import import_scrobbles
began = time.perf_counter()
import_scrobbles(sys.argv[1])
print("seconds", time.perf_counter() - began)
"""


def maloja(python: Path, file: bytes, folder: Path) -> float:
    """Seconds that Maloja's own importer takes for one file; `python` belongs to an environment with `malojaserver`."""
    export = folder / "Streaming_History_Audio_0.json"
    export.write_bytes(file)
    data = folder / "maloja"
    data.mkdir()
    surroundings = {**os.environ, "MALOJA_DATA_DIRECTORY": str(data), "MALOJA_SKIP_SETUP": "yes"}
    told = subprocess.run(
        [python, "-c", PEER, export], env=surroundings, cwd=folder, capture_output=True, text=True, check=True
    )
    return float(told.stdout.rsplit("seconds", 1)[1])
