"""The stand-in and the surroundings of a job, without a browser or a sign-in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from demo.spotify.music import Music
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from tests.support.histories import new_user
from tests.support.spotify import StandIn, Surroundings, running_stand_in, settings_with
from tests.support.surroundings import settings_without_sign_in

LEFT_BEHIND = ("plays", "retold_plays", "users", "track_artists", "tracks", "albums", "artists", "spotify_calls")


@pytest.fixture(scope="module")
def module_database(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture
def fresh_database(module_database: str) -> str:
    """Emptied, which is quicker than a copy for each of many small tests."""
    engine = create_engine(module_database)
    with engine.begin() as connection:
        for table in LEFT_BEHIND:
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE spotify_gate SET closed_until = NULL, reason = NULL, refusals = 0"))
    engine.dispose()
    return module_database


@pytest.fixture(scope="session")
def music() -> Music:
    return Music()


@pytest.fixture(scope="session")
def fresh_stand_in(music: Music) -> Iterator[Callable[[], StandIn]]:
    with running_stand_in(music) as fresh:
        yield fresh


@pytest.fixture
def stand_in(fresh_stand_in: Callable[[], StandIn]) -> StandIn:
    return fresh_stand_in()


@pytest.fixture
def settings(stand_in: StandIn, fresh_database: str, redis_url: str, tmp_path: Path) -> Settings:
    return settings_with(stand_in, settings_without_sign_in(fresh_database, redis_url, tmp_path))


@pytest.fixture
def around(settings: Settings, sessions: Sessions, stand_in: StandIn) -> Surroundings:
    return Surroundings(settings, sessions, stand_in)


@pytest.fixture
def user_id(sessions: Sessions) -> int:
    return somebody(sessions)


def somebody(sessions: Sessions, time_zone: str = "Europe/Prague") -> int:
    with sessions.begin() as session:
        return new_user(session, time_zone).id
