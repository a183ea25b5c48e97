"""What the application holds while it runs. Only `api/deps.py` reads it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

from fastapi import FastAPI
from sqlalchemy import Engine

from platform_api.core.security import IdentityVerifier
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.services.export.places import Places
from platform_api.services.inference.client import InferenceClient
from platform_api.services.limits import RateLimiter
from platform_api.services.wraps.page import PageSource
from platform_api.utils.cache import Cache

EXPORTS_AT_ONCE = 4


class State(TypedDict):
    settings: Settings
    engine: Engine
    sessions: Sessions
    cache: Cache
    identity: IdentityVerifier
    inference: InferenceClient
    limiter: RateLimiter
    exports: Places
    page: PageSource


@asynccontextmanager
async def open_state(settings: Settings, _: FastAPI) -> AsyncIterator[State]:
    """Opens nothing over the network: each part connects at its first use, so the API starts while others are down."""
    engine = make_engine(settings.database, application_name="tonearm-api")
    cache = Cache(settings.redis.url.get_secret_value())
    identity = IdentityVerifier(settings.firebase)
    inference = InferenceClient(settings.inference)
    page = PageSource(settings.app.page_url or settings.app.public_url)
    try:
        yield State(
            settings=settings,
            engine=engine,
            sessions=make_sessions(engine),
            cache=cache,
            identity=identity,
            inference=inference,
            limiter=RateLimiter(cache),
            exports=Places(EXPORTS_AT_ONCE),
            page=page,
        )
    finally:
        page.close()
        inference.close()
        identity.close()
        cache.close()
        engine.dispose()
