"""A listener's plays as scrobbles: songs heard long enough to count, by the moment they began."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from platform_api.models import Album, Artist, Play, Track


class ListenRow(NamedTuple):
    started_at: datetime
    ended_at: datetime
    ms_played: int
    precision_s: int
    platform: str | None
    track_id: int
    track_key: str
    title: str
    artist: str
    album: str | None


_SHOWN = (
    Play.started_at, Play.ended_at, Play.ms_played, Play.precision_s, Play.platform, Track.id, Track.key, Track.name,
    Artist.name, Album.name,
)  # fmt: skip


def listens(
    session: Session, user_id: int, after: datetime | None, before: datetime | None, limit: int
) -> list[ListenRow]:
    """Newest first: the last ones before `before`, or, where only `after` is given, the first ones after it."""
    question = _listens_of(user_id)
    if before is not None:
        question = question.where(Play.started_at < before)
    if after is not None:
        question = question.where(Play.started_at > after)
    forwards = after is not None and before is None
    order = Play.started_at.asc() if forwards else Play.started_at.desc()
    found = [ListenRow._make(row) for row in session.execute(question.order_by(order, Track.id).limit(limit))]
    return found[::-1] if forwards else found


def ends(session: Session, user_id: int) -> tuple[datetime, datetime] | None:
    """The moments of the first and the last listen, by index."""
    first, last = (
        session.scalar(
            select(Play.started_at)
            .where(Play.user_id == user_id, Play.is_listen, Play.kind == "song", Play.hidden.is_not(True))
            .order_by(order).limit(1)
        )
        for order in (Play.started_at.asc(), Play.started_at.desc())
    )  # fmt: skip
    return (first, last) if first is not None and last is not None else None


def at_second(session: Session, user_id: int, since: datetime, until: datetime) -> list[ListenRow]:
    """The listens that began from `since` to before `until`."""
    question = _listens_of(user_id).where(Play.started_at >= since, Play.started_at < until)
    return [ListenRow._make(row) for row in session.execute(question)]


def _listens_of(user_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SHOWN)
        .join(Track, Track.id == Play.track_id)
        .join(Artist, Artist.id == Track.artist_id)
        .outerjoin(Album, Album.id == Track.album_id)
        .where(Play.user_id == user_id, Play.is_listen, Play.kind == "song", Play.hidden.is_not(True))
    )
