"""CHECKS 33: a hundred equal questions at once cost the model one or two answers, with Redis and without."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Barrier

import pytest

from platform_api.core.settings import DatabaseSettings
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.models import Track, User
from platform_api.services.recommendations.recommending import recommend
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import answer
from tests.support.stored_history import Heard, put_history
from tests.support.surroundings import new_user, served_models

NOW = datetime(2024, 6, 1, 18, 30, tzinfo=UTC)
PARALLEL = 40
"""The threads that serve requests."""


@pytest.fixture
def many_sessions(fresh_database: str) -> Iterator[Sessions]:
    settings = DatabaseSettings.model_validate({"url": fresh_database})
    engine = make_engine(settings, application_name="tonearm-tests", pool_size=PARALLEL)
    yield make_sessions(engine)
    engine.dispose()


@pytest.mark.parametrize("redis", ["up", "away"])
def test_a_hundred_misses_at_once(redis: str, redis_url: str, many_sessions: Sessions, tmp_path: Path) -> None:
    with many_sessions.begin() as session:
        user = new_user(session)
        track_id = put_history(session, user.id, [Heard("A", "One", NOW - timedelta(days=1))])["One"]
        user_id, key = user.id, session.get_one(Track, track_id).key
    cache = Cache(redis_url if redis == "up" else "redis://127.0.0.1:9/0")
    at_once = Barrier(PARALLEL)

    def rank(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        time.sleep(0.5)
        answer(handler, 200, json.dumps({"tracks": [{"track": key, "score": 1.0, "reasons": []}]}).encode())

    with served_models(tmp_path, recommender="1") as (inference, server):
        server.usual = rank

        def ask(number: int) -> bool:
            if number < PARALLEL:
                at_once.wait()
            with many_sessions.begin() as session:
                asked = session.get_one(User, user_id)
                return recommend(session, cache, inference, asked, wish="comfort", limit=5, now=NOW).model.is_fallback

        with ThreadPoolExecutor(PARALLEL) as pool:
            fallbacks = list(pool.map(ask, range(100 if redis == "up" else PARALLEL)))
        assert not any(fallbacks)
        assert len(server.calls) <= 2
    cache.close()
