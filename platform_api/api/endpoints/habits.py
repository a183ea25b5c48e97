"""A listener's rhythm."""

from fastapi import APIRouter

from platform_api.api.deps import CacheDep, CurrentUser, InferenceDep, NoAccountYet, SessionDep
from platform_api.core.errors import NotSignedIn, problems
from platform_api.schemas.habits import HabitPage
from platform_api.services.habits.page import habit_page
from platform_api.utils.clock import utc_now

router = APIRouter(tags=["habits"], responses=problems(NotSignedIn, NoAccountYet))


@router.get("/habits")
def read_habits(user: CurrentUser, session: SessionDep, cache: CacheDep, inference: InferenceDep) -> HabitPage:
    """The coming week hour by hour, the next session, likely skips, and the days that broke the pattern."""
    return habit_page(session, cache, inference, user, now=utc_now())
