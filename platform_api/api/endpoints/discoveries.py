"""What was new, what came back, what took over, who led, what this day was in other years, and round numbers."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from platform_api.api.deps import CacheDep, CurrentUser, SessionDep
from platform_api.api.endpoints.analysis import AskedDep, SpanText
from platform_api.core.errors import NotSignedIn, problems
from platform_api.crud.analytics import Measure
from platform_api.models import User
from platform_api.schemas.discoveries import (
    Discoveries,
    Leaders,
    LedKind,
    LedUnit,
    Milestones,
    Obsessions,
    Rediscovery,
    ThisDay,
)
from platform_api.services.analytics import discoveries, milestones, obsessions, questions
from platform_api.services.analytics.history import of_one_moment
from platform_api.services.analytics.leaders import number_ones
from platform_api.services.analytics.spans import Span, SpanNotUnderstood
from platform_api.services.analytics.this_day import this_day

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


@router.get("/analysis/leaders", response_model=Leaders)
def get_leaders(
    asked: AskedDep, span: SpanText = "all", kind: LedKind = "artists", unit: LedUnit = "month", by: Measure = "listens"
) -> Response:
    """Who was number one of each week, month or year, and for how long in a row."""

    def led(session: Session, user: User, resolved: Span) -> BaseModel:
        return number_ones(session, user, resolved, kind, unit, by)

    return asked.answer("leaders", span, led, kind=kind, unit=unit, by=by)


@router.get("/analysis/this-day", response_model=ThisDay)
def get_this_day(
    user: CurrentUser,
    session: SessionDep,
    cache: CacheDep,
    day: Annotated[date | None, Query(description="without it today, in the listener's zone")] = None,
) -> Response:
    """What was heard on the same day of earlier years, and what was heard then for the first time."""
    asked = day or questions.today_of(user)

    def told() -> BaseModel:
        with of_one_moment(session):
            return this_day(session, user, asked)

    key = {"day": asked, "zone": user.time_zone}
    return Response(cache.cached_json(user, "this-day", key, told), media_type="application/json")
