"""Migrations go up, down and up again, and end where the models are."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, inspect, text

from platform_api.models import Base
from stack.postgres import ensure_database, other_database

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def empty_database(postgres_url: str, request: pytest.FixtureRequest) -> Engine:
    url = other_database(postgres_url, f"empty_{request.node.name[:40].lower()}")
    ensure_database(url, url.rpartition("/")[2])
    return create_engine(url)


def alembic(engine: Engine, what: str, *args: str) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        getattr(command, what)(config, *args)
        connection.commit()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_up(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    first = tables(empty_database)
    assert set(Base.metadata.tables) <= first
    alembic(empty_database, "downgrade", "base")
    assert tables(empty_database) == set()
    assert "ml" not in inspect(empty_database).get_schema_names()
    alembic(empty_database, "upgrade", "head")
    assert tables(empty_database) == first


def test_sums_are_there_again_for_a_version_that_reads_them(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    with empty_database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO users (id, firebase_uid, handle, handle_key, display_name, time_zone)"
                " VALUES (1, 'a', 'a', 'a', 'a', 'Asia/Kathmandu')"
            )
        )
        connection.execute(
            text("""
                INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source, skipped, hidden)
                SELECT 1, n % 2, began + interval '20 s' * n, began, 20000 * n, 'demo', n = 1,
                       CASE WHEN n = 4 THEN true END
                FROM generate_series(1, 4) AS n, LATERAL (SELECT timestamptz '2024-02-28 18:12Z' + n * interval '2 min')
                AS each (began)
            """)
        )
    alembic(empty_database, "downgrade", "0013")
    with empty_database.begin() as connection:
        by_track = "SELECT day::text, track_id, plays, listens, skips, ms_played FROM daily_tracks ORDER BY 1, 2"
        assert list(map(tuple, connection.execute(text(by_track)))) == [
            ("2024-02-28", 1, 1, 0, 1, 20_000),
            ("2024-02-29", 0, 1, 1, 0, 40_000),
            ("2024-02-29", 1, 1, 1, 0, 60_000),
        ]
        by_hour = "SELECT day::text, hour, kind, plays, listens, skips, ms_played FROM daily_hours ORDER BY 1"
        assert list(map(tuple, connection.execute(text(by_hour)))) == [
            ("2024-02-28", 23, "song", 1, 0, 1, 20_000),
            ("2024-02-29", 0, "song", 2, 2, 0, 100_000),
        ]
    alembic(empty_database, "upgrade", "head")


def test_models_and_migrations_say_the_same(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    alembic(empty_database, "check")


def test_plays_are_partitioned_and_sources_are_known(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    with empty_database.connect() as connection:
        parts = connection.scalar(text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'plays'::regclass"))
        found = connection.execute(text("SELECT source, may_train FROM play_sources")).all()
        sources: dict[str, bool] = dict(map(tuple, found))
    assert parts == 16
    assert sources == {
        "spotify_export": True,
        "listenbrainz": True,
        "lastfm": True,
        "maloja": True,
        "manual": True,
        "demo": True,
        "spotify_api": False,
    }
