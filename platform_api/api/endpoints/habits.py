"""A listener's rhythm."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from platform_api.api.deps import CacheDep, CurrentUser, InferenceDep, NoAccountYet, SessionDep
from platform_api.core.errors import NotSignedIn, problems
from platform_api.schemas.habits import HabitPage, HabitPatterns, PastDays
from platform_api.services.analytics.spans import SpanNotUnderstood
from platform_api.services.habits.page import habit_page
from platform_api.services.habits.past_days import past_days
from platform_api.services.habits.patterns import habit_patterns
from platform_api.utils.clock import utc_now

router = APIRouter(tags=["habits"], responses=problems(NotSignedIn, NoAccountYet))


@router.get("/habits")
def read_habits(user: CurrentUser, session: SessionDep, cache: CacheDep, inference: InferenceDep) -> HabitPage:
    """The coming week hour by hour, the next session, likely skips, and the days that broke the pattern."""
    return habit_page(session, cache, inference, user, now=utc_now())


@router.get("/habits/days", responses=problems(SpanNotUnderstood))
def read_past_days(
    user: CurrentUser,
    session: SessionDep,
    cache: CacheDep,
    inference: InferenceDep,
    span: Annotated[str, Query(max_length=40, description="as for the analysis: all, 2024, 2024-05 …")] = "all",
) -> PastDays:
    """The days of a span that broke the pattern of the months before them."""
    return past_days(session, cache, inference, user, span, now=utc_now())


@router.get("/habits/patterns", response_model=HabitPatterns)
def read_patterns(user: CurrentUser, session: SessionDep, cache: CacheDep) -> Response:
    """Routine against phases month by month, and what is due for a comeback by its own rhythm."""
    return Response(habit_patterns(session, cache, user, now=utc_now()), media_type="application/json")
