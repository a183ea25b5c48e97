"""Genres of tracks, as the tags of audio files give them: those of the server's library, and of one's own uploads."""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import Connection
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.crud.analytics import id_array
from platform_api.models import TrackGenre
from platform_api.utils.text import name_key


class Genre(NamedTuple):
    """`tracks` is their ids, each once, as big-endian int64."""

    genre: str
    tracks: bytes


_OF_TRACKS = b"""
    SELECT min(genre), string_agg(DISTINCT int8send(track_id), ''::bytea) FROM track_genres
    WHERE track_id = ANY(%(ids)s::int8[]) AND (user_id IS NULL OR user_id = %(user_id)s)
    GROUP BY genre_key ORDER BY genre_key
"""


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
        said = insert(TrackGenre).values(rows)
        # what an import brought and a file says now is the file's
        session.execute(
            said.on_conflict_do_update(
                index_elements=["track_id", "user_id", "genre_key"],
                set_={"told_by": None},
                where=TrackGenre.told_by.is_not(None),
            )
        )


def of_tracks(session: Session, user_id: int, track_ids: Sequence[int]) -> list[Genre]:
    """The genres of these tracks, as the library and the listener's own uploads say, by their normalised names."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    with connection.cursor(binary=True) as cursor:  # forty thousand pairs as rows would cost 100 ms to read
        cursor.execute(_OF_TRACKS, {"user_id": user_id, "ids": id_array(track_ids)})
        return [Genre(*row) for row in cursor.fetchall()]


def latest(session: Session) -> int:
    """Grows whenever a file says something new. What a file no longer says is noticed with the next change."""
    return session.scalar(select(func.max(TrackGenre.id))) or 0
