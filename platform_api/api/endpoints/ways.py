"""How one listens: skips, endings, devices, countries."""

from fastapi import APIRouter, Response

from platform_api.api.deps import SessionDep
from platform_api.api.endpoints.analysis import AskedDep, SpanText
from platform_api.core.errors import NotSignedIn, problems
from platform_api.crud import catalogue
from platform_api.schemas.ways import Places, Ways
from platform_api.services.analytics import ways
from platform_api.services.analytics.spans import SpanNotUnderstood

router = APIRouter(tags=["analysis"], responses=problems(NotSignedIn, SpanNotUnderstood))


@router.get("/analysis/ways", response_model=Ways)
def get_ways(asked: AskedDep, session: SessionDep, span: SpanText = "all") -> Response:
    """What is skipped and finished, how plays begin and end, how much is shuffled, offline and private."""
    return asked.answer("ways", span, ways.ways, catalogue=catalogue.version(session))


@router.get("/analysis/places", response_model=Places)
def get_places(asked: AskedDep, span: SpanText = "all") -> Response:
    """Devices and countries, the most time first."""
    return asked.answer("places", span, ways.places)
