"""Is everything up, and what does a browser need to know before anybody has signed in?"""

from fastapi import APIRouter, Depends, Request

from platform_api.api.deps import CacheDep, InferenceDep, SessionsDep, SettingsDep, limit_address
from platform_api.core.errors import DatabaseUnavailable, TooManyRequests, problems
from platform_api.schemas.system import Config, Status
from platform_api.services import configuration, status

router = APIRouter(tags=["system"])
health = APIRouter(tags=["system"], include_in_schema=False)


@router.get("/config")
def read_config(request: Request, settings: SettingsDep) -> Config:
    """Public: how to sign in, and the demo listeners where there is a demo."""
    return configuration.configuration(settings, request.app.version)


@router.get("/status", responses=problems(TooManyRequests), dependencies=[Depends(limit_address("status", 600, 60))])
def read_status(sessions: SessionsDep, cache: CacheDep, inference: InferenceDep) -> Status:
    """Public: which parts are up, in words for the page. Answers 200 whatever is down."""
    return status.status(sessions, cache, inference)


@health.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "up"}


@health.get("/readyz")
def readyz(sessions: SessionsDep) -> dict[str, str]:
    """The process can serve: its database answers. Raises DatabaseUnavailable."""
    if not status.database_answers(sessions):
        raise DatabaseUnavailable
    return {"status": "ready"}
