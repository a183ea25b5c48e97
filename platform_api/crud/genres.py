"""Genres of tracks, as the tags of audio files give them: those of the server's library, and of one's own uploads."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import TrackGenre
from platform_api.utils.text import name_key


class GenreOfTrack(NamedTuple):
    track_id: int
    key: str
    genre: str


def told(session: Session, track_ids: Sequence[int], user_id: int | None, genres: Sequence[str]) -> None:
    """What a file of the library (`user_id` None) or an upload says these tracks are; it replaces what was said."""
    wanted = {key: genre for genre in genres if (key := name_key(genre))}
    whose = TrackGenre.user_id.is_(None) if user_id is None else TrackGenre.user_id == user_id
    session.execute(
        delete(TrackGenre).where(
            TrackGenre.track_id == func.any_(list(track_ids)), whose, TrackGenre.genre_key.not_in(list(wanted))
        )
    )
    rows = [
        {"track_id": track_id, "user_id": user_id, "genre": genre, "genre_key": key}
        for track_id in sorted(track_ids)
        for key, genre in sorted(wanted.items())
    ]
    if rows:
        session.execute(insert(TrackGenre).values(rows).on_conflict_do_nothing())


def of_tracks(session: Session, user_id: int, track_ids: Sequence[int]) -> list[GenreOfTrack]:
    """Each genre of each of these tracks once, as the library and the listener's own uploads say."""
    found = session.execute(
        select(TrackGenre.track_id, TrackGenre.genre_key, func.min(TrackGenre.genre))
        .where(
            TrackGenre.track_id == func.any_(list(track_ids)),
            or_(TrackGenre.user_id.is_(None), TrackGenre.user_id == user_id),
        )
        .group_by(TrackGenre.track_id, TrackGenre.genre_key)
    )
    return [GenreOfTrack(track_id, key, genre) for track_id, key, genre in found]


def latest(session: Session) -> int:
    """Grows whenever a file says something new. What a file no longer says is noticed with the next change."""
    return session.scalar(select(func.max(TrackGenre.id))) or 0
