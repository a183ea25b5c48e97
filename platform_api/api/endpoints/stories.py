"""Stories: a span told in sentences that are true."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, status

from platform_api.api.deps import CacheDep, CurrentUser, NoAccountYet, SessionDep, limit
from platform_api.core.errors import NotSignedIn, TooManyRequests, problems
from platform_api.schemas.stories import Story
from platform_api.services.ai_agent import stories
from platform_api.services.analytics.spans import SpanNotUnderstood

router = APIRouter(tags=["stories"], responses=problems(NotSignedIn, NoAccountYet, SpanNotUnderstood))

SpanText = Annotated[str, Path(max_length=40, description="a month, a year or any other span")]


@router.get("/stories/{span}")
def read_story(user: CurrentUser, session: SessionDep, cache: CacheDep, span: SpanText) -> Story:
    """The story as the narrator wrote it, or the same facts in plain words until it has."""
    return stories.read_story(session, cache, user, span)


@router.post(
    "/stories/{span}",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(TooManyRequests),
    dependencies=[Depends(limit("write stories", 30, 3600))],
)
def write_story(user: CurrentUser, session: SessionDep, cache: CacheDep, span: SpanText) -> Story:
    """Has the narrator write it in the background, which takes half a minute or so. Ask again to see it."""
    return stories.order_story(session, cache, user, span)
