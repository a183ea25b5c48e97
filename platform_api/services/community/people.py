"""Finding, following and blocking people. Whoever was blocked learns from no answer that somebody is there."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict, NotFound
from platform_api.crud import people, users
from platform_api.crud.people import Relation
from platform_api.models import User
from platform_api.schemas.community import PeoplePage, Person, Profile
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
    return _persons(session, viewer, found)


def followers(session: Session, viewer: User, after: str | None, limit: int) -> PeoplePage:
    return _page(session, viewer, people.followers, after, limit)


def following(session: Session, viewer: User, after: str | None, limit: int) -> PeoplePage:
    return _page(session, viewer, people.followed, after, limit)


def blocked(session: Session, viewer: User, after: str | None, limit: int) -> PeoplePage:
    return _page(session, viewer, people.blocked, after, limit)


def profile(session: Session, viewer: User, handle: str) -> Profile:
    """Of somebody whom the viewer blocked no more than who it is. Raises NotFound also for those who do not want to be
    found and for those who blocked the viewer."""
    user, relation = _visible(session, viewer, handle)
    person = _person(viewer, user, relation).model_dump()
    if relation.is_blocked:
        return Profile(**person, joined_at=None, followers=None, following=None, posts=[])
    return Profile(
        **person,
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
    user = _named(session, handle)
    if user is not None:
        _end_following(session, viewer, user)


def remove_follower(session: Session, viewer: User, handle: str) -> None:
    """They may follow again, unlike somebody who is blocked, and are not told."""
    user = _named(session, handle)
    if user is not None:
        _end_following(session, user, viewer)


def block(session: Session, viewer: User, handle: str) -> None:
    """From now on neither sees the other. Also somebody who does not want to be found: they may have commented where
    the viewer reads. Raises NotFound, NotYourself."""
    user = _existing(session, handle)
    if user.id == viewer.id:
        raise NotYourself
    if people.relation(session, viewer.id, user.id).has_blocked_me:
        raise NotFound
    people.block(session, viewer.id, user.id)
    _end_following(session, viewer, user)
    _end_following(session, user, viewer)


def unblock(session: Session, viewer: User, handle: str) -> None:
    user = _named(session, handle)
    if user is not None:
        people.unblock(session, viewer.id, user.id)


def _end_following(session: Session, follower: User, followed: User) -> None:
    people.unfollow(session, follower.id, followed.id)
    notifications.take_back(session, followed.id, "followed", follower)


def _named(session: Session, handle: str) -> User | None:
    return users.by_handle_key(session, handle_key(handle))


def _existing(session: Session, handle: str) -> User:
    user = _named(session, handle)
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


def _page(
    session: Session,
    viewer: User,
    listed: Callable[[Session, int, str | None, int], list[User]],
    after: str | None,
    limit: int,
) -> PeoplePage:
    found = listed(session, viewer.id, handle_key(after) if after is not None else None, limit)
    return PeoplePage(
        items=_persons(session, viewer, found), next_after=found[-1].handle if len(found) == limit else None
    )


def _persons(session: Session, viewer: User, found: list[User]) -> list[Person]:
    relations = people.relations(session, viewer.id, [user.id for user in found])
    return [_person(viewer, user, relations[user.id]) for user in found]


def _person(viewer: User, user: User, relation: Relation) -> Person:
    """Blocking somebody opens nothing: who could not be found otherwise is a handle."""
    only_blocked = relation.is_blocked and (relation.has_blocked_me or not user.discoverable)
    return Person(
        handle=user.handle,
        display_name=user.handle if only_blocked else user.display_name,
        is_me=user.id == viewer.id,
        is_following=relation.is_following,
        follows_me=relation.follows_me,
        is_blocked=relation.is_blocked,
    )
