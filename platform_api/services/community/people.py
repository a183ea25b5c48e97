"""Finding, following and blocking people."""

from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict, NotFound
from platform_api.crud import people, users
from platform_api.crud.people import Relation
from platform_api.models import User
from platform_api.schemas.community import Person, Profile
from platform_api.services.accounts.handles import handle_key
from platform_api.services.community import notifications, posts

FOUND_AT_MOST = 20
POSTS_ON_A_PROFILE = 20


class NotYourself(Conflict):
    detail = "This is you."


class YouBlocked(Conflict):
    detail = "You have blocked this person. Unblock them first."


def search(session: Session, viewer: User, query: str) -> list[Person]:
    found = people.people_matching(session, viewer.id, query.strip(), FOUND_AT_MOST)
    relations = people.relations(session, viewer.id, [user.id for user in found])
    return [_person(viewer, user, relations[user.id]) for user in found]


def profile(session: Session, viewer: User, handle: str) -> Profile:
    """Raises NotFound also for those who do not want to be found and for those who blocked the viewer."""
    user, relation = _visible(session, viewer, handle)
    return Profile(
        **_person(viewer, user, relation).model_dump(),
        joined_at=user.created_at,
        followers=people.count_followers(session, user.id),
        following=people.count_following(session, user.id),
        posts=posts.posts_of(session, viewer, user, POSTS_ON_A_PROFILE),
    )


def follow(session: Session, viewer: User, handle: str) -> None:
    """Following twice is following. Raises NotFound, NotYourself, YouBlocked."""
    user, relation = _visible(session, viewer, handle)
    if user.id == viewer.id:
        raise NotYourself
    if relation.is_blocked:
        raise YouBlocked
    if people.follow(session, viewer.id, user.id):
        notifications.tell(session, user.id, "followed", actor=viewer)


def unfollow(session: Session, viewer: User, handle: str) -> None:
    user = _existing(session, handle)
    people.unfollow(session, viewer.id, user.id)


def block(session: Session, viewer: User, handle: str) -> None:
    """From now on neither sees the other. Also somebody who does not want to be found: they may have commented where
    the viewer reads. Raises NotFound, NotYourself."""
    user = _existing(session, handle)
    if user.id == viewer.id:
        raise NotYourself
    people.block(session, viewer.id, user.id)


def unblock(session: Session, viewer: User, handle: str) -> None:
    user = _existing(session, handle)
    people.unblock(session, viewer.id, user.id)


def _existing(session: Session, handle: str) -> User:
    user = users.by_handle_key(session, handle_key(handle))
    if user is None:
        raise NotFound
    return user


def _visible(session: Session, viewer: User, handle: str) -> tuple[User, Relation]:
    user = _existing(session, handle)
    if user.id == viewer.id:
        return user, people.STRANGERS
    relation = people.relation(session, viewer.id, user.id)
    known = user.discoverable or relation.is_following or relation.follows_me or relation.is_blocked
    if relation.has_blocked_me or not known:
        raise NotFound
    return user, relation


def _person(viewer: User, user: User, relation: Relation) -> Person:
    return Person(
        handle=user.handle,
        display_name=user.display_name,
        is_me=user.id == viewer.id,
        is_following=relation.is_following,
        follows_me=relation.follows_me,
        is_blocked=relation.is_blocked,
    )
