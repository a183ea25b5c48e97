"""A listener's playlists."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from platform_api.models import Playlist, PlaylistTrack


class PlaylistRow(NamedTuple):
    playlist: Playlist
    tracks: int


def playlists_of(session: Session, user_id: int) -> list[PlaylistRow]:
    """Newest first, with the number of tracks."""
    number = select(func.count()).where(PlaylistTrack.playlist_id == Playlist.id).correlate(Playlist).scalar_subquery()
    rows = session.execute(select(Playlist, number).where(Playlist.user_id == user_id).order_by(Playlist.id.desc()))
    return [PlaylistRow(playlist, tracks) for playlist, tracks in rows]


def playlist_of(session: Session, user_id: int, playlist_id: int) -> Playlist | None:
    return session.scalar(select(Playlist).where(Playlist.id == playlist_id, Playlist.user_id == user_id))


def hold_playlist(session: Session, user_id: int, playlist_id: int) -> Playlist | None:
    """The same, kept from being changed by anybody else until the transaction ends."""
    mine = select(Playlist).where(Playlist.id == playlist_id, Playlist.user_id == user_id)
    return session.scalar(mine.with_for_update(key_share=True).execution_options(populate_existing=True))


def count_playlists(session: Session, user_id: int) -> int:
    return session.scalar(select(func.count()).where(Playlist.user_id == user_id)) or 0


def add(session: Session, user_id: int, name: str, description: str) -> Playlist:
    playlist = Playlist(user_id=user_id, name=name, description=description)
    session.add(playlist)
    session.flush()
    session.refresh(playlist)
    return playlist


def track_ids_in(session: Session, playlist_id: int) -> list[int]:
    """In the listener's order."""
    tracks = select(PlaylistTrack.track_id).where(PlaylistTrack.playlist_id == playlist_id)
    return list(session.scalars(tracks.order_by(PlaylistTrack.position)))


def replace_tracks(session: Session, playlist_id: int, track_ids: Sequence[int]) -> None:
    session.execute(delete(PlaylistTrack).where(PlaylistTrack.playlist_id == playlist_id))
    append_tracks(session, playlist_id, track_ids, after=0)


def append_tracks(session: Session, playlist_id: int, track_ids: Sequence[int], after: int) -> None:
    """`after` as many as there are."""
    rows = [
        {"playlist_id": playlist_id, "position": position, "track_id": track_id}
        for position, track_id in enumerate(track_ids, start=after)
    ]
    if rows:
        session.execute(insert(PlaylistTrack), rows)


def remove(session: Session, playlist: Playlist) -> None:
    session.delete(playlist)
