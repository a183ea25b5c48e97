"""Finding, following and blocking people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from platform_api.api.deps import CacheDep, CurrentUser, NoAccountYet, SessionDep, limit
from platform_api.api.parameters import Handle, PageSize
from platform_api.core.errors import NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.community import People, PeoplePage, Profile
from platform_api.schemas.taste import Taste, TasteSpan
from platform_api.services.community import people, taste

router = APIRouter(
    prefix="/people", tags=["community"], responses=problems(NotSignedIn, NoAccountYet, NotFound, TooManyRequests)
)
may_search = Depends(limit("search people", 240, 60))
may_change = Depends(limit("follow or block", 300, 3600))
After = Annotated[str | None, Query(min_length=1, max_length=64, description="the last handle already seen")]


@router.get("", dependencies=[may_search])
def search_people(
    user: CurrentUser, session: SessionDep, query: Annotated[str, Query(min_length=1, max_length=80)]
) -> People:
    """People whose handle begins with the query or whose name contains it, twenty at most."""
    return People(items=people.search(session, user, query))


@router.get("/followers")
def list_followers(user: CurrentUser, session: SessionDep, after: After = None, limit: PageSize = 50) -> PeoplePage:
    """Who follows you."""
    return people.followers(session, user, after, limit)


@router.delete("/followers/{handle}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[may_change])
def remove_follower(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    """They do not follow you any more. Nothing keeps them from following again; a block does."""
    people.remove_follower(session, user, handle)


@router.get("/following")
def list_following(user: CurrentUser, session: SessionDep, after: After = None, limit: PageSize = 50) -> PeoplePage:
    """Whom you follow."""
    return people.following(session, user, after, limit)


@router.get("/blocked")
def list_blocked(user: CurrentUser, session: SessionDep, after: After = None, limit: PageSize = 50) -> PeoplePage:
    """Whom you have blocked."""
    return people.blocked(session, user, after, limit)


@router.get("/{handle}")
def read_person(user: CurrentUser, session: SessionDep, handle: Handle) -> Profile:
    return people.profile(session, user, handle)


@router.get("/{handle}/taste", response_model=Taste)
def compare_taste(
    user: CurrentUser, session: SessionDep, cache: CacheDep, handle: Handle, span: TasteSpan = "last-365-days"
) -> Response:
    """Yours beside that of somebody whom you follow, who follows you, and where both allow it (`may_compare`)."""
    return Response(taste.compared(session, cache, user, handle, span), media_type="application/json")


@router.put(
    "/{handle}/follow",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(people.NotYourself),
    dependencies=[may_change],
)
def follow_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    people.follow(session, user, handle)


@router.delete("/{handle}/follow", status_code=status.HTTP_204_NO_CONTENT, dependencies=[may_change])
def unfollow_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    people.unfollow(session, user, handle)


@router.put(
    "/{handle}/block",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(people.NotYourself),
    dependencies=[may_change],
)
def block_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    """Neither sees the other from now on, and following ends both ways."""
    people.block(session, user, handle)


@router.delete("/{handle}/block", status_code=status.HTTP_204_NO_CONTENT, dependencies=[may_change])
def unblock_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    people.unblock(session, user, handle)
