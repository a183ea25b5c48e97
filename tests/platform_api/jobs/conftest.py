from collections.abc import Iterator

import pytest

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions, make_engine, make_sessions


@pytest.fixture
def settings(fresh_database: str, redis_url: str) -> Settings:
    return Settings.model_validate({"database": {"url": fresh_database}, "redis": {"url": redis_url}})


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    engine = make_engine(settings.database, application_name="tests", pool_size=5)
    yield make_sessions(engine)
    engine.dispose()
