"""How fast questions about a long history are answered: `python -m benchmarks.analytics_speed [--plays N]`.

Starts a throw-away PostgreSQL with the real migrations, writes N plays of one listener (and of others, so that indexes
are large), makes the sums and asks every question of the analysis pages without any cache, many times. Prints the
median, the 95th percentile and the slowest answer in milliseconds.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from benchmarks.import_speed import database
from platform_api.crud import aggregates
from platform_api.db.session import make_sessions
from platform_api.models import User
from platform_api.services.analytics import plays, questions
from platform_api.services.wraps import build_wrap

YEARS = 12
TRACKS = 20_000
SPANS = ("all", "2020", "2020-05", "last-28-days")

CATALOGUE = [
    "INSERT INTO artists (key, name) SELECT 'artist:' || n, 'Artist ' || n FROM generate_series(1, 4000) AS n",
    "INSERT INTO albums (artist_id, name, name_key) SELECT n % 4000 + 1, 'Album ' || n, 'album ' || n"
    " FROM generate_series(1, 9000) AS n",
    f"INSERT INTO tracks (key, name, name_key, artist_id, album_id) SELECT 'track:' || n, 'Song ' || n, 'song ' || n,"
    f" n % 4000 + 1, n % 9000 + 1 FROM generate_series(1, {TRACKS}) AS n",
]
# few tracks are heard often, most rarely; mornings and evenings are louder than nights
PLAYS = f"""
    INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source, reason_end, shuffle)
    SELECT :user_id, 1 + floor({TRACKS} * power(random(), 3)), began + interval '200 s', began, ms_played,
           'spotify_export', CASE WHEN ms_played < 30000 THEN 'fwdbtn' ELSE 'trackdone' END, ms_played % 2 = 0
    FROM (
        SELECT timestamptz '2013-01-01' + (n * {YEARS} * 365.25 / :plays + 0.3 * random()) * interval '1 day' AS began,
               (ARRAY[4000, 31000, 190001, 205000, 240001])[1 + n % 5] AS ms_played
        FROM generate_series(1, :plays) AS n
    ) AS made
    ON CONFLICT DO NOTHING
"""


def fill(engine: Engine, own: int, others: int) -> int:
    """Returns the listener's id."""
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        for statement in CATALOGUE:
            session.execute(text(statement))
        user = User(firebase_uid="b", handle="b", handle_key="b", display_name="b", time_zone="Europe/Prague")
        session.add(user)
        session.flush()
        session.execute(text(PLAYS), {"user_id": user.id, "plays": own})
        for number in range(others // 500_000):
            session.execute(text(PLAYS), {"user_id": 1_000_000 + number, "plays": 500_000})
        began = time.perf_counter()
        aggregates.rebuild(session, user.id)
        print(f"making all sums anew took {time.perf_counter() - began:.1f} s")
        user_id = user.id
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return user_id


def asked(session: Session, user: User, span: str) -> dict[str, Callable[[], object]]:
    resolved = questions.resolve(session, user, span)
    return {
        "totals": lambda: questions.totals(session, user, resolved),
        "top tracks": lambda: questions.top(session, user, resolved, "tracks", limit=50),
        "top artists": lambda: questions.top(session, user, resolved, "artists", limit=50),
        "top albums": lambda: questions.top(session, user, resolved, "albums", "time", limit=50),
        "clock": lambda: questions.clock(session, user, resolved),
        "calendar": lambda: questions.calendar(session, user, resolved),
        "timeline": lambda: questions.timeline(session, user, resolved),
        "wrap": lambda: build_wrap(session, user, span),
    }


def measured(ask: Callable[[], object], times: int) -> str:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(took):9.1f} {statistics.quantiles(took, n=20)[-1]:9.1f} {max(took):9.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=1_000_000)
    parser.add_argument("--others", type=int, default=0)
    parser.add_argument("--times", type=int, default=12)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database(folder) as settings:
            engine = create_engine(
                settings.database.url.get_secret_value(), connect_args={"options": "-c timezone=UTC"}
            )
            user_id = fill(engine, arguments.plays, arguments.others)
            print(f"{arguments.plays:,} plays of one listener, {arguments.others:,} of others; milliseconds, no cache")
            print(f"{'':28}   median       p95   slowest")
            with make_sessions(engine).begin() as session:
                user = session.get_one(User, user_id)
                for span in SPANS:
                    for name_of_question, ask in asked(session, user, span).items():
                        print(f"{span:14} {name_of_question:12} {measured(ask, arguments.times)}")
                recent = measured(lambda: plays.recent_plays(session, user, None, 50), arguments.times)
                print(f"{'':14} {'plays':12} {recent}")
            engine.dispose()


if __name__ == "__main__":
    main()
