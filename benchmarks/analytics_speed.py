"""How fast any question about a long history is answered: `python -m benchmarks.analytics_speed [--plays N]`.

Starts a throw-away PostgreSQL with the real migrations and a Valkey, copies (COPY) N plays of one listener and others'
into it, and asks every endpoint of the analysis pages and the yearly wrap over HTTP's own stack, in this process. Cold:
the cache is emptied before each request. Cached: the same request again. Beside them stands the limit: the database's
own time for the plainest SQL that counts the same plays. The full size is `--plays 1000000 --others 19000000`.
`busy` is what this process computed of a cold answer, whatever else the machine did meanwhile.
EXPLAIN (ANALYZE, BUFFERS) of what is read and of the plainest SQL is kept in `--out`.
"""

import argparse
import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import redis
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from benchmarks.import_speed import database
from platform_api.api.deps import signed_in_person
from platform_api.core.security import Identity
from platform_api.core.settings import Settings
from platform_api.crud import grooves
from platform_api.db.session import make_sessions
from platform_api.main import ALLOCATIONS_BETWEEN_LOOKS, create_app
from platform_api.models import User
from platform_api.utils.memory import collect_less_often, keep_what_is_freed, share_one_heap

YEARS, TRACKS, ARTISTS, ALBUMS = 12, 20_000, 4_000, 9_000
BEGAN = datetime(2013, 1, 1, tzinfo=UTC)
OTHERS_EACH = 250_000
LIMIT_COLD_MS, LIMIT_CACHED_MS = 150, 10
LENGTHS = np.array([4_000, 31_000, 190_001, 205_000, 240_001])
COLUMNS = (
    "user_id", "track_id", "ended_at", "started_at", "ms_played", "kind", "source", "reason_start", "reason_end",
    "shuffle", "platform", "country",
)  # fmt: skip
TYPES = ("int8", "int8", "timestamptz", "timestamptz", "int4", "text", "text", "text", "text", "bool", "text", "text")

ASKED = (
    "analysis/spans", "analysis/totals?span={}", "analysis/top/tracks?span={}&limit=50",
    "analysis/top/artists?span={}&limit=50", "analysis/top/albums?span={}&limit=50&by=time", "analysis/clock?span={}",
    "analysis/calendar?span={}", "analysis/timeline?span={}", "analysis/streaks?span={}", "analysis/sessions?span={}",
    "analysis/ways?span={}", "analysis/places?span={}", "analysis/discovery?span={}", "analysis/rediscovery?span={}",
    "analysis/obsessions?span={}", "analysis/milestones?span={}", "analysis/variety?span={}", "analysis/eras?span={}",
    "analysis/top/guests?span={}&limit=50", "analysis/genres?span={}", "analysis/leaders?span={}&kind=tracks&unit=week",
    "analysis/this-day", "artists/1?span={}", "artists/1/story?span={}", "tracks/1/story?span={}", "plays?limit=50",
)  # fmt: skip
NOT_KEPT = ("plays?", "artists/1?")
"""Answered anew each time."""
SPANS = ("all", "2020", "2020-05", "2020-W20", "2018-03-05..2021-07-19")

OWN = "FROM plays WHERE user_id = %(user)s"
PLAINEST = {
    "count and time": f"SELECT count(*), sum(ms_played) {OWN}",
    "top tracks": f"SELECT track_id, count(*), sum(ms_played) {OWN} GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    "different tracks": f"SELECT count(DISTINCT track_id) {OWN} AND is_listen",
    "hour and weekday": "SELECT extract(isodow FROM local), extract(hour FROM local), count(*) FROM"
    f" (SELECT started_at AT TIME ZONE 'Europe/Prague' AS local {OWN}) AS plays GROUP BY 1, 2",
    "sessions": "SELECT count(*) FROM (SELECT started_at - lag(ended_at) OVER (ORDER BY started_at) > interval '30 min'"
    f" AS begins {OWN}) AS plays WHERE begins",
    "first listens": f"SELECT track_id, min(started_at) {OWN} AND is_listen GROUP BY 1",
}


def rows(user_id: int, plays: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """By start. Few tracks are heard often, most rarely; one play in a hundred is an episode."""
    chance = np.random.default_rng(seed)
    span_s = YEARS * 365.25 * 86_400
    starts = np.sort(chance.uniform(0, span_s, plays))
    tracks = (TRACKS * chance.random(plays) ** 3).astype(int) + 1
    lengths = LENGTHS[chance.integers(0, len(LENGTHS), plays)]
    kinds = np.where(chance.random(plays) < 0.01, "episode", "song")
    devices = random.Random(seed).choices(["ios", "Android OS 12 API 31 (samsung, SM-G991B)", "osx"], k=plays)
    for start, track, length, kind, device in zip(
        starts.tolist(), tracks.tolist(), lengths.tolist(), kinds.tolist(), devices, strict=True
    ):
        begins = BEGAN + timedelta(seconds=int(start))
        yield (
            user_id, track, begins + timedelta(milliseconds=length), begins, length, kind, "spotify_export",
            "clickrow" if track % 3 else "trackdone", "trackdone" if length > 100_000 else "fwdbtn", bool(track % 2),
            device, "CZ",
        )  # fmt: skip


def catalogue(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "INSERT INTO artists (key, name) SELECT 'artist:' || n, 'Artist ' || n FROM generate_series(1, %s) AS n",
        (ARTISTS,),
    )
    connection.execute(
        "INSERT INTO albums (artist_id, name, name_key, release_date) SELECT n %% %s + 1, 'Album ' || n, 'album ' || n,"
        " date '1960-01-01' + n * 3 FROM generate_series(1, %s) AS n",
        (ARTISTS, ALBUMS),
    )
    connection.execute(
        "INSERT INTO tracks (key, name, name_key, artist_id, album_id) SELECT 'track:' || n, 'Song ' || n,"
        " 'song ' || n, n %% %s + 1, n %% %s + 1 FROM generate_series(1, %s) AS n",
        (ARTISTS, ALBUMS, TRACKS),
    )
    connection.execute(
        "INSERT INTO track_artists (track_id, artist_id, position) SELECT n, n %% %s + 1, 1"
        " FROM generate_series(1, %s, 3) AS n",
        (ARTISTS // 2, TRACKS),
    )
    connection.execute(
        "INSERT INTO track_genres (track_id, genre, genre_key) SELECT n, 'Genre ' || g, 'genre ' || g"
        " FROM generate_series(1, %s) AS n, LATERAL (VALUES (n %% 40), (n %% 7)) AS told (g) ON CONFLICT DO NOTHING",
        (TRACKS,),
    )


def fill(address: str, user_id: int, own: int, others: int) -> None:
    began = time.perf_counter()
    into = f"COPY plays ({', '.join(COLUMNS)}) FROM STDIN"
    with psycopg.connect(address, autocommit=True) as connection:
        catalogue(connection)
        # the same play twice would be refused by COPY
        unique = {(row[1], row[2]): row for row in rows(user_id, own, 0)}
        with connection.cursor().copy(f"{into} (FORMAT BINARY)") as copy:
            copy.set_types(TYPES)
            for row in unique.values():
                copy.write_row(row)
        print(f"copying the listener's plays took {time.perf_counter() - began:.0f} s", flush=True)
        # the others listen alike: their rows are written once and copied under each one's number
        alike = {(row[1], row[2]): row for row in rows(0, min(others, OTHERS_EACH), 1)}
        body = "".join("@\t" + "\t".join(map(str, row[1:])) + "\n" for row in alike.values()).encode()
        for at in range(others // OTHERS_EACH):
            with connection.cursor().copy(into) as copy:
                copy.write(body.replace(b"@\t", f"{1_000_000 + at}\t".encode()))
        print(f"copying all plays took {time.perf_counter() - began:.0f} s", flush=True)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    os.sync()  # what was copied is on the disk before anything is asked


def pack(settings: Settings, user_id: int) -> None:
    engine = create_engine(settings.database.url.get_secret_value(), connect_args={"options": "-c timezone=UTC"})
    began = time.perf_counter()
    with make_sessions(engine).begin() as session:
        grooves.refresh(session, user_id)
    print(f"packing the plays: {time.perf_counter() - began:.1f} s", flush=True)
    engine.dispose()


def new_listener(settings: Settings) -> int:
    engine = create_engine(settings.database.url.get_secret_value())
    with make_sessions(engine).begin() as session:
        user = User(firebase_uid="b", handle="b", handle_key="b", display_name="b", time_zone="Europe/Prague")
        session.add(user)
        session.flush()
        user_id = user.id
    engine.dispose()
    return user_id


def milliseconds(took: list[float]) -> str:
    return f"{statistics.median(took):8.1f} {statistics.quantiles(took, n=20)[-1]:8.1f}"


def ask_everything(settings: Settings, times: int) -> bool:
    """Prints a line a question. Whether each kept its limits."""
    nobody = settings.firebase.model_copy(update={"auth_emulator_host": "127.0.0.1:9"})
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    app = create_app(settings.model_copy(update={"firebase": nobody}))
    share_one_heap()  # this and what follows as `app_from_environment` does
    keep_what_is_freed()
    collect_less_often(ALLOCATIONS_BETWEEN_LOOKS)
    app.dependency_overrides[signed_in_person] = lambda: Identity("b", None, None, time.time() + 3600)
    within = True
    with TestClient(app) as client, redis.Redis.from_url(settings.redis.url.get_secret_value()) as cache:

        def timed(path: str) -> float:
            began = time.perf_counter()
            answer = client.get(f"/api/v1/{path}")
            assert answer.status_code == 200, answer.text
            return (time.perf_counter() - began) * 1000

        timed("analysis/spans")
        questions = [path.format(span) for path in ASKED for span in (SPANS if "{}" in path else ("",))]
        print(f"{'':64}{'cold':>17} {'busy':>8} {'cached':>17}")
        print(f"{'':64}{'median':>8} {'p95':>8} {'median':>8} {'median':>8} {'p95':>8}")
        for path in [*questions, "wraps/2020"]:
            cold, busy, cached = [], [], []
            for _ in range(times):
                cache.flushall()
                began = time.process_time()
                cold.append(timed(path))
                busy.append((time.process_time() - began) * 1000)
                cached.append(timed(path))
            kept = statistics.quantiles(cold, n=20)[-1] <= LIMIT_COLD_MS
            kept = kept and (path.startswith(NOT_KEPT) or statistics.quantiles(cached, n=20)[-1] <= LIMIT_CACHED_MS)
            within = within and kept
            columns = f"{milliseconds(cold)} {statistics.median(busy):8.1f} {milliseconds(cached)}"
            print(f"{path:64}{columns}{'' if kept else '  over the limit'}", flush=True)
    return within


def limits(address: str, user_id: int, times: int, out: Path) -> None:
    """The database's own time for the plainest SQL, and the plans."""
    out.mkdir(parents=True, exist_ok=True)
    print("\nthe plainest SQL over all time (inside the database)")
    with psycopg.connect(address, autocommit=True) as connection:
        for name, question in PLAINEST.items():
            took = []
            for _ in range(max(times // 4, 2)):
                began = time.perf_counter()
                connection.execute(question, {"user": user_id}).fetchall()
                took.append((time.perf_counter() - began) * 1000)
            print(f"{name:64}{milliseconds(took)}")
            keep_plan(connection, out / f"plainest {name}.txt", question, {"user": user_id})
        keep_plan(connection, out / "reading a history.txt", grooves.READ, {"user_id": user_id, "since": date.min})
        keep_plan(
            connection, out / "facts of its tracks.txt",
            "SELECT tracks.id, tracks.artist_id, tracks.album_id, tracks.duration_ms, albums.release_date FROM tracks"
            " LEFT JOIN albums ON albums.id = tracks.album_id WHERE tracks.id = ANY(%(ids)s)",
            {"ids": list(range(1, TRACKS + 1))},
        )  # fmt: skip
    print(f"plans are in {out}")


def keep_plan(connection: psycopg.Connection[Any], path: Path, question: str, values: dict[str, Any]) -> None:
    plan = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {question}", values).fetchall()
    path.write_text("\n".join(line for (line,) in plan) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=250_000)
    parser.add_argument("--others", type=int, default=250_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--out", type=Path, default=Path(".tonearm/plans"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database(folder) as settings:
            address = settings.database.url.get_secret_value().replace("+psycopg", "", 1)
            user_id = new_listener(settings)
            fill(address, user_id, arguments.plays, arguments.others)
            pack(settings, user_id)
            print(f"{arguments.plays:,} plays of one listener, {arguments.others:,} of others; milliseconds")
            within = ask_everything(settings, arguments.times)
            limits(address, user_id, arguments.times, arguments.out)
    print("every limit was kept" if within else f"not every limit was kept ({LIMIT_COLD_MS} ms, {LIMIT_CACHED_MS} ms)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
