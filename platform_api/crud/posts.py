"""Posts, comments and reactions, and who may see them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.crud.people import hidden_between
from platform_api.models import Comment, Follow, Post, Reaction, User


class PostRow(NamedTuple):
    post: Post
    author: User


class CommentRow(NamedTuple):
    id: int
    post_id: int
    author_id: int
    handle: str
    display_name: str
    text: str
    created_at: datetime


def _visible_to(viewer_id: int) -> ColumnElement[bool]:
    """One's own posts and those of people one follows, unless either has blocked the other."""
    followed = exists().where(Follow.follower_id == viewer_id, Follow.followed_id == Post.author_id)
    return or_(
        Post.author_id == viewer_id,
        and_(followed, ~hidden_between(viewer_id, Post.__table__.c.author_id)),
    )


def _welcome(viewer_id: int, speaker_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Of what is said to a `Post`: nothing by people hidden from the viewer, nor, for anybody, from its author."""
    return and_(
        ~hidden_between(viewer_id, speaker_id),
        ~hidden_between(Post.__table__.c.author_id, speaker_id),
    )


def feed(session: Session, viewer_id: int, before: int | None, limit: int) -> list[PostRow]:
    """What this person may see, newest first."""
    return _posts(session, [_visible_to(viewer_id)], before, limit)


def posts_of(session: Session, viewer_id: int, author_id: int, limit: int) -> list[PostRow]:
    """One person's posts as far as the viewer may see them."""
    return _posts(session, [_visible_to(viewer_id), Post.author_id == author_id], None, limit)


def visible_post(session: Session, viewer_id: int, post_id: int) -> PostRow | None:
    found = _posts(session, [_visible_to(viewer_id), Post.id == post_id], None, 1)
    return found[0] if found else None


def _posts(session: Session, conditions: list[ColumnElement[bool]], before: int | None, limit: int) -> list[PostRow]:
    if before is not None:
        conditions = [*conditions, Post.id < before]
    chosen = (
        select(Post, User)
        .join(User, User.id == Post.author_id)
        .where(*conditions)
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return [PostRow(post, author) for post, author in session.execute(chosen)]


def add_post(session: Session, author_id: int, text: str, span: str | None, wrap: dict[str, Any] | None) -> Post:
    post = Post(author_id=author_id, text=text, span=span, wrap=wrap)
    session.add(post)
    session.flush()
    session.refresh(post)
    return post


def still_there(session: Session, post_id: int) -> bool:
    """It stays until this transaction ends. Waits for whoever is deleting it."""
    held = select(Post.id).where(Post.id == post_id).with_for_update(read=True, key_share=True)
    return session.scalar(held) is not None


def author_of(session: Session, post_id: int) -> int | None:
    return session.scalar(select(Post.author_id).where(Post.id == post_id))


def delete_post(session: Session, post_id: int) -> None:
    session.execute(delete(Post).where(Post.id == post_id))


def comments_on(session: Session, viewer_id: int, post_ids: Collection[int]) -> list[CommentRow]:
    """Oldest first, without those of people hidden from the viewer or from the post's author."""
    rows = session.execute(
        select(
            Comment.id,
            Comment.post_id,
            Comment.author_id,
            User.handle,
            User.display_name,
            Comment.text,
            Comment.created_at,
        )
        .join(User, User.id == Comment.author_id)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.post_id.in_(post_ids), _welcome(viewer_id, Comment.__table__.c.author_id))
        .order_by(Comment.id)
    )
    return [CommentRow(*row) for row in rows]


def add_comment(session: Session, post_id: int, author_id: int, text: str) -> Comment:
    comment = Comment(post_id=post_id, author_id=author_id, text=text)
    session.add(comment)
    session.flush()
    session.refresh(comment)
    return comment


def comment_by_id(session: Session, comment_id: int) -> Comment | None:
    return session.get(Comment, comment_id)


def delete_comment(session: Session, comment_id: int) -> None:
    session.execute(delete(Comment).where(Comment.id == comment_id))


def reaction_counts(session: Session, viewer_id: int, post_ids: Collection[int]) -> list[tuple[int, str, int]]:
    """(post, kind, how many), without those of people hidden from the viewer or from the post's author."""
    rows = session.execute(
        select(Reaction.post_id, Reaction.kind, func.count())
        .join(Post, Post.id == Reaction.post_id)
        .where(Reaction.post_id.in_(post_ids), _welcome(viewer_id, Reaction.__table__.c.user_id))
        .group_by(Reaction.post_id, Reaction.kind)
    )
    return [(post_id, kind, number) for post_id, kind, number in rows]


def reactions_by(session: Session, user_id: int, post_ids: Collection[int]) -> list[tuple[int, str]]:
    """(post, kind) of one person's reactions."""
    rows = session.execute(
        select(Reaction.post_id, Reaction.kind)
        .where(Reaction.user_id == user_id, Reaction.post_id.in_(post_ids))
        .order_by(Reaction.kind)
    )
    return [(post_id, kind) for post_id, kind in rows]


def react(session: Session, post_id: int, user_id: int, kind: str) -> bool:
    """Whether this is new."""
    row = insert(Reaction).values(post_id=post_id, user_id=user_id, kind=kind).on_conflict_do_nothing()
    return session.scalar(row.returning(Reaction.post_id)) is not None


def take_reaction_back(session: Session, post_id: int, user_id: int, kind: str) -> None:
    session.execute(
        delete(Reaction).where(Reaction.post_id == post_id, Reaction.user_id == user_id, Reaction.kind == kind)
    )
