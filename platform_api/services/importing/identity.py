"""Which track a row means: the key that names it on every wire."""

import hashlib
import re

from platform_api.crud.catalogue import CatalogueEntry
from platform_api.services.importing.verdicts import Item
from platform_api.utils.text import NAME_KEY_CHARACTERS, name_key

SPOTIFY_URI = re.compile(r"spotify:(?:track|episode|chapter|show|audiobook):[0-9A-Za-z]{22}")
ARTIST_KINDS = {"song": "artist", "episode": "show", "chapter": "author"}
UNKNOWN_TITLE = "Unknown title"
UNKNOWN_ARTISTS = {"song": "Unknown artist", "episode": "Unknown show", "chapter": "Unknown author"}


def catalogue_entry(item: Item) -> CatalogueEntry:
    """The Spotify URI names a track; a row without one is named by its artist and title, whatever their spelling."""
    title = item.title or UNKNOWN_TITLE
    title_key = name_key(item.title or "")
    artist = item.artist or UNKNOWN_ARTISTS[item.kind]
    artist_key = name_key(artist) or name_key(UNKNOWN_ARTISTS[item.kind])
    artist_kind = ARTIST_KINDS[item.kind]
    album_key = name_key(item.album or "")
    return CatalogueEntry(
        key=_track_key(item.uri, artist_key, title_key),
        kind=item.kind,
        name=title,
        name_key=title_key,
        artist_key=f"{artist_kind}:{artist_key}",
        artist_kind=artist_kind,
        artist_name=artist,
        album_name=item.album if album_key else None,
        album_name_key=album_key or None,
    )


def _track_key(uri: str | None, artist_key: str, title_key: str) -> str:
    if uri is not None and (SPOTIFY_URI.fullmatch(uri) or not title_key):
        return uri if len(uri) <= NAME_KEY_CHARACTERS else "uri:" + _digest(uri)
    return "name:" + _digest(f"{artist_key}\n{title_key}")


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
