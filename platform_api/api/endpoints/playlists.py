"""One's playlists."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import CurrentUser, NoAccountYet, OnceDep, SessionDep, limit
from platform_api.api.parameters import Id
from platform_api.core.errors import NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.playlists import AddedTracks, NewPlaylist, Playlist, PlaylistChange, Playlists
from platform_api.services import playlists
from platform_api.services.kept_answers import StillUnderWay

router = APIRouter(prefix="/playlists", tags=["playlists"], responses=problems(NotSignedIn, NoAccountYet))
not_there = problems(NotFound)


@router.get("")
def list_playlists(user: CurrentUser, session: SessionDep) -> Playlists:
    return playlists.my_playlists(session, user)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(playlists.TooManyPlaylists, StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("make playlists", 120, 3600))],
)
def make_playlist(user: CurrentUser, session: SessionDep, once: OnceDep, new: NewPlaylist) -> Playlist:
    """With these tracks, in this order."""
    return once.answer(session, user.id, Playlist, lambda: playlists.make_playlist(session, user, new))


@router.get("/{playlist_id}", responses=not_there)
def read_playlist(user: CurrentUser, session: SessionDep, playlist_id: Id) -> Playlist:
    return playlists.read_playlist(session, user, playlist_id)


@router.patch("/{playlist_id}", responses=problems(NotFound, playlists.AnotherOrder))
def change_playlist(user: CurrentUser, session: SessionDep, playlist_id: Id, change: PlaylistChange) -> Playlist:
    return playlists.change_playlist(session, user, playlist_id, change)


@router.post(
    "/{playlist_id}/tracks",
    responses=problems(NotFound, playlists.PlaylistFull, StillUnderWay, TooManyRequests),
    dependencies=[Depends(limit("add to playlists", 600, 3600))],
)
def add_to_playlist(
    user: CurrentUser, session: SessionDep, once: OnceDep, playlist_id: Id, added: AddedTracks
) -> Playlist:
    """At its end; what is there stays, also what came meanwhile."""
    return once.answer(session, user.id, Playlist, lambda: playlists.add_tracks(session, user, playlist_id, added))


@router.delete("/{playlist_id}", status_code=status.HTTP_204_NO_CONTENT, responses=not_there)
def delete_playlist(user: CurrentUser, session: SessionDep, playlist_id: Id) -> None:
    playlists.delete_playlist(session, user, playlist_id)
