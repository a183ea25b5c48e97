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


def test_models_and_migrations_say_the_same(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    alembic(empty_database, "check")


def test_plays_are_partitioned_and_sources_are_known(empty_database: Engine) -> None:
    alembic(empty_database, "upgrade", "head")
    with empty_database.connect() as connection:
        parts = connection.scalar(text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'plays'::regclass"))
        sources = dict(connection.execute(text("SELECT source, may_train FROM play_sources")).all())
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
