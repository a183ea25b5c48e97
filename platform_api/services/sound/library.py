"""The folder of audio files that belongs to this installation, and what its files say they are."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import structlog
from tinytag import TinyTag, TinyTagException

from platform_api.services.importing.verdicts import Item
from platform_api.services.sound.matching import Named, named_by_path
from platform_api.utils.text import name_key

log = structlog.get_logger(__name__)

LONGEST_GENRE, MOST_GENRES = 60, 6
_BETWEEN_GENRES = re.compile(r"[;|\0]|,\s|\s/\s")
_GENRE_NUMBER = re.compile(r"\(?\d{1,3}\)?")
_NO_GENRES = {"other", "unknown", "unknown genre", "undefined", "none", "genre", "misc", "<unknown>", "various"}

SUFFIXES = {".flac", ".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac", ".aif", ".aiff"}
LARGEST_BYTES = 60 * 1024 * 1024
"""The model server takes 64 MiB in one request."""
TOO_LARGE = "It is larger than 60 MB, which is more than the model server takes at once."
UNREADABLE = "Its header cannot be read as audio."
MISNAMED = "It has no artist and title tags, and its file name is not written in UTF-8."
NAMELESS = "It has no artist and title tags, and its file name does not say them (artist - title)."


@dataclass(frozen=True)
class LibraryFile:
    """An audio file that says, by its tags or its name, what it is."""

    path: Path
    name: str
    """Its path within the library."""
    named: Named
    album: str | None
    genres: tuple[str, ...]
    changed_at: datetime
    """When it was written or put there: a file copied with its old time is new here all the same."""

    @property
    def item(self) -> Item:
        return Item(kind="song", uri=None, title=self.named.title, artist=self.named.artist, album=self.album)

    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class LeftOut:
    """A file that cannot be heard, and why, in a sentence."""

    name: str
    reason: str


def audio_paths(library: Path | None) -> list[Path]:
    """Every audio file below the folder, by path; none where there is no folder."""
    if library is None or not library.is_dir():
        return []
    return sorted(path for path in library.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def name_in(library: Path, path: Path) -> str:
    """The file's path within the library, as it can be printed and kept: bytes that are not UTF-8 stand as \\xe9."""
    return os.fsencode(path.relative_to(library).as_posix()).decode(errors="backslashreplace")


def fingerprint(library: Path | None) -> str:
    """Changes when a file is added, removed or written. "" for no files."""
    paths = audio_paths(library)
    if not paths:
        return ""
    digest = hashlib.sha256()
    for path in paths:
        status = path.stat()
        digest.update(os.fsencode(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n"))
    return digest.hexdigest()[:16]


def named_files(library: Path | None) -> Iterator[LibraryFile | LeftOut]:
    """Every audio file of the library: what it says it is, or why it is left out."""
    for path in audio_paths(library):
        assert library is not None
        name = name_in(library, path)
        read = read_names(path, PurePosixPath(name))
        if isinstance(read, LibraryFile) and not read.named.from_tags and name != path.relative_to(library).as_posix():
            read = LeftOut(name, MISNAMED)
        if isinstance(read, LeftOut):
            log.warning("audio file is left out", file=name, reason=read.reason)
        yield read


def read_names(path: Path, name: PurePosixPath) -> LibraryFile | LeftOut:
    """What the file at `path`, known to people as `name`, says it is."""
    try:
        tags = TinyTag.get(path)
        status = path.stat()
    except (TinyTagException, OSError, ValueError):
        return LeftOut(str(name), UNREADABLE)
    if status.st_size > LARGEST_BYTES:
        return LeftOut(str(name), TOO_LARGE)
    duration_ms = round(tags.duration * 1000) if tags.duration else None
    if tags.artist and tags.title:
        named: Named | None = Named(tags.artist, tags.title, duration_ms, from_tags=True)
    else:
        named = named_by_path(name, duration_ms)
    if named is None:
        return LeftOut(str(name), NAMELESS)
    changed_at = datetime.fromtimestamp(max(status.st_mtime, status.st_ctime), UTC)
    return LibraryFile(path, str(name), named, tags.album, genres_in(tags), changed_at)


def genres_in(tags: TinyTag) -> tuple[str, ...]:
    """The genres that a file's tags name, in their order; several may stand in one tag or in several."""
    found: dict[str, str] = {}
    for told in [tags.genre or "", *map(str, tags.other.get("genre", []))]:
        for part in _BETWEEN_GENRES.split(told):
            genre = " ".join(part.split())
            key = name_key(genre)
            if key and len(genre) <= LONGEST_GENRE and key not in _NO_GENRES and not _GENRE_NUMBER.fullmatch(key):
                found.setdefault(key, genre)
    return tuple(found.values())[:MOST_GENRES]
