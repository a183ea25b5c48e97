"""What Spotify's Web API tells about tracks: it fills what is empty, and every filled column is marked as its.

`from_spotify` names these columns: they are shown, never trained on (view `ml.tracks` leaves them out), and go when the
last listener disconnects.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud import catalogue
from platform_api.crud.analytics import id_array


class Credit(NamedTuple):
    """A credited artist: the catalogue's key, the name, Spotify's id."""

    key: str
    name: str
    spotify_id: str | None


class Details(NamedTuple):
    """What one answer tells about one track. `album` details belong to the album of the same name only."""

    duration_ms: int | None
    isrc: str | None
    album_name_key: str | None
    album_spotify_id: str | None
    cover_url: str | None
    release_date: date | None
    release_precision: str | None
    credits: Sequence[Credit]


class Told(NamedTuple):
    """What a track's page shows of it: the release as exactly as it is known, other artists as (id, name)."""

    cover_url: str | None
    released: str | None
    guests: list[tuple[int, str]]


class Waiting(NamedTuple):
    track_id: int
    spotify_id: str


_TO_LOOK_UP = text("""
    SELECT tracks.id, split_part(tracks.key, ':', 3)
    FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS heard (track_id, place)
    JOIN tracks ON tracks.id = heard.track_id
    WHERE tracks.kind = 'song' AND tracks.spotify_checked_at IS NULL AND tracks.key ~ '^spotify:track:[0-9A-Za-z]{22}$'
    ORDER BY heard.place
    LIMIT :limit
""")
_PROGRESS = text("""
    SELECT count(*), count(*) FILTER (WHERE tracks.spotify_checked_at IS NOT NULL)
    FROM tracks
    WHERE tracks.id = ANY(CAST(:ids AS bigint[])) AND tracks.kind = 'song'
    AND tracks.key ~ '^spotify:track:[0-9A-Za-z]{22}$'
""")
_TOLD = text("""
    SELECT albums.cover_url,
           left(albums.release_date::text,
                CASE albums.release_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END)
    FROM tracks LEFT JOIN albums ON albums.id = tracks.album_id WHERE tracks.id = :track_id
""")
_GUESTS = text("""
    SELECT artists.id, artists.name FROM track_artists JOIN artists ON artists.id = track_artists.artist_id
    WHERE track_artists.track_id = :track_id AND track_artists.position > 0 ORDER BY track_artists.position
""")
_TRACK = text("""
    UPDATE tracks SET
        from_spotify = from_spotify
            || CASE WHEN duration_ms IS NULL AND CAST(:duration_ms AS int) IS NOT NULL
                    THEN ARRAY['duration_ms'] ELSE '{}'::text[] END
            || CASE WHEN isrc IS NULL AND CAST(:isrc AS text) IS NOT NULL THEN ARRAY['isrc'] ELSE '{}'::text[] END,
        duration_ms = coalesce(duration_ms, CAST(:duration_ms AS int)),
        isrc = coalesce(isrc, CAST(:isrc AS text)),
        spotify_checked_at = :now
    WHERE id = :track_id
    RETURNING album_id
""")
_ALBUM = text("""
    UPDATE albums SET
        from_spotify = from_spotify
            || CASE WHEN cover_url IS NULL AND CAST(:cover_url AS text) IS NOT NULL
                    THEN ARRAY['cover_url'] ELSE '{}'::text[] END
            || CASE WHEN release_date IS NULL AND CAST(:release_date AS date) IS NOT NULL
                    THEN ARRAY['release_date'] ELSE '{}'::text[] END
            || CASE WHEN spotify_id IS NULL AND CAST(:spotify_id AS text) IS NOT NULL
                    THEN ARRAY['spotify_id'] ELSE '{}'::text[] END,
        release_precision = CASE WHEN release_date IS NULL THEN CAST(:precision AS text) ELSE release_precision END,
        release_date = coalesce(release_date, CAST(:release_date AS date)),
        cover_url = coalesce(cover_url, CAST(:cover_url AS text)),
        spotify_id = coalesce(spotify_id, CAST(:spotify_id AS text))
    WHERE id = :album_id AND name_key = :name_key
    AND ((cover_url IS NULL AND CAST(:cover_url AS text) IS NOT NULL)
         OR (release_date IS NULL AND CAST(:release_date AS date) IS NOT NULL)
         OR (spotify_id IS NULL AND CAST(:spotify_id AS text) IS NOT NULL))
""")
_NEW_ARTISTS = text("""
    INSERT INTO artists (key, kind, name)
    SELECT new.key, 'artist', new.name FROM unnest(CAST(:keys AS text[]), CAST(:names AS text[])) AS new (key, name)
    WHERE NOT EXISTS (SELECT FROM artists WHERE artists.key = new.key)
    ORDER BY new.key
    ON CONFLICT (key) DO NOTHING
""")
_CREDITS = text("""
    INSERT INTO track_artists (track_id, artist_id, position, from_spotify)
    SELECT :track_id, artists.id, 100 + new.position, true
    FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS new (key, position)
    JOIN artists ON artists.key = new.key
    ON CONFLICT (track_id, artist_id) DO NOTHING
""")
_IN_ORDER = text("""
    UPDATE track_artists SET position = counted.position
    FROM (SELECT artist_id, row_number() OVER (ORDER BY position) - 1 AS position
          FROM track_artists WHERE track_id = :track_id) counted
    WHERE track_artists.track_id = :track_id AND track_artists.artist_id = counted.artist_id
    AND track_artists.position <> counted.position
""")
_FORGET = [
    text("""
        UPDATE tracks SET
            duration_ms = CASE WHEN 'duration_ms' = ANY(from_spotify) THEN NULL ELSE duration_ms END,
            isrc = CASE WHEN 'isrc' = ANY(from_spotify) THEN NULL ELSE isrc END,
            from_spotify = '{}', spotify_checked_at = NULL
        WHERE spotify_checked_at IS NOT NULL OR from_spotify <> '{}'
    """),
    text("""
        UPDATE albums SET
            cover_url = CASE WHEN 'cover_url' = ANY(from_spotify) THEN NULL ELSE cover_url END,
            release_precision = CASE WHEN 'release_date' = ANY(from_spotify) THEN NULL ELSE release_precision END,
            release_date = CASE WHEN 'release_date' = ANY(from_spotify) THEN NULL ELSE release_date END,
            spotify_id = CASE WHEN 'spotify_id' = ANY(from_spotify) THEN NULL ELSE spotify_id END,
            from_spotify = '{}'
        WHERE from_spotify <> '{}'
    """),
    text("DELETE FROM track_artists WHERE from_spotify"),
]


def to_look_up(session: Session, track_ids: Iterable[int], limit: int) -> list[Waiting]:
    """The first of these tracks that Spotify was not asked about."""
    found = session.execute(_TO_LOOK_UP, {"ids": id_array(track_ids), "limit": limit})
    return [Waiting._make(row) for row in found]


def not_asked_about(session: Session, track_ids: Iterable[int]) -> list[int]:
    """Which of these tracks nothing from Spotify is known about yet, in the order of their ids."""
    unknown = text(
        "SELECT id FROM tracks WHERE id = ANY(CAST(:ids AS bigint[])) AND spotify_checked_at IS NULL ORDER BY id"
    )
    return list(session.scalars(unknown, {"ids": list(track_ids)}))


def progress(session: Session, track_ids: Iterable[int]) -> tuple[int, int]:
    """How many of these tracks Spotify knows, and how many of them were looked up."""
    total, known = session.execute(_PROGRESS, {"ids": id_array(track_ids)}).one()
    return int(total), int(known)


def told_about(session: Session, track_id: int) -> Told:
    cover_url, released = session.execute(_TOLD, {"track_id": track_id}).one()
    return Told(cover_url, released, [(row.id, row.name) for row in session.execute(_GUESTS, {"track_id": track_id})])


def fill(session: Session, track_id: int, details: Details | None, now: datetime) -> None:
    """Fills what is empty. Without details the track is marked as asked about: Spotify does not know it any more."""
    told = details or Details(None, None, None, None, None, None, None, ())
    keys = [credit.key for credit in told.credits]
    if keys:
        session.execute(_NEW_ARTISTS, {"keys": keys, "names": [credit.name for credit in told.credits]})
    album_id = session.scalar(
        _TRACK, {"track_id": track_id, "duration_ms": told.duration_ms, "isrc": told.isrc, "now": now}
    )
    if album_id is not None and told.album_name_key:
        session.execute(
            _ALBUM,
            {
                "album_id": album_id,
                "name_key": told.album_name_key,
                "cover_url": told.cover_url,
                "release_date": told.release_date,
                "precision": told.release_precision,
                "spotify_id": told.album_spotify_id,
            },
        )
    if keys:
        session.execute(_CREDITS, {"track_id": track_id, "keys": keys})
        session.execute(_IN_ORDER, {"track_id": track_id})
    if details is not None:
        catalogue.raise_version(session)


def forget_all(session: Session) -> None:
    """Empties every column that the Web API filled, and takes back the credits it gave."""
    for statement in _FORGET:
        session.execute(statement)
    catalogue.raise_version(session)
