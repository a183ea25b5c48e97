"""What a listener may be told of the catalogue, which all listeners share and which mostly says what somebody played.

A track is told to whoever has met it, and to everybody where it says nothing of any one person: the operator's library
holds it, or two others have played it. Artists and albums follow their tracks. What is not told is as unknown as an id
that does not exist (docs/decisions/one-person-alone-never-shows-through.md).
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud import catalogue
from platform_api.crud.analytics import id_array
from platform_api.crud.catalogue import AlbumRow, TrackRow
from platform_api.models import Artist

# each is one look into an index, and most tracks that are asked for are in the first
_MET = """
    EXISTS (SELECT FROM plays p WHERE p.user_id = :user_id AND p.track_id = t.id)
    OR EXISTS (SELECT FROM sound_sources s WHERE s.track_id = t.id AND (s.source = 'library' OR s.user_id = :user_id))
    OR EXISTS (SELECT FROM recommendations_shown s WHERE s.user_id = :user_id AND s.track_id = t.id)
    OR EXISTS (SELECT FROM recommendation_feedback f WHERE f.user_id = :user_id AND f.track_id = t.id)
    OR EXISTS (SELECT FROM playlist_tracks i JOIN playlists l ON l.id = i.playlist_id
               WHERE i.track_id = t.id AND l.user_id = :user_id)
    OR EXISTS (SELECT FROM track_merges m WHERE m.user_id = :user_id AND m.track_id = t.id)
    OR EXISTS (SELECT FROM track_merges m WHERE m.user_id = :user_id AND m.counted_as = t.id)
    OR EXISTS (SELECT FROM deleted_plays p WHERE p.user_id = :user_id AND p.track_id = t.id)
    OR EXISTS (SELECT FROM retold_plays p WHERE p.user_id = :user_id AND p.track_id = t.id)
"""
# one look per listener, and no more than the second one found: the limits keep it from being made a walk over all plays
_OF_SEVERAL = """
    2 = (SELECT count(*) FROM (
        SELECT FROM users u
        CROSS JOIN LATERAL (
            SELECT FROM plays p WHERE p.user_id = u.id AND p.track_id = t.id AND p.incognito IS NOT TRUE LIMIT 1
        ) AS heard
        WHERE u.id <> :user_id LIMIT 2
    ) AS others)
"""
_OF_THE_ARTIST = """
    SELECT id FROM tracks WHERE artist_id = :about
    UNION ALL
    SELECT track_id FROM track_artists WHERE artist_id = :about AND position > 0
"""
_OF_THE_ALBUM = "SELECT id FROM tracks WHERE album_id = :about"
_HIDDEN = text("SELECT EXISTS (SELECT FROM hidden_artists WHERE user_id = :user_id AND artist_id = :about)")
_TOLD = text(f"SELECT t.id FROM unnest(CAST(:ids AS bigint[])) AS t (id) WHERE {_MET} OR {_OF_SEVERAL}")


def tracks(session: Session, user_id: int, track_ids: Collection[int]) -> set[int]:
    """Those of the tracks that the listener may be told of."""
    return set(session.scalars(_TOLD, {"user_id": user_id, "ids": id_array(track_ids)}))


def track(session: Session, user_id: int, track_id: int) -> TrackRow | None:
    """None also where there is one that the listener may not be told of; so with artists and albums."""
    return catalogue.track_row(session, track_id) if tracks(session, user_id, [track_id]) else None


def artist(session: Session, user_id: int, artist_id: int) -> Artist | None:
    """Whose own tracks, or those they are a guest of, are told; or whom the listener has hidden."""
    hidden = session.scalar(_HIDDEN, {"user_id": user_id, "about": artist_id})
    if hidden or _any(session, user_id, _OF_THE_ARTIST, artist_id):
        return catalogue.artist_by_id(session, artist_id)
    return None


def album(session: Session, user_id: int, album_id: int) -> AlbumRow | None:
    if _any(session, user_id, _OF_THE_ALBUM, album_id):
        return catalogue.album_rows(session, [album_id]).get(album_id)
    return None


def _any(session: Session, user_id: int, of: str, about: int) -> bool:
    """Whether one of the tracks is told; others are looked at only where the listener has met none."""
    asked = {"user_id": user_id, "about": about}
    return any(
        session.scalar(text(f"SELECT EXISTS (SELECT FROM ({of}) AS t WHERE {condition})"), asked)
        for condition in (_MET, _OF_SEVERAL)
    )
