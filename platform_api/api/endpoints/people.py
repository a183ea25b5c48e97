"""Finding, following and blocking people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from platform_api.api.deps import CurrentUser, NoAccountYet, SessionDep, limit
from platform_api.api.parameters import Handle
from platform_api.core.errors import NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.community import People, Profile
from platform_api.services.community import people

router = APIRouter(
    prefix="/people", tags=["community"], responses=problems(NotSignedIn, NoAccountYet, NotFound, TooManyRequests)
)
may_search = Depends(limit("search people", 240, 60))
may_change = Depends(limit("follow or block", 300, 3600))


@router.get("", dependencies=[may_search])
def search_people(
    user: CurrentUser, session: SessionDep, query: Annotated[str, Query(min_length=1, max_length=80)]
) -> People:
    """People whose handle begins with the query or whose name contains it, twenty at most."""
    return People(items=people.search(session, user, query))


@router.get("/{handle}")
def read_person(user: CurrentUser, session: SessionDep, handle: Handle) -> Profile:
    return people.profile(session, user, handle)


@router.put(
    "/{handle}/follow",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(people.NotYourself),
    dependencies=[may_change],
)
def follow_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    people.follow(session, user, handle)


@router.delete("/{handle}/follow", status_code=status.HTTP_204_NO_CONTENT)
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


@router.delete("/{handle}/block", status_code=status.HTTP_204_NO_CONTENT)
def unblock_person(user: CurrentUser, session: SessionDep, handle: Handle) -> None:
    people.unblock(session, user, handle)
