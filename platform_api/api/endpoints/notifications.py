"""What happened to you."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from platform_api.api.deps import CurrentUser, NoAccountYet, SessionDep
from platform_api.api.parameters import LARGEST_ID, Before, PageSize
from platform_api.core.errors import NotSignedIn, problems
from platform_api.schemas.community import Notifications
from platform_api.services.community import notifications

router = APIRouter(prefix="/notifications", tags=["community"], responses=problems(NotSignedIn, NoAccountYet))


@router.get("")
def list_notifications(
    user: CurrentUser, session: SessionDep, before: Before = None, limit: PageSize = 50
) -> Notifications:
    """Newest first, with the number of unread ones."""
    return notifications.latest(session, user, before, limit)


@router.post("/read", status_code=status.HTTP_204_NO_CONTENT)
def mark_notifications_read(
    user: CurrentUser,
    session: SessionDep,
    until: Annotated[int, Query(ge=1, le=LARGEST_ID, description="the newest one that was shown")],
) -> None:
    """That one and all before it; what came meanwhile stays unread."""
    notifications.mark_read(session, user, until)
