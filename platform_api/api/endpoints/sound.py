"""Tracks and artists: one's own story with them, and what sounds alike."""

from fastapi import APIRouter

from platform_api.api.deps import CurrentUser, InferenceDep, NoAccountYet, SessionDep
from platform_api.api.parameters import Id, PageSize
from platform_api.core.errors import NotFound, NotSignedIn, problems
from platform_api.crud import catalogue
from platform_api.schemas.sound import ArtistDetail, SimilarTracks, TrackDetail
from platform_api.services.sound.details import artist_detail, track_detail
from platform_api.services.sound.hearing import MODEL
from platform_api.services.sound.similar import similar_tracks

router = APIRouter(tags=["sound"], responses=problems(NotSignedIn, NoAccountYet, NotFound))


@router.get("/tracks/{track_id}")
def read_track(user: CurrentUser, session: SessionDep, track_id: Id) -> TrackDetail:
    """A track and the listener's own story with it."""
    track = catalogue.track_row(session, track_id)
    if track is None:
        raise NotFound
    return track_detail(session, user.id, track)


@router.get("/tracks/{track_id}/similar")
def read_similar_tracks(
    _: CurrentUser, session: SessionDep, inference: InferenceDep, track_id: Id, limit: PageSize = 20
) -> SimilarTracks:
    """Tracks that sound like this one, nearest first. Where it was never heard: more by the same artist, saying so."""
    track = catalogue.track_row(session, track_id)
    if track is None:
        raise NotFound
    return similar_tracks(session, track, inference.current_version(MODEL), limit)


@router.get("/artists/{artist_id}")
def read_artist(user: CurrentUser, session: SessionDep, artist_id: Id) -> ArtistDetail:
    """An artist, the listener's own story with them, and their tracks, the most listened first."""
    artist = catalogue.artist_by_id(session, artist_id)
    if artist is None:
        raise NotFound
    return artist_detail(session, user.id, artist)
