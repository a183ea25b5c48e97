"""What was new, what came back, what took over, and round numbers."""

from fastapi import APIRouter, Response

from platform_api.api.endpoints.analysis import AskedDep, SpanText
from platform_api.core.errors import NotSignedIn, problems
from platform_api.schemas.discoveries import Discoveries, Milestones, Obsessions, Rediscovery
from platform_api.services.analytics import discoveries, milestones, obsessions
from platform_api.services.analytics.spans import SpanNotUnderstood

router = APIRouter(tags=["analysis"], responses=problems(NotSignedIn, SpanNotUnderstood))


@router.get("/analysis/discovery", response_model=Discoveries)
def get_discovery(asked: AskedDep, span: SpanText = "all") -> Response:
    """First listens over time, and the share of what was new."""
    return asked.answer("discovery", span, discoveries.discovery)


@router.get("/analysis/rediscovery", response_model=Rediscovery)
def get_rediscovery(asked: AskedDep, span: SpanText = "all") -> Response:
    """What came back after a long silence, and favourites that have been silent for a year."""
    return asked.answer("rediscovery", span, discoveries.rediscovery)


@router.get("/analysis/obsessions", response_model=Obsessions)
def get_obsessions(asked: AskedDep, span: SpanText = "all") -> Response:
    """Stretches of days that one track or artist dominated."""
    return asked.answer("obsessions", span, obsessions.obsessions)


@router.get("/analysis/milestones", response_model=Milestones)
def get_milestones(asked: AskedDep, span: SpanText = "all") -> Response:
    """Round numbers reached within the span, and the next ones."""
    return asked.answer("milestones", span, milestones.milestones)
