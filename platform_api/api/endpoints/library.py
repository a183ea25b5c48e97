"""The whole story of a track, an artist or an album with the listener, and search over everything they played."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from platform_api.api.deps import CacheDep, CurrentUser, NoAccountYet, SessionDep
from platform_api.api.endpoints.analysis import DuringDep, SpanText
from platform_api.api.parameters import Id
from platform_api.core.errors import NotFound, NotSignedIn, problems
from platform_api.crud import catalogue, told
from platform_api.models import User
from platform_api.schemas.library import AlbumDetail, AlbumStory, ArtistStory, LibrarySearch, TrackStory
from platform_api.services.analytics import questions
from platform_api.services.analytics.search import search
from platform_api.services.analytics.spans import Span, SpanNotUnderstood, parse_span
from platform_api.services.sound import stories
from platform_api.utils.cache import Cache

About = TypeVar("About")

router = APIRouter(tags=["library"], responses=problems(NotSignedIn, NoAccountYet, NotFound, SpanNotUnderstood))


class Stories:
    """The whole story of something, from the cache where this listener asked for it before on the same data."""

    def __init__(self, user: User, session: Session, cache: Cache) -> None:
        self.user, self.session, self._cache = user, session, cache

    def tell(
        self,
        kind: str,
        id_: int,
        about: About | None,
        span: str,
        story: Callable[[Session, User, About, Span | None], BaseModel],
    ) -> Response:
        """Raises NotFound where there is nothing to tell about, SpanNotUnderstood."""
        if about is None:
            raise NotFound
        session, user = self.session, self.user
        today = questions.today_of(user)
        parse_span(span, today, None)
        key = {kind: id_, "zone": user.time_zone, "catalogue": catalogue.version(session), "span": span, "today": today}

        def whole() -> BaseModel:
            resolved = None if span == "all" else questions.resolve(session, user, span)
            return story(session, user, about, resolved)

        return Response(self._cache.cached_json(user, f"{kind}-story", key, whole), media_type="application/json")


async def telling(user: CurrentUser, session: SessionDep, cache: CacheDep) -> Stories:
    return Stories(user, session, cache)


StoriesDep = Annotated[Stories, Depends(telling)]


@router.get("/tracks/{track_id}/story", response_model=TrackStory)
def read_track_story(of: StoriesDep, track_id: Id, span: SpanText = "all") -> Response:
    """Everything that the listener's plays say about a track."""
    return of.tell("track", track_id, told.track(of.session, of.user.id, track_id), span, stories.track_story)


@router.get("/artists/{artist_id}/story", response_model=ArtistStory)
def read_artist_story(of: StoriesDep, artist_id: Id, span: SpanText = "all") -> Response:
    """Everything that the listener's plays say about an artist."""
    return of.tell("artist", artist_id, told.artist(of.session, of.user.id, artist_id), span, stories.artist_story)


@router.get("/albums/{album_id}/story", response_model=AlbumStory)
def read_album_story(of: StoriesDep, album_id: Id, span: SpanText = "all") -> Response:
    """Everything that the listener's plays say about an album."""
    return of.tell("album", album_id, told.album(of.session, of.user.id, album_id), span, stories.album_story)


@router.get("/albums/{album_id}")
def read_album(user: CurrentUser, session: SessionDep, album_id: Id, during: DuringDep) -> AlbumDetail:
    """An album, the listener's own story with it within a span, and its tracks, the most listened first."""
    album = told.album(session, user.id, album_id)
    if album is None:
        raise NotFound
    return stories.album_detail(session, user, album, during)


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
    answer = cache.cached_json(user, "library-search", key, lambda: search(session, user, q.replace("\0", ""), limit))
    return Response(answer, media_type="application/json")
