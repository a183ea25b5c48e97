from pathlib import Path

import pytest

from platform_api.core.settings import Settings
from tests.support.surroundings import settings_without_sign_in


@pytest.fixture
def settings(fresh_database: str, redis_url: str, tmp_path: Path) -> Settings:
    return settings_without_sign_in(fresh_database, redis_url, tmp_path)
