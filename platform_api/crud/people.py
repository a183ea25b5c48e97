"""Who follows, who blocks, who may be found."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import Block, Follow, User


class Relation(NamedTuple):
    """What one person is to another."""

    is_following: bool
    follows_me: bool
    is_blocked: bool
    has_blocked_me: bool


STRANGERS = Relation(False, False, False, False)


def hidden_between(one_id: int | ColumnElement[int], other_id: ColumnElement[int]) -> ColumnElement[bool]:
    """True where either has blocked the other: then they see nothing of each other."""
    return exists().where(
        or_(
            and_(Block.blocker_id == one_id, Block.blocked_id == other_id),
            and_(Block.blocked_id == one_id, Block.blocker_id == other_id),
        )
    )


def people_matching(session: Session, viewer_id: int, query: str, limit: int) -> list[User]:
    """Discoverable people whose handle begins with, or whose name contains, `query`; nobody blocked either way."""
    named = (
        select(User)
        .where(
            or_(
                User.handle_key.startswith(query.casefold(), autoescape=True),
                User.display_name.icontains(query, autoescape=True),
            ),
            or_(User.discoverable, User.id == viewer_id),
            ~hidden_between(viewer_id, User.__table__.c.id),
        )
        .order_by(User.handle_key.startswith(query.casefold(), autoescape=True).desc(), User.handle_key)
        .limit(limit)
    )
    return list(session.scalars(named))


def relations(session: Session, viewer_id: int, other_ids: Collection[int]) -> dict[int, Relation]:
    """By the other's id, in one statement."""
    follows_them = exists().where(Follow.follower_id == viewer_id, Follow.followed_id == User.id)
    follows_me = exists().where(Follow.follower_id == User.id, Follow.followed_id == viewer_id)
    blocked = exists().where(Block.blocker_id == viewer_id, Block.blocked_id == User.id)
    blocked_me = exists().where(Block.blocker_id == User.id, Block.blocked_id == viewer_id)
    rows = session.execute(select(User.id, follows_them, follows_me, blocked, blocked_me).where(User.id.in_(other_ids)))
    return {row[0]: Relation(*row[1:]) for row in rows}


def relation(session: Session, viewer_id: int, other_id: int) -> Relation:
    return relations(session, viewer_id, [other_id]).get(other_id, STRANGERS)


def follow(session: Session, follower_id: int, followed_id: int) -> bool:
    """Whether this is new."""
    row = insert(Follow).values(follower_id=follower_id, followed_id=followed_id).on_conflict_do_nothing()
    return session.scalar(row.returning(Follow.followed_id)) is not None


def unfollow(session: Session, follower_id: int, followed_id: int) -> None:
    session.execute(delete(Follow).where(Follow.follower_id == follower_id, Follow.followed_id == followed_id))


def block(session: Session, blocker_id: int, blocked_id: int) -> None:
    session.execute(insert(Block).values(blocker_id=blocker_id, blocked_id=blocked_id).on_conflict_do_nothing())


def unblock(session: Session, blocker_id: int, blocked_id: int) -> None:
    session.execute(delete(Block).where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id))


def followers(session: Session, user_id: int, after: str | None, limit: int) -> list[User]:
    """By their handles, from the one after `after`."""
    return _listed(session, select(Follow.follower_id).where(Follow.followed_id == user_id), after, limit)


def followed(session: Session, user_id: int, after: str | None, limit: int) -> list[User]:
    return _listed(session, select(Follow.followed_id).where(Follow.follower_id == user_id), after, limit)


def blocked(session: Session, user_id: int, after: str | None, limit: int) -> list[User]:
    return _listed(session, select(Block.blocked_id).where(Block.blocker_id == user_id), after, limit)


def _listed(session: Session, ids: Select[int], after: str | None, limit: int) -> list[User]:
    listed = select(User).where(User.id.in_(ids)).order_by(User.handle_key).limit(limit)
    if after is not None:
        listed = listed.where(User.handle_key > after)
    return list(session.scalars(listed))


def count_followers(session: Session, user_id: int) -> int:
    return session.scalar(select(func.count()).where(Follow.followed_id == user_id)) or 0


def count_following(session: Session, user_id: int) -> int:
    return session.scalar(select(func.count()).where(Follow.follower_id == user_id)) or 0
