"""Artists that a listener left out: their plays are kept and do not count, past and future.

A play is hidden by the artist of the track that it counts as. Whoever changes something here holds the listener's
history (`crud/incoming.py: hold_history`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud import recordings


class Hidden(NamedTuple):
    artist_id: int
    name: str
    hidden_at: datetime
    plays: int
    """Kept, and not counted."""


def hidden_artists(session: Session, user_id: int) -> list[Hidden]:
    """The newest first."""
    found = session.execute(
        text("""
            SELECT artists.id, artists.name, hidden.hidden_at, (
                SELECT count(*) FROM plays
                WHERE plays.user_id = :user_id AND plays.hidden
                  AND plays.track_id IN (
                      SELECT t.id FROM tracks t WHERE t.artist_id = artists.id
                      UNION ALL
                      SELECT m.track_id FROM track_merges m JOIN tracks shown ON shown.id = m.counted_as
                      WHERE m.user_id = :user_id AND shown.artist_id = artists.id
                  )
            )
            FROM hidden_artists hidden JOIN artists ON artists.id = hidden.artist_id
            WHERE hidden.user_id = :user_id ORDER BY hidden.hidden_at DESC, artists.id
        """),
        {"user_id": user_id},
    )
    return [Hidden(*row) for row in found]


def hidden_by(session: Session, user_ids: Sequence[int]) -> list[int]:
    """The artists that any of these listeners left out."""
    question = text("SELECT DISTINCT artist_id FROM hidden_artists WHERE user_id = ANY(CAST(:user_ids AS bigint[]))")
    return list(session.scalars(question, {"user_ids": list(user_ids)}))


def is_hidden(session: Session, user_id: int, artist_id: int) -> bool:
    question = text("SELECT EXISTS (SELECT FROM hidden_artists WHERE user_id = :user_id AND artist_id = :artist_id)")
    return bool(session.scalar(question, {"user_id": user_id, "artist_id": artist_id}))


def tracks_by_hidden(session: Session, user_id: int) -> dict[int, str]:
    """Tracks that must not be suggested: a hidden artist is credited with them, as a guest too. id → key."""
    found = session.execute(
        text("""
            SELECT t.id, t.key FROM hidden_artists h JOIN tracks t ON t.artist_id = h.artist_id
            WHERE h.user_id = :user_id
            UNION
            SELECT t.id, t.key FROM hidden_artists h JOIN track_artists c ON c.artist_id = h.artist_id
            JOIN tracks t ON t.id = c.track_id WHERE h.user_id = :user_id
            ORDER BY 1
        """),
        {"user_id": user_id},
    )
    return dict(found.all())


def hide(session: Session, user_id: int, artist_id: int) -> bool:
    """False where the artist is hidden already."""
    return _change(
        session,
        user_id,
        artist_id,
        "INSERT INTO hidden_artists (user_id, artist_id) VALUES (:user_id, :artist_id) ON CONFLICT DO NOTHING",
    )


def show(session: Session, user_id: int, artist_id: int) -> bool:
    """Takes it back. False where the artist is not hidden."""
    return _change(
        session, user_id, artist_id, "DELETE FROM hidden_artists WHERE user_id = :user_id AND artist_id = :artist_id"
    )


def _change(session: Session, user_id: int, artist_id: int, statement: str) -> bool:
    if is_hidden(session, user_id, artist_id) == statement.startswith("INSERT"):
        return False
    own = text("SELECT id FROM tracks WHERE artist_id = :artist_id")
    tracks = recordings.recordings_of(session, user_id, list(session.scalars(own, {"artist_id": artist_id})))
    session.execute(text(statement), {"user_id": user_id, "artist_id": artist_id})
    recordings.settle(session, user_id, tracks)
    return True
