"""Posts, what people say under them and how they react."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from platform_api import models
from platform_api.core.errors import NotAllowed, NotFound
from platform_api.crud import notifications as news
from platform_api.crud import posts
from platform_api.crud.posts import PostRow
from platform_api.models import User
from platform_api.schemas.community import Comment, Feed, NewComment, NewPost, PersonRef, Post, ReactionKind
from platform_api.services.community import notifications
from platform_api.services.community.snapshots import wrap_snapshot
from platform_api.services.wraps import shown_snapshot


def feed(session: Session, viewer: User, before: int | None, limit: int) -> Feed:
    rows = posts.feed(session, viewer.id, before, limit)
    items = _shown(session, viewer, rows)
    return Feed(items=items, next_before=items[-1].id if len(items) == limit else None)


def posts_of(session: Session, viewer: User, author: User, limit: int) -> list[Post]:
    return _shown(session, viewer, posts.posts_of(session, viewer.id, author.id, limit))


def read_post(session: Session, viewer: User, post_id: int) -> Post:
    """Raises NotFound, also for posts that are not for the viewer."""
    return _shown(session, viewer, [_visible(session, viewer, post_id)])[0]


def write_post(session: Session, author: User, new: NewPost) -> Post:
    """A wrap is kept as it is now; later imports do not rewrite it."""
    wrap = wrap_snapshot(session, author, new.span) if new.span is not None else None
    span, kept = (wrap.span.text, wrap.model_dump(mode="json")) if wrap else (None, None)
    return _shown(session, author, [PostRow(posts.add_post(session, author.id, new.text, span, kept), author)])[0]


def delete_post(session: Session, viewer: User, post_id: int) -> None:
    """With what was said to it, and the news of that. Raises NotFound, NotAllowed."""
    if _visible(session, viewer, post_id).author.id != viewer.id:
        raise NotAllowed
    posts.delete_post(session, post_id)
    news.forget(session, viewer.id, {"post_id": post_id})


def write_comment(session: Session, viewer: User, post_id: int, new: NewComment) -> Comment:
    """Raises NotFound."""
    post = _held(session, viewer, post_id)
    comment = posts.add_comment(session, post.id, viewer.id, new.text)
    notifications.tell(session, post.author_id, "commented", actor=viewer, post_id=post.id, comment_id=comment.id)
    return Comment(
        id=comment.id,
        author=PersonRef.model_validate(viewer),
        text=comment.text,
        created_at=comment.created_at,
        mine=True,
    )


def delete_comment(session: Session, viewer: User, comment_id: int) -> None:
    """One's own, or one under one's own post. Raises NotFound, NotAllowed."""
    comment = posts.comment_by_id(session, comment_id)
    if comment is None:
        raise NotFound
    if comment.author_id != viewer.id and _visible(session, viewer, comment.post_id).author.id != viewer.id:
        raise NotAllowed
    told = posts.author_of(session, comment.post_id)
    posts.delete_comment(session, comment_id)
    if told is not None:
        news.forget(session, told, {"comment_id": comment_id})


def react(session: Session, viewer: User, post_id: int, kind: ReactionKind) -> None:
    """Reacting twice is reacting. Raises NotFound."""
    post = _held(session, viewer, post_id)
    if posts.react(session, post.id, viewer.id, kind):
        notifications.tell(session, post.author_id, "reacted", actor=viewer, post_id=post.id, detail=kind)


def take_reaction_back(session: Session, viewer: User, post_id: int, kind: ReactionKind) -> None:
    """Raises NotFound."""
    post = _visible(session, viewer, post_id).post
    posts.take_reaction_back(session, post.id, viewer.id, kind)
    notifications.take_back(session, post.author_id, "reacted", viewer, post_id=post.id, detail=kind)


def _visible(session: Session, viewer: User, post_id: int) -> PostRow:
    row = posts.visible_post(session, viewer.id, post_id)
    if row is None:
        raise NotFound
    return row


def _held(session: Session, viewer: User, post_id: int) -> models.Post:
    """To say something to it. Raises NotFound, also where it is deleted at this moment."""
    post = _visible(session, viewer, post_id).post
    if not posts.still_there(session, post.id):
        raise NotFound
    return post


def _shown(session: Session, viewer: User, rows: Sequence[PostRow]) -> list[Post]:
    """Three statements for any number of posts."""
    ids = [row.post.id for row in rows]
    if not ids:
        return []
    comments: dict[int, list[Comment]] = defaultdict(list)
    for comment in posts.comments_on(session, viewer.id, ids):
        comments[comment.post_id].append(
            Comment(
                id=comment.id,
                author=PersonRef(handle=comment.handle, display_name=comment.display_name),
                text=comment.text,
                created_at=comment.created_at,
                mine=comment.author_id == viewer.id,
            )
        )
    reactions: dict[int, dict[Any, int]] = defaultdict(dict)
    for post_id, kind, number in posts.reaction_counts(session, viewer.id, ids):
        reactions[post_id][kind] = number
    mine: dict[int, list[Any]] = defaultdict(list)
    for post_id, kind in posts.reactions_by(session, viewer.id, ids):
        mine[post_id].append(kind)
    return [
        Post(
            id=post.id,
            author=PersonRef.model_validate(author),
            text=post.text,
            span=post.span,
            wrap=shown_snapshot(post.wrap, post.created_at) if post.wrap else None,
            created_at=post.created_at,
            comments=comments[post.id],
            reactions=reactions[post.id],
            my_reactions=mine[post.id],
            mine=post.author_id == viewer.id,
        )
        for post, author in rows
    ]
