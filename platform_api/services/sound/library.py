"""The folder of audio files that belongs to this installation, and what the tags of its files say."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from tinytag import TinyTag, TinyTagException

from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.importing.verdicts import Item

log = structlog.get_logger(__name__)

SUFFIXES = {".flac", ".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac", ".aif", ".aiff"}
LARGEST_BYTES = 60 * 1024 * 1024
"""The model server takes 64 MiB in one request."""


@dataclass(frozen=True)
class LibraryFile:
    """An audio file whose tags name an artist and a title."""

    path: Path
    item: Item
    changed_at: datetime

    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def audio_paths(library: Path | None) -> list[Path]:
    """Every audio file below the folder, by path; none where there is no folder."""
    if library is None or not library.is_dir():
        return []
    return sorted(path for path in library.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def fingerprint(library: Path | None) -> str:
    """Changes when a file is added, removed or written. "" for no files."""
    paths = audio_paths(library)
    if not paths:
        return ""
    digest = hashlib.sha256()
    for path in paths:
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def tagged_files(library: Path | None) -> Iterator[LibraryFile]:
    """The files that say what they are; the others are named in the log and left out."""
    for path in audio_paths(library):
        try:
            tags = TinyTag.get(path)
            status = path.stat()
        except (TinyTagException, OSError) as error:
            log.warning("audio file is unreadable", file=path.name, error=str(error))
            continue
        if not tags.artist or not tags.title:
            log.warning("audio file has no artist and title tags", file=path.name)
        elif status.st_size > LARGEST_BYTES:
            log.warning("audio file is too large to be heard", file=path.name, bytes=status.st_size)
        else:
            item = Item(kind="song", uri=None, title=tags.title, artist=tags.artist, album=tags.album)
            yield LibraryFile(path, item, datetime.fromtimestamp(status.st_mtime, UTC))


def artist_and_title(file: LibraryFile) -> tuple[str, str]:
    """(artist key, title key) by the same rule that names tracks at import."""
    entry = catalogue_entry(file.item)
    return entry.artist_key, entry.name_key
