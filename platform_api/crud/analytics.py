"""What the catalogue knows about the things a listener played, many at once."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from platform_api.models import Album, Artist

TopKind = Literal["tracks", "artists", "albums", "podcasts", "audiobooks"]
Measure = Literal["listens", "time"]


class DayRange(NamedTuple):
    """Local days, both included."""

    first: date
    last: date


class TrackFacts(NamedTuple):
    """`release_year` is the album's; None where the catalogue does not know."""

    id: int
    artist_id: int
    album_id: int | None
    duration_ms: int | None
    release_year: int | None


class AlbumName(NamedTuple):
    id: int
    name: str
    artist_id: int
    artist_name: str


_FACTS = text("""
    SELECT tracks.id, tracks.artist_id, tracks.album_id, tracks.duration_ms,
           extract(year FROM albums.release_date)::int
    FROM tracks LEFT JOIN albums ON albums.id = tracks.album_id WHERE tracks.id = ANY(:ids)
""")


def track_facts(session: Session, ids: Sequence[int]) -> list[TrackFacts]:
    return [TrackFacts._make(row) for row in session.execute(_FACTS, {"ids": list(ids)})]


def artist_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    return dict(session.execute(select(Artist.id, Artist.name).where(Artist.id.in_(list(ids)))).all())


def album_names(session: Session, ids: Iterable[int]) -> dict[int, AlbumName]:
    question = select(Album.id, Album.name, Artist.id, Artist.name).join(Artist).where(Album.id.in_(list(ids)))
    return {row[0]: AlbumName._make(row) for row in session.execute(question)}
