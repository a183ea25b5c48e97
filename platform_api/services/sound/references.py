"""Tracks as they are shown beside anything else."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, sound
from platform_api.crud.catalogue import TrackRow
from platform_api.schemas.tracks import NamedRef, TrackRef


def track_refs(session: Session, track_ids: Iterable[int]) -> dict[int, TrackRef]:
    """The tracks by id, in two statements however many they are; ids that do not exist are left out."""
    ids = list(dict.fromkeys(track_ids))
    if not ids:
        return {}
    heard = sound.which_have_sound(session, ids)
    return {track_id: track_ref(row, track_id in heard) for track_id, row in catalogue.track_rows(session, ids).items()}


def track_ref(row: TrackRow, has_sound: bool) -> TrackRef:
    album = None
    if row.album_id is not None and row.album_name is not None:
        album = NamedRef(id=row.album_id, name=row.album_name)
    artist = NamedRef(id=row.artist_id, name=row.artist_name)
    return TrackRef(
        id=row.id,
        key=row.key,
        name=row.name,
        artist=artist,
        album=album,
        cover_url=row.cover_url,
        has_sound=has_sound,
    )
