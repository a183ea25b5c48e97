"""How fast an export becomes searchable plays with right statistics: `python -m benchmarks.import_speed [--rows N]`.

Starts a throw-away PostgreSQL with the real migrations, makes an extended streaming history and does what the upload
endpoint and the worker do. Prints one table: our import (first time, and the same file again) beside limits of this
machine in the same run: parsing alone; a loop into binary COPY and an INSERT … ON CONFLICT, both against a unique index
and nothing else; and the plainest script, json into SQLite, with and without a key. Then somebody new, among listeners
who were counted (ANALYZE) as those of a running database are, brings the same plays as a table of scrobbles, and after
it the export, to which the scrobbles give way; and somebody whose last tenth Spotify's Web API told already brings the
export, too. `--already N` first fills the database with N plays,
half of them the first listener's (the claim is 10,000,000; filling takes minutes). `--maloja PYTHON` runs a peer's
importer on the first file; its time is told for all rows at that speed. Processor time stands beside ours: it tells
two versions apart where other work keeps the machine busy.
"""

import argparse
import csv
import hashlib
import io
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import orjson
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text

from benchmarks.import_limits import copy_limit, maloja, plainest_script, timed, upsert_limit, with_limit_table
from platform_api.core.settings import Settings
from platform_api.crud import grooves
from platform_api.db.session import make_sessions
from platform_api.models import Base, User
from platform_api.models.listening import LISTEN_MS
from platform_api.services.importing import ledger, uploads
from platform_api.services.importing.job import limits_of
from platform_api.utils.memory import collect_less_often, share_one_heap
from platform_api.worker import ALLOCATIONS_BETWEEN_LOOKS, TURN_S, Worker
from stack.temporary import temporary_postgres, temporary_valkey

ROOT = Path(__file__).parent.parent
ROWS_PER_FILE = 16_000
EXPORT = "my_spotify_data.zip"
FEW = 100_000
"""Plays of others, where nobody asked for more."""
BEGAN = datetime(2012, 1, 1, tzinfo=UTC)
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Of an import: seconds by the clock and of the processor, and the worker's memory at most."""

    examined_s: float
    worked_s: float
    worker_cpu_s: float
    database_cpu_s: float
    peak_mb: float


def history(rows: int, seed: int) -> Iterator[dict[str, object]]:
    """Plays of about 8,000 tracks by 1,500 artists, in order of time, with the fields and lengths of a real export."""
    chance = random.Random(seed)
    moment = BEGAN
    for _ in range(rows):
        moment += timedelta(seconds=chance.randrange(30, 2 * 12 * 365 * 86_400 // rows))
        track = int(chance.paretovariate(0.6)) % 8000
        yield {
            "ts": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "platform": "Android OS 12 API 31 (samsung, SM-G991B)",
            "ms_played": chance.choice([1_200, 31_000, 187_426, 203_100, 244_000]),
            "conn_country": "CZ",
            "ip_addr": "203.0.113.7",
            "master_metadata_track_name": f"A title of ordinary length {track}",
            "master_metadata_album_artist_name": f"Some Artist {track % 1500}",
            "master_metadata_album_album_name": f"An Album with a Name {track % 4000}",
            "spotify_track_uri": f"spotify:track:{track:022d}",
            "episode_name": None,
            "episode_show_name": None,
            "spotify_episode_uri": None,
            "audiobook_title": None,
            "audiobook_uri": None,
            "audiobook_chapter_uri": None,
            "audiobook_chapter_title": None,
            "reason_start": "trackdone",
            "reason_end": chance.choice(["trackdone", "fwdbtn", "endplay"]),
            "shuffle": chance.random() < 0.4,
            "skipped": chance.random() < 0.2,
            "offline": False,
            "offline_timestamp": None,
            "incognito_mode": False,
        }


def packed(rows: int, seed: int) -> tuple[bytes, list[bytes]]:
    """The ZIP and the JSON files inside it."""
    whole = list(history(rows, seed))
    files = [json.dumps(whole[at : at + ROWS_PER_FILE], indent=2).encode() for at in range(0, rows, ROWS_PER_FILE)]
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files):
            archive.writestr(f"Spotify Extended Streaming History/Streaming_History_Audio_{number}.json", file)
    return body.getvalue(), files


def scrobbled(rows: int, seed: int) -> bytes:
    """The listens among the same plays as Last.fm's exporters write them: by their start, without a length."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["uts", "artist", "album", "track"])
    for row in history(rows, seed):
        ms_played = row["ms_played"]
        assert isinstance(ms_played, int)
        if ms_played >= LISTEN_MS:
            began = datetime.fromisoformat(str(row["ts"])) - timedelta(milliseconds=ms_played)
            names = (row[f"master_metadata_{name}"] for name in ("album_artist_name", "album_album_name", "track_name"))
            writer.writerow([int(began.timestamp()), *names])
    return table.getvalue().encode()


@contextmanager
def database(folder: Path) -> Iterator[Settings]:
    with temporary_postgres(folder / "postgres") as url, temporary_valkey(folder / "valkey") as redis:
        engine = create_engine(url)
        config = Config(str(ROOT / "alembic.ini"))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        engine.dispose()
        yield Settings.model_validate(
            {
                "app": {"environment": "test", "log_level": "ERROR"},
                "database": {"url": url},
                "redis": {"url": redis},
                "uploads": {"dir": folder / "uploads"},
            }
        )


def work_when_told(settings: Settings, pipe: Connection) -> None:
    """A worker in a process of its own, so that its memory can be told: (seconds, of the processor, MB at most)."""
    share_one_heap()
    sys.setswitchinterval(TURN_S)
    worker = Worker(settings)
    collect_less_often(ALLOCATIONS_BETWEEN_LOOKS)
    pipe.send("ready")
    pipe.recv()
    began, used = time.perf_counter(), time.process_time()
    while worker.do_one():
        pass
    took = time.perf_counter() - began, time.process_time() - used
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak_mb = int(status["VmHWM"].split()[0]) / 1024
    pipe.send((*took, peak_mb))
    pipe.recv()  # its connections stay until the database was looked at


def database_cpu_s(engine: Engine) -> float:
    """What the server's processes used so far, those that ended too."""
    with engine.connect() as connection:
        backend: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    def fields(process: Path) -> list[int]:
        """From the parent's number on, as proc(5) counts them."""
        return [int(field) for field in (process / "stat").read_text().rpartition(")")[2].split()[1:16]]

    server = fields(Path(f"/proc/{backend}"))[0]
    own = fields(Path(f"/proc/{server}"))
    ticks = sum(own[10:14])
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found = fields(process)
            ticks += sum(found[10:12]) if found[0] == server else 0
    return ticks / TICKS_PER_S


def import_once(settings: Settings, engine: Engine, user_id: int, body: bytes, name: str = EXPORT) -> Cost:
    """What the upload endpoint and the worker do."""
    folder = settings.uploads.dir
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"upload-{time.monotonic_ns()}"
    path.write_bytes(body)
    stored = uploads.StoredUpload(path, len(body), hashlib.sha256(body).hexdigest())

    def examine() -> None:
        files = uploads.examine(stored, name, limits_of(settings.uploads))
        with make_sessions(engine).begin() as session:
            ledger.begin(session, user_id, stored, name, files)

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work_when_told, args=(settings, there))
    process.start()
    here.recv()
    examined, used = timed(examine), database_cpu_s(engine)
    here.send("go")
    worked, worker_cpu, peak_mb = here.recv()
    database_cpu = database_cpu_s(engine) - used
    here.send("end")
    process.join()
    with engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM imports ORDER BY id DESC LIMIT 1")).scalar_one()
        assert state == "done", state
    return Cost(examined, worked, worker_cpu, database_cpu, peak_mb)


def add_listener(engine: Engine, name: str) -> int:
    user = {
        "firebase_uid": name,
        "handle": name,
        "handle_key": name,
        "display_name": name,
        "time_zone": "Europe/Prague",
    }
    users = Base.metadata.tables[User.__tablename__]
    with engine.begin() as connection:
        user_id: int = connection.execute(users.insert().values(user).returning(users.c.id)).scalar_one()
    return user_id


def fill(engine: Engine, user_id: int, plays: int) -> None:
    """Plays of tracks nobody imports, half of them the importing listener's own, so that every index is large."""
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source)
                SELECT CASE WHEN n % 2 = 0 THEN :user_id ELSE 1000000 + n % 500 END, 1000000000 + n % 50000,
                       timestamptz '2008-01-01' + n * interval '13 s', timestamptz '2008-01-01' + n * interval '13 s',
                       200000, 'spotify_export'
                FROM generate_series(1, :plays) AS n
                ON CONFLICT DO NOTHING
            """),
            {"plays": plays, "user_id": user_id},
        )
        connection.execute(text("ANALYZE"))
    # as every import leaves it behind: else the first one would pack all of these as well
    with make_sessions(engine).begin() as session:
        grooves.refresh(session, user_id)


def capture(engine: Engine, user_id: int, whose: int, plays: int) -> None:
    """The latest listens of `whose`, as the Web API would have told them to the other, day by day."""
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, precision_s, source)
                SELECT :user_id, track_id, ended_at, started_at, ms_played, 30, 'spotify_api'
                FROM plays WHERE user_id = :whose AND source = 'spotify_export' AND is_listen AND track_id < 1000000000
                ORDER BY ended_at DESC LIMIT :plays
            """),
            {"user_id": user_id, "whose": whose, "plays": plays},
        )


def by_us(settings: Settings, engine: Engine, body: bytes, rows: int, already: int) -> list[tuple[str, float, int]]:
    """Our imports one after another: label, seconds, rows."""
    results = []

    def told(label: str, whose: int, what: bytes, name: str = EXPORT, count: int = rows) -> None:
        cost = import_once(settings, engine, whose, what, name)
        results.append((
            f"Tonearm: {label} ({cost.examined_s:.2f} s examining the upload, worker at most {cost.peak_mb:.0f} MB);"
            f" processor: worker {cost.worker_cpu_s:.2f} s, database {cost.database_cpu_s:.2f} s",
            cost.examined_s + cost.worked_s,
            count,
        ))  # fmt: skip

    first = add_listener(engine, "first")
    if already:
        fill(engine, first, already)
    told("import with ledger, ready to be read", first, body)
    told("the same file again", first, body)
    fill(engine, first, already or FEW)
    other = add_listener(engine, "other")
    scrobbles = scrobbled(rows, seed=1)
    told("somebody else's scrobbles of them", other, scrobbles, "lastfm.csv", scrobbles.count(b"\n") - 1)
    told("the export after its scrobbles", other, body)
    captured = add_listener(engine, "captured")
    capture(engine, captured, first, rows // 10)
    told("the export, a tenth of it captured before", captured, body)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--already", type=int, default=0)
    parser.add_argument("--maloja", type=Path, help="python of an environment that has malojaserver: its importer, too")
    arguments = parser.parse_args()
    rows: int = arguments.rows
    body, files = packed(rows, seed=1)
    size = sum(map(len, files))
    zipped_mb = len(body) / 1e6
    print(f"{rows:,} rows, {size / 1e6:.0f} MB of JSON, {zipped_mb:.1f} MB zipped; {arguments.already:,} plays before")
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        results: list[tuple[str, float, int]] = []

        def result(label: str, seconds: float, count: int = rows) -> None:
            results.append((label, seconds, count))

        result("orjson parses it, nothing else", timed(lambda: [orjson.loads(file) for file in files]))
        result("plainest script: json to SQLite", timed(lambda: plainest_script(files, folder)))
        result("the same, no play twice", timed(lambda: plainest_script(files, folder, each_once=True)))
        with database(folder) as settings:
            engine = create_engine(settings.database.url.get_secret_value())
            address = settings.database.url.get_secret_value().replace("postgresql+psycopg://", "postgresql://", 1)
            copied = with_limit_table(address, lambda: copy_limit(address, files))
            result("loop into binary COPY, unique index", copied)
            upserted = with_limit_table(address, lambda: upsert_limit(address, files))
            result("INSERT … ON CONFLICT, unique index", upserted)

            results += by_us(settings, engine, body, rows, arguments.already)
            with engine.connect() as connection:
                kept = connection.execute(text("SELECT sum(octet_length(plays)) / 18 FROM grooves")).scalar_one()
            engine.dispose()
        if arguments.maloja:
            seconds = maloja(arguments.maloja, files[0], folder)
            few = min(rows, ROWS_PER_FILE)
            result(f"Maloja's importer, {few:,} of the rows, {seconds:.1f} s", seconds * rows / few)
    for label, seconds, count in results:
        print(f"{seconds:8.2f} s {count / seconds:12,.0f} rows/s  {label}")
    print(f"{kept:,} plays ready to be read")


if __name__ == "__main__":
    main()
