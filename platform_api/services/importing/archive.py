"""Opens an upload (a ZIP or one bare file) without trusting anything that it says about itself.

Nothing is ever unpacked to disk: entries are read as streams, their bytes counted as they really come out.
"""

import codecs
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from platform_api.core.errors import AppError, TooLarge

MEBIBYTE = 1024 * 1024
LOCAL_HEADER_BYTES = 30
LONGEST_NAME = 500
DIRECTORY_BYTES_PER_ENTRY = 4096
RATIO_IGNORED_BELOW = 8 * MEBIBYTE
READABLE_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
NESTED_ARCHIVES = {".zip", ".gz", ".7z", ".rar", ".tar", ".xz", ".bz2", ".zst"}


class ArchiveRefused(AppError):
    """The upload as a whole cannot be used; nothing of it was imported."""

    status = 422
    title = "This file cannot be imported"


class UnpacksTooLarge(TooLarge):
    title = "Unpacked, this file is too large"


@dataclass(frozen=True)
class ArchiveLimits:
    """What an honest export never reaches. Spotify's own JSON packs about 15 to 1; deflate can do 1,032 to 1."""

    max_entries: int = 500
    max_unpacked_bytes: int = 4096 * MEBIBYTE
    max_ratio: int = 200


@dataclass(frozen=True)
class Entry:
    """A file inside the upload, or the upload itself where it is bare. `unpacked_bytes` is only a claim."""

    name: str
    unpacked_bytes: int
    is_bare: bool = False

    @property
    def base_name(self) -> str:
        return PurePosixPath(self.name).name


class Archive(Protocol):
    """An opened upload."""

    @property
    def entries(self) -> list[Entry]: ...

    def open(self, entry: Entry) -> BinaryIO:
        """A stream of the entry's bytes. Reading raises ArchiveRefused (damage) or UnpacksTooLarge."""
        ...


class _CountedStream(io.RawIOBase):
    """Counts what really comes out of an entry, stops at the limits and turns damage into a refusal."""

    def __init__(self, source: zipfile.ZipExtFile, info: zipfile.ZipInfo, budget: "_Budget") -> None:
        self._source = source
        self._info = info
        self._budget = budget
        self._read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            raise ValueError("an entry is read piece by piece")
        try:
            piece = self._source.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as damage:
            raise ArchiveRefused(f"“{self._info.filename}” is damaged inside the archive.") from damage
        self._read += len(piece)
        self._budget.spend(len(piece), self._read, self._info.compress_size)
        if not piece and size and self._read != self._info.file_size:
            raise ArchiveRefused(f"“{self._info.filename}” is shorter than the archive says.")
        return piece

    def close(self) -> None:
        self._source.close()
        super().close()


class _Budget:
    def __init__(self, limits: ArchiveLimits) -> None:
        self._limits = limits
        self._left = limits.max_unpacked_bytes

    def spend(self, count: int, read_of_entry: int, packed: int) -> None:
        self._left -= count
        if self._left < 0:
            raise UnpacksTooLarge(
                f"It holds more than {self._limits.max_unpacked_bytes // MEBIBYTE} MB unpacked. Nothing was imported."
            )
        if read_of_entry > RATIO_IGNORED_BELOW and read_of_entry > self._limits.max_ratio * max(packed, 1):
            raise UnpacksTooLarge("It unpacks to far more than any listening history does. Nothing was imported.")


class ZipUpload:
    def __init__(self, opened: zipfile.ZipFile, limits: ArchiveLimits) -> None:
        self._zip = opened
        self._limits = limits
        self._infos = {info.filename: info for info in _checked(opened, limits) if not info.is_dir()}
        self._budget = _Budget(limits)

    @property
    def entries(self) -> list[Entry]:
        return [Entry(info.filename, info.file_size) for info in self._infos.values()]

    def open(self, entry: Entry) -> BinaryIO:
        info = self._infos[entry.name]
        try:
            source = self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as damage:
            raise ArchiveRefused(f"“{info.filename}” is damaged inside the archive.") from damage
        assert isinstance(source, zipfile.ZipExtFile)
        return _CountedStream(source, info, self._budget)  # type: ignore[return-value]  # reads bytes, as BinaryIO does


class BareUpload:
    """One bare file, seen as an archive with one entry."""

    def __init__(self, path: Path, file_name: str) -> None:
        self._path = path
        self._entry = Entry(file_name, path.stat().st_size, is_bare=True)

    @property
    def entries(self) -> list[Entry]:
        return [self._entry]

    def open(self, entry: Entry) -> BinaryIO:
        assert entry == self._entry
        return self._path.open("rb")


@contextmanager
def open_upload(path: Path, file_name: str, limits: ArchiveLimits) -> Iterator[Archive]:
    """Opens the upload at `path`; `file_name` is what the listener called it.

    Raises ArchiveRefused or UnpacksTooLarge, before anything is unpacked, for whatever can be known by then.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        if not start.startswith(b"PK"):
            yield _bare_file(path, file_name, start)
            return
        _refuse_large_directory(file, path.stat().st_size, limits)
        try:
            opened = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, UnicodeDecodeError) as damage:
            raise ArchiveRefused("The ZIP file is damaged or incomplete. Please download it again.") from damage
        with opened:
            yield ZipUpload(opened, limits)


def _bare_file(path: Path, file_name: str, start: bytes) -> BareUpload:
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if b"\0" in text and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ArchiveRefused("This is neither a ZIP file nor a file of your listening history.")
    if text.startswith((b"[", b"{")):
        with path.open("rb") as file:
            file.seek(-min(4096, path.stat().st_size), io.SEEK_END)
            if file.read().rstrip()[-1:] not in (b"]", b"}"):
                raise ArchiveRefused("The JSON file ends in the middle. Please download it again.")
    return BareUpload(path, file_name)


def _refuse_large_directory(file: BinaryIO, size: int, limits: ArchiveLimits) -> None:
    """The directory is read into memory as a whole, so its claimed size is looked at first (APPNOTE 4.3.14-16)."""
    file.seek(max(0, size - 22 - 65_535 - 20 - 56))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise ArchiveRefused("The ZIP file is damaged or incomplete. Please download it again.")
    entries, directory_bytes = struct.unpack_from("<HL", tail, at + 10)
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and at - wide >= 56:
        entries, directory_bytes = struct.unpack_from("<QQ", tail, wide + 32)
    if entries > limits.max_entries or directory_bytes > limits.max_entries * DIRECTORY_BYTES_PER_ENTRY:
        raise ArchiveRefused(f"It holds more than {limits.max_entries} files; an export holds a few dozen.")


def _checked(opened: zipfile.ZipFile, limits: ArchiveLimits) -> list[zipfile.ZipInfo]:
    infos = opened.infolist()
    if len(infos) > limits.max_entries:
        raise ArchiveRefused(f"It holds more than {limits.max_entries} files; an export holds a few dozen.")
    if len({info.filename for info in infos}) != len(infos):
        raise ArchiveRefused("Two files inside it have the same name.")
    for info in infos:
        _refuse_suspicious(info)
    if sum(info.file_size for info in infos) > limits.max_unpacked_bytes:
        raise UnpacksTooLarge(
            f"It holds more than {limits.max_unpacked_bytes // MEBIBYTE} MB once unpacked. Nothing was imported."
        )
    end_of_previous = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end_of_previous:
            raise ArchiveRefused("Files inside it overlap, which no honest ZIP does.")
        end_of_previous = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size
    if end_of_previous > opened.start_dir:
        raise ArchiveRefused("Files inside it overlap, which no honest ZIP does.")
    return infos


def _refuse_suspicious(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if len(name) > LONGEST_NAME or "\0" in name or path.is_absolute() or ".." in path.parts or name[1:2] == ":":
        raise ArchiveRefused("A file inside it has a name that points outside of it.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveRefused("It holds a link to another file, which an export never does.")
    if info.flag_bits & 0x1:
        raise ArchiveRefused("It is protected by a password. Please unpack it and bring the JSON files.")
    if info.compress_type not in READABLE_METHODS:
        raise ArchiveRefused("It is packed in a way that exports never are. Please bring the original ZIP.")
    if path.suffix.lower() in NESTED_ARCHIVES:
        raise ArchiveRefused("It holds another archive. Please bring that one instead.")
