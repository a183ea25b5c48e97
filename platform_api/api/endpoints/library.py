"""The whole story of a track, an artist or an album with the listener, and search over everything they played."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from platform_api.api.deps import CacheDep, CurrentUser, NoAccountYet, SessionDep
from platform_api.api.parameters import Id
from platform_api.core.errors import NotFound, NotSignedIn, problems
from platform_api.crud import catalogue
from platform_api.schemas.library import AlbumDetail, AlbumStory, ArtistStory, LibrarySearch, TrackStory
from platform_api.services.analytics.search import search
from platform_api.services.sound import stories

router = APIRouter(tags=["library"], responses=problems(NotSignedIn, NoAccountYet, NotFound))


@router.get("/tracks/{track_id}/story", response_model=TrackStory)
def read_track_story(user: CurrentUser, session: SessionDep, cache: CacheDep, track_id: Id) -> Response:
    """Everything that the listener's plays say about a track."""
    track = catalogue.track_row(session, track_id)
    if track is None:
        raise NotFound
    key = {"track": track_id, "zone": user.time_zone}
    told = cache.cached_json(user, "track-story", key, lambda: stories.track_story(session, user, track))
    return Response(told, media_type="application/json")


@router.get("/artists/{artist_id}/story", response_model=ArtistStory)
def read_artist_story(user: CurrentUser, session: SessionDep, cache: CacheDep, artist_id: Id) -> Response:
    """Everything that the listener's plays say about an artist."""
    artist = catalogue.artist_by_id(session, artist_id)
    if artist is None:
        raise NotFound
    key = {"artist": artist_id, "zone": user.time_zone}
    told = cache.cached_json(user, "artist-story", key, lambda: stories.artist_story(session, user, artist))
    return Response(told, media_type="application/json")


@router.get("/albums/{album_id}")
def read_album(user: CurrentUser, session: SessionDep, album_id: Id) -> AlbumDetail:
    """An album, the listener's own story with it, and its tracks, the most listened first."""
    album = catalogue.album_rows(session, [album_id]).get(album_id)
    if album is None:
        raise NotFound
    return stories.album_detail(session, user, album)


@router.get("/albums/{album_id}/story", response_model=AlbumStory)
def read_album_story(user: CurrentUser, session: SessionDep, cache: CacheDep, album_id: Id) -> Response:
    """Everything that the listener's plays say about an album."""
    album = catalogue.album_rows(session, [album_id]).get(album_id)
    if album is None:
        raise NotFound
    key = {"album": album_id, "zone": user.time_zone}
    told = cache.cached_json(user, "album-story", key, lambda: stories.album_story(session, user, album))
    return Response(told, media_type="application/json")


@router.get("/library/search", response_model=LibrarySearch)
def search_library(
    user: CurrentUser,
    session: SessionDep,
    cache: CacheDep,
    q: Annotated[str, Query(max_length=200, description="words; case and accents do not matter")],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Tracks, artists and albums among what the listener has played."""
    key = {"q": " ".join(q.split()), "limit": limit}
    told = cache.cached_json(user, "library-search", key, lambda: search(session, user, q.replace("\0", ""), limit))
    return Response(told, media_type="application/json")
