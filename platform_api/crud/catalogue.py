"""Questions about artists, albums and tracks, which all listeners share."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.orm import Session, aliased

from platform_api.models import Album, Artist, CatalogueVersion, Track, TrackArtist


class CatalogueEntry(NamedTuple):
    """A track as some export names it. An empty `name_key` means that its title is not known."""

    key: str
    kind: str
    name: str
    name_key: str
    artist_key: str
    artist_kind: str
    artist_name: str
    album_name: str | None
    album_name_key: str | None


class KnownTrack(NamedTuple):
    id: int
    kind: str


class TrackRow(NamedTuple):
    """A track with the names that every page shows beside it."""

    id: int
    key: str
    kind: str
    name: str
    artist_id: int
    artist_name: str
    album_id: int | None
    album_name: str | None
    duration_ms: int | None
    cover_url: str | None


# Every statement inserts in the order of its keys: two imports that bring the same new artists wait for each other in
# that order and cannot deadlock. What is there already is left out before, so re-imports take no locks at all.
_NEW_ARTISTS = text("""
    INSERT INTO artists (key, kind, name)
    SELECT new.key, new.kind, new.name
    FROM unnest(CAST(:keys AS text[]), CAST(:kinds AS text[]), CAST(:names AS text[])) AS new (key, kind, name)
    WHERE NOT EXISTS (SELECT FROM artists WHERE artists.key = new.key)
    ORDER BY new.key
    ON CONFLICT (key) DO NOTHING
""")
_NEW_ALBUMS = text("""
    INSERT INTO albums (artist_id, name, name_key)
    SELECT artists.id, new.name, new.name_key
    FROM unnest(CAST(:artist_keys AS text[]), CAST(:names AS text[]), CAST(:name_keys AS text[]))
         AS new (artist_key, name, name_key)
    JOIN artists ON artists.key = new.artist_key
    WHERE NOT EXISTS (SELECT FROM albums WHERE albums.artist_id = artists.id AND albums.name_key = new.name_key)
    ORDER BY new.artist_key, new.name_key
    ON CONFLICT (artist_id, name_key) DO NOTHING
""")
_NAMED_TRACKS = """
    SELECT new.key, new.kind, new.name, new.name_key, artists.id AS artist_id, albums.id AS album_id
    FROM unnest(CAST(:keys AS text[]), CAST(:kinds AS text[]), CAST(:names AS text[]), CAST(:name_keys AS text[]),
                CAST(:artist_keys AS text[]), CAST(:album_name_keys AS text[]))
         AS new (key, kind, name, name_key, artist_key, album_name_key)
    JOIN artists ON artists.key = new.artist_key
    LEFT JOIN albums ON albums.artist_id = artists.id AND albums.name_key = new.album_name_key
"""
_NEW_TRACKS = text(f"""
    WITH named AS ({_NAMED_TRACKS}),
    added AS (
        INSERT INTO tracks (key, kind, name, name_key, artist_id, album_id)
        SELECT key, kind, name, name_key, artist_id, album_id FROM named
        WHERE NOT EXISTS (SELECT FROM tracks WHERE tracks.key = named.key)
        ORDER BY key
        ON CONFLICT (key) DO NOTHING
        RETURNING id, artist_id
    )
    INSERT INTO track_artists (track_id, artist_id, position) SELECT id, artist_id, 0 FROM added
""")
_NAME_UNNAMED = text(f"""
    WITH named AS ({_NAMED_TRACKS}),
    unnamed AS MATERIALIZED (
        SELECT tracks.id FROM tracks JOIN named ON named.key = tracks.key
        WHERE tracks.name_key = '' AND named.name_key <> '' ORDER BY tracks.id FOR NO KEY UPDATE OF tracks
    )
    UPDATE tracks
    SET name = named.name, name_key = named.name_key, artist_id = named.artist_id, album_id = named.album_id
    FROM named, unnamed
    WHERE tracks.key = named.key AND tracks.id = unnamed.id
    RETURNING tracks.id
""")
_CREDIT_AGAIN = text("""
    WITH gone AS (DELETE FROM track_artists WHERE track_id = ANY(CAST(:ids AS bigint[])) AND position = 0)
    INSERT INTO track_artists (track_id, artist_id, position)
    SELECT id, artist_id, 0 FROM tracks WHERE id = ANY(CAST(:ids AS bigint[]))
    ON CONFLICT (track_id, artist_id) DO UPDATE SET position = 0
""")


def add_missing_tracks(session: Session, entries: Sequence[CatalogueEntry]) -> list[int]:
    """Adds what is not in the catalogue yet, and names tracks that were there without a name.

    Returns the ids of tracks that got their name now: their artist is another one, who may be hidden.
    """
    artists = {entry.artist_key: entry for entry in entries}
    session.execute(
        _NEW_ARTISTS,
        {
            "keys": list(artists),
            "kinds": [entry.artist_kind for entry in artists.values()],
            "names": [entry.artist_name for entry in artists.values()],
        },
    )
    albums = {
        (entry.artist_key, entry.album_name_key): entry.album_name for entry in entries if entry.album_name is not None
    }
    session.execute(
        _NEW_ALBUMS,
        {
            "artist_keys": [artist_key for artist_key, _ in albums],
            "names": list(albums.values()),
            "name_keys": [name_key for _, name_key in albums],
        },
    )
    tracks = {entry.key: entry for entry in sorted(entries, key=lambda entry: (bool(entry.name_key), entry.name))}
    columns = {
        "keys": list(tracks),
        "kinds": [entry.kind for entry in tracks.values()],
        "names": [entry.name for entry in tracks.values()],
        "name_keys": [entry.name_key for entry in tracks.values()],
        "artist_keys": [entry.artist_key for entry in tracks.values()],
        "album_name_keys": [entry.album_name_key for entry in tracks.values()],
    }
    session.execute(_NEW_TRACKS, columns)
    named = list(session.scalars(_NAME_UNNAMED, columns))
    if named:
        session.execute(_CREDIT_AGAIN, {"ids": named})
    return named


def tracks_by_key(session: Session, keys: Iterable[str]) -> dict[str, KnownTrack]:
    found = session.execute(text("SELECT key, id, kind FROM tracks WHERE key = ANY(:keys)"), {"keys": list(keys)})
    return {key: KnownTrack(track_id, kind) for key, track_id, kind in found}


def artists_by_key(session: Session, names: Mapping[str, str]) -> dict[str, int]:
    """The ids of these artists (key → name), made where they are missing. The kind stands before the key's colon."""
    kinds = [key.partition(":")[0] for key in names]
    session.execute(_NEW_ARTISTS, {"keys": list(names), "kinds": kinds, "names": list(names.values())})
    found = session.execute(text("SELECT key, id FROM artists WHERE key = ANY(:keys)"), {"keys": list(names)})
    return dict(found.all())


def track_rows(session: Session, ids: Iterable[int]) -> dict[int, TrackRow]:
    """The named tracks by id; ids that do not exist are left out."""
    found = session.execute(_track_rows().where(Track.id.in_(list(ids))))
    return {row.id: row for row in map(TrackRow._make, found)}


def track_row(session: Session, track_id: int) -> TrackRow | None:
    return track_rows(session, [track_id]).get(track_id)


def track_count(session: Session) -> int:
    """How many tracks of any kind there are."""
    return session.scalar(select(func.count()).select_from(Track)) or 0


def version(session: Session) -> int:
    """Another one after every change of what is known about tracks: lengths, release dates, credits."""
    return session.scalar(select(CatalogueVersion.version)) or 0


def raise_version(session: Session) -> None:
    """Call it last: whoever changes the catalogue waits here for those who do at the same time."""
    session.execute(update(CatalogueVersion).values(version=CatalogueVersion.version + 1))


def artist_by_id(session: Session, artist_id: int) -> Artist | None:
    return session.get(Artist, artist_id)


def tracks_of_artist(session: Session, artist_id: int, limit: int) -> list[TrackRow]:
    """The artist's tracks by name, songs first."""
    order = (Track.kind != "song", Track.name_key, Track.id)
    found = session.execute(_track_rows().where(Track.artist_id == artist_id).order_by(*order).limit(limit))
    return [TrackRow._make(row) for row in found]


def _track_rows() -> Select[*tuple[Any, ...]]:
    album = aliased(Album)
    shown = (
        Track.id, Track.key, Track.kind, Track.name, Artist.id, Artist.name, album.id, album.name, Track.duration_ms,
        album.cover_url,
    )  # fmt: skip
    return select(*shown).join(Artist, Artist.id == Track.artist_id).outerjoin(album, album.id == Track.album_id)


class AlbumRow(NamedTuple):
    id: int
    name: str
    artist_id: int
    artist_name: str
    artist_kind: str
    release_date: date | None
    cover_url: str | None


def album_rows(session: Session, ids: Iterable[int]) -> dict[int, AlbumRow]:
    shown = (Album.id, Album.name, Artist.id, Artist.name, Artist.kind, Album.release_date, Album.cover_url)
    found = session.execute(select(*shown).join(Artist, Artist.id == Album.artist_id).where(Album.id.in_(list(ids))))
    return {row[0]: AlbumRow._make(row) for row in found}


def credited_artists(session: Session, track_id: int) -> list[tuple[int, str]]:
    """(id, name) of every artist credited with the track, the main one first."""
    credited = (
        select(Artist.id, Artist.name)
        .join(TrackArtist, TrackArtist.artist_id == Artist.id)
        .where(TrackArtist.track_id == track_id)
        .order_by(TrackArtist.position, Artist.id)
    )
    return [(id_, name) for id_, name in session.execute(credited)]


def guest_tracks(session: Session, artist_id: int) -> list[int]:
    """Tracks filed under somebody else that credit this artist."""
    credited = (
        select(Track.id)
        .join(TrackArtist, TrackArtist.track_id == Track.id)
        .where(TrackArtist.artist_id == artist_id, Track.artist_id != artist_id)
        .order_by(Track.id)
    )
    return list(session.scalars(credited))


def versions_of(session: Session, track_id: int, limit: int) -> list[int]:
    """Other songs of the same artist whose title begins as this one's, up to its first bracket or dash: live, remixes,
    acoustic and the like. For showing beside each other, never for counting."""
    found = session.scalars(
        text("""
            WITH this AS (
                SELECT id, artist_id, btrim(regexp_replace(search_key, '\\s*([(\\[]|\\s[-–]\\s).*$', '')) AS title
                FROM tracks WHERE id = :id AND kind = 'song'
            )
            SELECT t.id FROM this JOIN tracks t ON t.artist_id = this.artist_id AND t.id <> this.id
            WHERE this.title <> '' AND t.kind = 'song'
              AND btrim(regexp_replace(t.search_key, '\\s*([(\\[]|\\s[-–]\\s).*$', '')) = this.title
            ORDER BY t.id LIMIT :limit
        """),
        {"id": track_id, "limit": limit},
    )
    return list(found)
