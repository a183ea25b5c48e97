"""How fast a long history is exported, and in how much memory: `python -m benchmarks.export_speed [--plays N]`.

A listener with N plays (default 1,000,000) in a database of its own; the ZIP is read to its end and thrown away, as
a fast client would. Processor seconds are this process's own, without the database's; so is peak memory, which is all
that exporting adds to the API's.
"""

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from platform_api.core.settings import DatabaseSettings
from platform_api.db.session import make_engine, make_sessions
from platform_api.services.export import archive
from stack.temporary import temporary_postgres
from tests.conftest import migrate

TRACKS, ARTISTS = 20_000, 2_000
FILL = [
    """INSERT INTO users (firebase_uid, handle, handle_key, display_name, time_zone)
       VALUES ('a', 'a', 'a', 'A', 'Europe/Prague')""",
    f"""INSERT INTO artists (key, name)
        SELECT 'artist:artist ' || n, 'Artist ' || n FROM generate_series(1, {ARTISTS}) n""",
    f"""INSERT INTO albums (artist_id, name, name_key)
        SELECT n, 'Album ' || n, 'album ' || n FROM generate_series(1, {ARTISTS}) n""",
    f"""INSERT INTO tracks (key, name, name_key, artist_id, album_id)
        SELECT 'spotify:track:' || lpad(n::text, 22, '0'), 'A song with a name ' || n, 'a song with a name ' || n,
               1 + n % {ARTISTS}, 1 + n % {ARTISTS} FROM generate_series(1, {TRACKS}) n""",
    """INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source, reason_start, reason_end, shuffle,
                          skipped, offline, incognito, platform, country)
       SELECT 1, 1 + (n * 7919::bigint) % :tracks, timestamptz '2010-01-01Z' + n * interval '7 min',
              timestamptz '2010-01-01Z' + n * interval '7 min' - interval '200 s', 200000, 'spotify_export',
              'trackdone', 'trackdone', false, false, false, false, 'iOS 17.1 (iPhone12,1)', 'CZ'
       FROM generate_series(1, :plays) n""",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=1_000_000)
    plays: int = parser.parse_args().plays
    with tempfile.TemporaryDirectory() as folder, temporary_postgres(Path(folder) / "postgres") as url:
        Path(folder).chmod(0o755)
        migrate(url)
        engine = make_engine(DatabaseSettings.model_validate({"url": url}), application_name="export", pool_size=2,
                             statement_timeout_ms=0)  # fmt: skip
        sessions = make_sessions(engine)
        with sessions.begin() as session:
            for statement in FILL:
                session.execute(text(statement), {"plays": plays, "tracks": TRACKS} if ":plays" in statement else {})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        busy = time.process_time()
        started, size, first = time.perf_counter(), 0, 0.0
        for piece in archive.stream(sessions, 1):
            first = first or time.perf_counter() - started
            size += len(piece)
        seconds = time.perf_counter() - started
        busy = time.process_time() - busy
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        engine.dispose()
    print(f"{datetime.now(UTC):%Y-%m-%d}  {plays:,} plays")
    print(f"{'first byte':<16}{first:>10.2f} s")
    print(f"{'whole ZIP':<16}{seconds:>10.1f} s   {plays / seconds:,.0f} plays/s")
    print(f"{'of processor':<16}{busy:>10.1f} s")
    print(f"{'size':<16}{size / 1e6:>10.1f} MB")
    print(f"{'peak memory':<16}{grown / 1024:>+10.1f} MB")


if __name__ == "__main__":
    main()
