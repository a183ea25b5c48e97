"""The names of what a list holds, in one statement however long it is."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from platform_api.crud import analytics, catalogue
from platform_api.crud.analytics import TopKind
from platform_api.schemas.tracks import NamedRef


class Named(NamedTuple):
    id: int
    name: str
    artist: NamedRef | None
    album: str | None
    cover_url: str | None = None


def names(session: Session, kind: TopKind, ids: Collection[int]) -> dict[int, Named]:
    if kind == "tracks":
        rows = catalogue.track_rows(session, ids).values()
        return {
            row.id: Named(row.id, row.name, _ref(row.artist_id, row.artist_name), row.album_name, row.cover_url)
            for row in rows
        }
    if kind in ("artists", "guests", "podcasts"):
        return {id_: Named(id_, name, None, None) for id_, name in analytics.artist_names(session, ids).items()}
    albums = analytics.album_names(session, ids).values()
    return {
        row.id: Named(row.id, row.name, _ref(row.artist_id, row.artist_name), None, row.cover_url) for row in albums
    }


def _ref(artist_id: int, name: str) -> NamedRef:
    return NamedRef(id=artist_id, name=name)
