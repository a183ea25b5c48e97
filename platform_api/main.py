"""The product API. `uvicorn --factory platform_api.main:app_from_environment` starts it; importing does nothing."""

from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from platform_api.api.endpoints import listenbrainz, shared_pages
from platform_api.api.endpoints.system import health
from platform_api.api.router import api_v1
from platform_api.api.state import open_state
from platform_api.core.admission import Admission, Overloaded
from platform_api.core.errors import (
    DatabaseUnavailable,
    InvalidRequest,
    Problem,
    TooLarge,
    install_error_handlers,
    problems,
)
from platform_api.core.logging import configure_logging
from platform_api.core.middleware import BodyLimit, RequestLog, ScrobblerPaths, SecurityHeaders
from platform_api.core.settings import Settings
from platform_api.services.scrobbling.wire import LARGEST_BODY
from platform_api.utils.clock import use_locked_time_zones
from platform_api.utils.memory import collect_less_often, keep_what_is_freed, share_one_heap

STREAMED_UPLOADS = {("POST", "/api/v1/imports"), ("POST", "/api/v1/sound/uploads")}
LARGER_BODIES = {("POST", "/1/submit-listens"): LARGEST_BODY}
UNHURRIED = STREAMED_UPLOADS | {("GET", "/healthz"), ("GET", "/readyz")}
SHARE_OF_POOL = 3
"""One request in this many connections: some use two, and uploads, exports and probes come beside them."""
ALLOCATIONS_BETWEEN_LOOKS = 10_000
"""A look at so many takes ten milliseconds of somebody's answer."""


def tonearm_version() -> str:
    try:
        return version("tonearm")
    except PackageNotFoundError:
        return "0.1.0"


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Tonearm",
        version=tonearm_version(),
        description="Your listening, given back: history, habits, sound and what to play next.",
        lifespan=partial(open_state, settings),
        generate_unique_id_function=_operation_id,
        responses=problems(InvalidRequest, TooLarge, DatabaseUnavailable, Overloaded),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(api_v1)
    app.include_router(health)
    app.include_router(shared_pages.router)
    app.include_router(listenbrainz.router)
    install_error_handlers(app)
    app.add_middleware(Admission, at_once=max(1, settings.database.pool_size // SHARE_OF_POOL), elsewhere=UNHURRIED)
    app.add_middleware(BodyLimit, streamed=STREAMED_UPLOADS, larger=LARGER_BODIES)
    app.add_middleware(ScrobblerPaths)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog)
    _describe_problems(app)
    return app


def app_from_environment() -> FastAPI:
    share_one_heap()
    keep_what_is_freed()
    use_locked_time_zones()
    settings = Settings()
    configure_logging(settings.app)
    app = create_app(settings)
    collect_less_often(ALLOCATIONS_BETWEEN_LOOKS)
    return app


def _operation_id(route: APIRoute) -> str:
    """The function's name: generated clients call `list_imports`, not `list_imports_api_v1_imports_get`."""
    return route.name


def _describe_problems(app: FastAPI) -> None:
    """Adds the schema of problem documents, which every error answer refers to."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        schema = describe()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(described.pop("$defs", {}))
            schemas["Problem"] = described
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
