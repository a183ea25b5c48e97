"""A listener's plays as scrobbles: songs heard long enough to count, by the moment they began."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from platform_api.models import Album, Artist, Play, Track
from platform_api.models.listening import TOLD_COLUMNS


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
    track_ms: int | None


_SHOWN = (
    Play.started_at, Play.ended_at, Play.ms_played, Play.precision_s, Play.platform, Track.id, Track.key, Track.name,
    Artist.name, Album.name, Track.duration_ms,
)  # fmt: skip


_SAME = " AND ".join(f"{{other}}.{column} IS NOT DISTINCT FROM r.{column}" for column in TOLD_COLUMNS)
_REPEATED = text(f"""
    DELETE FROM retold_plays r
    USING unnest(CAST(:track_ids AS bigint[]), CAST(:ends AS timestamptz[])) AS sent (track_id, ended_at)
    WHERE r.user_id = :user_id AND r.track_id = sent.track_id AND r.ended_at = sent.ended_at
    AND r.import_file_id = :file_id
    AND (
        EXISTS (
            SELECT FROM plays p WHERE p.user_id = :user_id AND p.track_id = sent.track_id AND p.ended_at = sent.ended_at
            AND {_SAME.format(other="p")}
        )
        OR EXISTS (
            SELECT FROM retold_plays o
            WHERE o.user_id = :user_id AND o.track_id = sent.track_id AND o.ended_at = sent.ended_at AND o.id < r.id
            AND {_SAME.format(other="o")}
        )
    )
""")


def listens(
    session: Session, user_id: int, after: datetime | None, before: datetime | None, limit: int
) -> list[ListenRow]:
    """Newest first: the last ones before `before`, or, where only `after` is given, the first ones after it. Both are
    whole seconds, and a listen is told with the second in which it began: the second `after` itself is not asked for.
    """
    question = _listens_of(user_id)
    if before is not None:
        question = question.where(Play.started_at < before)
    if after is not None:
        question = question.where(Play.started_at >= after + timedelta(seconds=1))
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


def forget_repeated(session: Session, user_id: int, file_id: int, sent: Collection[tuple[int, datetime]]) -> None:
    """Of what was just sent (track, end), what the same ledger had told before, exactly so, is not kept again: undoing
    that ledger takes back the one as well as the many.
    """
    keys = {"track_ids": [track_id for track_id, _ in sent], "ends": [ended_at for _, ended_at in sent]}
    session.execute(_REPEATED, {"user_id": user_id, "file_id": file_id, **keys})


def _listens_of(user_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SHOWN)
        .join(Track, Track.id == Play.track_id)
        .join(Artist, Artist.id == Track.artist_id)
        .outerjoin(Album, Album.id == Track.album_id)
        .where(Play.user_id == user_id, Play.is_listen, Play.kind == "song", Play.hidden.is_not(True))
    )
