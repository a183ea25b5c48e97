"""Search over one's own library."""

from sqlalchemy.orm import Session

from platform_api.crud import library
from platform_api.crud.library import Match
from platform_api.models import User
from platform_api.schemas.library import FoundNamed, LibrarySearch, TrackInLibrary
from platform_api.schemas.tracks import NamedRef
from platform_api.services.analytics.discoveries import moment
from platform_api.services.analytics.history import history_of
from platform_api.services.sound.references import track_refs


def search(session: Session, user: User, typed: str, limit: int) -> LibrarySearch:
    """What of the listener's plays carries these words, with how often and when last."""
    history = history_of(session, user)
    last = history.per_track() * 0
    last[history.track] = history.started_ms
    found = library.search(
        session,
        typed,
        ids=history.track_ids.tolist(),
        listens=history.per_track(history.is_listen).tolist(),
        plays=history.per_track().tolist(),
        last_ms=last.tolist(),
        limit=limit,
    )
    tracks = [each for each in found if each.kind == "track"]
    refs = track_refs(session, [each.id for each in tracks])
    return LibrarySearch(
        tracks=[
            TrackInLibrary(
                track=refs[each.id], listens=each.listens, plays=each.plays, last_played_at=moment(each.last_ms)
            )
            for each in tracks
        ],
        artists=[_named(each) for each in found if each.kind == "artist"],
        albums=[_named(each) for each in found if each.kind == "album"],
    )


def _named(match: Match) -> FoundNamed:
    artist = None
    if match.artist_id is not None and match.artist_name is not None:
        artist = NamedRef(id=match.artist_id, name=match.artist_name)
    return FoundNamed(
        id=match.id,
        name=match.name,
        artist=artist,
        listens=match.listens,
        plays=match.plays,
        last_played_at=moment(match.last_ms),
    )
