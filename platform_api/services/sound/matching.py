"""Which tracks of the catalogue a piece of audio belongs to: by its tags, else by its names, else with its length."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from platform_api.crud import sound
from platform_api.crud.sound import NamedSong
from platform_api.utils.text import name_key

SAME_LENGTH_MS = 3_000
"""Encoders pad, and catalogues round."""

_WITH_OTHERS = re.compile(r"\s*[(\[]?\b(?:feat|ft|featuring|with)\b\.?\s.*$", re.IGNORECASE)
_PACKAGING = re.compile(
    r"\s*(?:[(\[]|- )(?:(?:\d{4}\s*)?(?:digital(?:ly)?\s*)?remaster(?:ed)?(?:\s*\d{4})?(?:\s*version)?|album version|"
    r"single version|original mix|original version|mono|stereo|bonus track|explicit|deluxe(?: edition)?)[)\]]?\s*$",
    re.IGNORECASE,
)
_BETWEEN_ARTISTS = re.compile(r"\s*(?:,|;|/| & | x | \+ | and | feat\.? | ft\.? | featuring | with )\s*", re.IGNORECASE)
_VERSION = re.compile(r"\s*(?:[(\[].*[)\]]|- .*)\s*$")
_TRACK_NUMBER = re.compile(r"^(?:\d{1,2}[-.])?\d{1,3}\s*[-._)]?\s+")


@dataclass(frozen=True)
class Named:
    """What a piece of audio says it is."""

    artist: str
    title: str
    duration_ms: int | None
    from_tags: bool


@dataclass(frozen=True)
class Match:
    """Tracks and why: `tags` and `names` are equal names, `duration` a looser name and the same length."""

    track_ids: list[int]
    by: str


def plain(name: str) -> str:
    """A name without marks, punctuation, guests and packaging, for comparing.

    >>> plain("Señorita (feat. Someone) - Remastered 2011")
    'senorita'
    >>> plain("Stay - Live")
    'stay live'
    """
    bare = _PACKAGING.sub("", _WITH_OTHERS.sub("", _PACKAGING.sub("", name)))
    letters = unicodedata.normalize("NFKD", bare.casefold())
    kept = "".join(each for each in letters if not unicodedata.combining(each))
    words = " ".join("".join(each if each.isalnum() else " " for each in kept).split())
    return words or name_key(name)


def base_title(name: str) -> str:
    """The same without any version behind it; only with an equal length is it the same recording.

    >>> base_title("Stay - Live at Home")
    'stay'
    """
    return plain(_VERSION.sub("", name)) or plain(name)


def artist_keys(artist: str) -> list[str]:
    """The catalogue keys that an artist tag may mean: the whole of it, and whoever is named first.

    >>> artist_keys("Nina & The Fog feat. Bo")
    ['artist:nina & the fog feat. bo', 'artist:nina', 'artist:nina & the fog']
    """
    first = _BETWEEN_ARTISTS.split(artist, maxsplit=1)[0]
    whole = _WITH_OTHERS.sub("", artist)
    return list(dict.fromkeys(f"artist:{name_key(each)}" for each in (artist, first, whole) if name_key(each)))


def named_by_path(path: PurePosixPath, duration_ms: int | None = None) -> Named | None:
    """What a file without tags says by where it lies: "artist - title", or artist / album / title.

    >>> named_by_path(PurePosixPath("Nina - Fog.mp3"))
    Named(artist='Nina', title='Fog', duration_ms=None, from_tags=False)
    >>> named_by_path(PurePosixPath("Nina/Mist/03 - Fog.mp3"))
    Named(artist='Nina', title='Fog', duration_ms=None, from_tags=False)
    >>> named_by_path(PurePosixPath("recording.mp3")) is None
    True
    """
    stem = _TRACK_NUMBER.sub("", path.stem.replace("_", " ").strip()).strip()
    parts = [part.strip() for part in stem.split(" - ") if part.strip()]
    if len(parts) >= 2:
        return Named(parts[0], _TRACK_NUMBER.sub("", parts[-1]).strip(), duration_ms, False)
    if len(path.parts) >= 3 and stem:
        return Named(path.parts[-3], stem, duration_ms, False)
    return None


def match(session: Session, named: Named) -> Match | None:
    """Equal artist and title; else equal but for spelling, guests and packaging; else a version of equal length."""
    keys = artist_keys(named.artist)
    exact = sound.tracks_named(session, f"artist:{name_key(named.artist)}", name_key(named.title))
    if exact:
        return Match(exact, "tags" if named.from_tags else "names")
    songs = sound.songs_by(session, keys)
    alike = [song for song in songs if plain(song.name_key) == plain(named.title) and not _differs(song, named)]
    if alike:
        return Match([song.id for song in _nearest_length(alike, named)], "names")
    wanted = base_title(named.title)
    as_long = [song for song in songs if base_title(song.name_key) == wanted and _as_long(song, named)]
    return Match([song.id for song in as_long], "duration") if as_long else None


def _differs(song: NamedSong, named: Named) -> bool:
    """Both lengths are known and far apart: another recording of that name."""
    known = song.duration_ms is not None and named.duration_ms is not None
    return known and not _as_long(song, named, 5 * SAME_LENGTH_MS)


def _as_long(song: NamedSong, named: Named, within_ms: int = SAME_LENGTH_MS) -> bool:
    if song.duration_ms is None or named.duration_ms is None:
        return False
    return abs(song.duration_ms - named.duration_ms) <= within_ms


def _nearest_length(songs: Iterable[NamedSong], named: Named) -> list[NamedSong]:
    """All of them, or those of the same length where some are."""
    found = list(songs)
    return [song for song in found if _as_long(song, named)] or found
