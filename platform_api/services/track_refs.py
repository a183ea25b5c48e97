"""Tracks as every page names them, two queries for any number of them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, embeddings
from platform_api.schemas.catalogue import AlbumRef, ArtistRef, TrackRef


def track_refs(session: Session, ids: Collection[int]) -> dict[int, TrackRef]:
    """By id; an id that names no track is left out."""
    rows = catalogue.track_rows(session, ids)
    with_sound = embeddings.tracks_with_sound(session, ids)
    return {
        row.id: TrackRef(
            id=row.id,
            key=row.key,
            name=row.name,
            artist=ArtistRef(id=row.artist_id, name=row.artist_name),
            album=None if row.album_id is None else AlbumRef(id=row.album_id, name=row.album_name or ""),
            has_sound=row.id in with_sound,
        )
        for row in rows.values()
    }
