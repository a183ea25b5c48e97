"""Making, changing and deleting one's playlists."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict, InvalidField, InvalidRequest, NotFound
from platform_api.crud import playlists, told
from platform_api.models import Playlist as PlaylistRow
from platform_api.models import User
from platform_api.schemas.playlists import (
    MOST_TRACKS,
    AddedTracks,
    NewPlaylist,
    Playlist,
    PlaylistChange,
    Playlists,
    PlaylistSummary,
)
from platform_api.services.sound.references import track_refs

MOST_PLAYLISTS = 1000


class TooManyPlaylists(Conflict):
    detail = f"You have {MOST_PLAYLISTS} playlists. Delete one to make room for another."


class PlaylistFull(Conflict):
    detail = f"At most {MOST_TRACKS} tracks are in a playlist. Nothing was added."


class AnotherOrder(Conflict):
    title = "The playlist was changed meanwhile"
    detail = "This playlist was changed elsewhere. Nothing was lost: look at it as it is now, and do it again."


def my_playlists(session: Session, user: User) -> Playlists:
    return Playlists(items=[_summary(row.playlist, row.tracks) for row in playlists.playlists_of(session, user.id)])


def make_playlist(session: Session, user: User, new: NewPlaylist) -> Playlist:
    """Raises InvalidRequest for a track that does not exist, TooManyPlaylists."""
    if playlists.count_playlists(session, user.id) >= MOST_PLAYLISTS:
        raise TooManyPlaylists
    playlist = playlists.add(session, user.id, new.name, new.description)
    _put_tracks(session, playlist, new.track_ids)
    return _shown(session, playlist)


def read_playlist(session: Session, user: User, playlist_id: int) -> Playlist:
    """Raises NotFound, also for a playlist of somebody else."""
    return _shown(session, _mine(session, user, playlist_id))


def change_playlist(session: Session, user: User, playlist_id: int, change: PlaylistChange) -> Playlist:
    """Raises NotFound, AnotherOrder, InvalidRequest for a track that does not exist."""
    playlist = _there(playlists.hold_playlist(session, user.id, playlist_id))
    if change.instead_of is not None and change.instead_of != playlists.track_ids_in(session, playlist.id):
        raise AnotherOrder
    if change.name is not None:
        playlist.name = change.name
    if change.description is not None:
        playlist.description = change.description
    if change.track_ids is not None:
        _put_tracks(session, playlist, change.track_ids)
    playlist.told_by = None  # the listener's own now: it stays when the import that brought it is undone
    return _shown(session, playlist)


def add_tracks(session: Session, user: User, playlist_id: int, added: AddedTracks) -> Playlist:
    """At the end. Raises NotFound, PlaylistFull, InvalidRequest for a track that does not exist."""
    playlist = _there(playlists.hold_playlist(session, user.id, playlist_id))
    there = len(playlists.track_ids_in(session, playlist.id))
    if there + len(added.track_ids) > MOST_TRACKS:
        raise PlaylistFull
    _need_tracks(session, playlist, added.track_ids)
    playlists.append_tracks(session, playlist.id, added.track_ids, after=there)
    playlist.told_by = None  # as in change_playlist
    return _shown(session, playlist)


def delete_playlist(session: Session, user: User, playlist_id: int) -> None:
    """Raises NotFound."""
    playlists.remove(session, _there(playlists.hold_playlist(session, user.id, playlist_id)))


def _mine(session: Session, user: User, playlist_id: int) -> PlaylistRow:
    return _there(playlists.playlist_of(session, user.id, playlist_id))


def _there(playlist: PlaylistRow | None) -> PlaylistRow:
    if playlist is None:
        raise NotFound
    return playlist


def _put_tracks(session: Session, playlist: PlaylistRow, track_ids: Sequence[int]) -> None:
    _need_tracks(session, playlist, track_ids)
    playlists.replace_tracks(session, playlist.id, track_ids)


def _need_tracks(session: Session, playlist: PlaylistRow, track_ids: Sequence[int]) -> None:
    """Raises InvalidRequest for a track that does not exist to the listener. What stands in the playlist may stay:
    one's own playlist is a way of having met a track."""
    missing = set(track_ids) - told.tracks(session, playlist.user_id, track_ids)
    if missing:
        message = f"there is no track {min(missing)}"
        raise InvalidRequest(errors=[InvalidField(field="track_ids", message=message)])


def _summary(playlist: PlaylistRow, tracks: int) -> PlaylistSummary:
    return PlaylistSummary(
        id=playlist.id,
        name=playlist.name,
        description=playlist.description,
        created_at=playlist.created_at,
        track_count=tracks,
    )


def _shown(session: Session, playlist: PlaylistRow) -> Playlist:
    track_ids = playlists.track_ids_in(session, playlist.id)
    refs = track_refs(session, track_ids)
    return Playlist(
        **_summary(playlist, len(track_ids)).model_dump(), tracks=[refs[track_id] for track_id in track_ids]
    )
