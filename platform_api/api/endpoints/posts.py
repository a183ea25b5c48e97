"""The feed, posts, comments and reactions."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import CurrentUser, NoAccountYet, OnceDep, SessionDep, limit
from platform_api.api.parameters import Before, Id, PageSize
from platform_api.core.errors import NotAllowed, NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.community import Comment, Feed, NewComment, NewPost, Post, ReactionKind
from platform_api.services.community import posts
from platform_api.services.kept_answers import StillUnderWay

router = APIRouter(tags=["community"], responses=problems(NotSignedIn, NoAccountYet))
not_there = problems(NotFound)
not_yours = problems(NotFound, NoAccountYet, NotAllowed)


@router.get("/feed")
def read_feed(user: CurrentUser, session: SessionDep, before: Before = None, limit: PageSize = 20) -> Feed:
    """Your posts and those of the people you follow, newest first."""
    return posts.feed(session, user, before, limit)


@router.post(
    "/posts",
    status_code=status.HTTP_201_CREATED,
    responses=problems(StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("write posts", 60, 3600))],
)
def write_post(user: CurrentUser, session: SessionDep, once: OnceDep, new: NewPost) -> Post:
    """A wrap (`span`) is kept as it is now."""
    return once.answer(session, user.id, Post, lambda: posts.write_post(session, user, new))


@router.get("/posts/{post_id}", responses=not_there)
def read_post(user: CurrentUser, session: SessionDep, post_id: Id) -> Post:
    return posts.read_post(session, user, post_id)


@router.delete("/posts/{post_id}", status_code=status.HTTP_204_NO_CONTENT, responses=not_yours)
def delete_post(user: CurrentUser, session: SessionDep, post_id: Id) -> None:
    posts.delete_post(session, user, post_id)


@router.post(
    "/posts/{post_id}/comments",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("write comments", 240, 3600))],
)
def write_comment(user: CurrentUser, session: SessionDep, once: OnceDep, post_id: Id, new: NewComment) -> Comment:
    return once.answer(session, user.id, Comment, lambda: posts.write_comment(session, user, post_id, new))


@router.delete("/comments/{comment_id}", status_code=status.HTTP_204_NO_CONTENT, responses=not_yours)
def delete_comment(user: CurrentUser, session: SessionDep, comment_id: Id) -> None:
    """Your own, or one under your own post."""
    posts.delete_comment(session, user, comment_id)


@router.put(
    "/posts/{post_id}/reactions/{kind}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, TooManyRequests),
    dependencies=[Depends(limit("react", 1000, 3600))],
)
def react_to_post(user: CurrentUser, session: SessionDep, post_id: Id, kind: ReactionKind) -> None:
    posts.react(session, user, post_id, kind)


@router.delete("/posts/{post_id}/reactions/{kind}", status_code=status.HTTP_204_NO_CONTENT, responses=not_there)
def take_reaction_back(user: CurrentUser, session: SessionDep, post_id: Id, kind: ReactionKind) -> None:
    posts.take_reaction_back(session, user, post_id, kind)
