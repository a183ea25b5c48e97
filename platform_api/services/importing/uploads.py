"""Receives an upload: streamed to disk, capped by the bytes that really arrive, hashed, renamed when it is whole."""

import asyncio
import errno
import hashlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool

from platform_api.core.errors import AppError, StoreFull, TooLarge
from platform_api.crud.imports import NewFile
from platform_api.services.importing.archive import Archive, ArchiveLimits, open_upload
from platform_api.services.importing.formats import FoundFile, find_history
from platform_api.services.importing.layouts import as_text, layout_of
from platform_api.services.importing.rows import NotAListOfRows

WRITE_BYTES = 1024 * 1024
READ_BYTES = 1024 * 1024
MEBIBYTE = 1024 * 1024


class UploadTooLarge(TooLarge):
    title = "This file is too large"


class UploadTooSlow(AppError):
    status = 408
    title = "The upload stood still"
    detail = "Too little of the file arrived for a while. Nothing was imported; please try again."


class EmptyUpload(AppError):
    status = 422
    title = "This file is empty"
    detail = "No bytes arrived. Please choose the ZIP file or a JSON file of your listening history."


@dataclass(frozen=True)
class Pace:
    """What must arrive at least: `min_bytes` in every `window_s` seconds. And how fast it is taken at most, so that one
    sender leaves room for others: the first `first_bytes`, a long history unpacked (250,000 plays are 210 MB), as fast
    as most networks are, and what comes after them slower.
    """

    window_s: float = 20.0
    min_bytes: int = 64 * 1024
    first_bytes: int = 256 * MEBIBYTE
    first_per_s: int = 96 * MEBIBYTE
    then_per_s: int = 24 * MEBIBYTE

    def shortest_s(self, size: int) -> float:
        """How long so many bytes take at least."""
        return min(size, self.first_bytes) / self.first_per_s + max(0, size - self.first_bytes) / self.then_per_s


@dataclass(frozen=True)
class StoredUpload:
    """A whole upload on disk, under a name of ours."""

    path: Path
    bytes: int
    sha256: str


async def receive(
    stream: AsyncIterator[bytes], folder: Path, max_bytes: int, stated_bytes: int | None, pace: Pace
) -> StoredUpload:
    """Raises UploadTooLarge, UploadTooSlow, EmptyUpload or StoreFull; the partial file is gone by then."""
    if stated_bytes is not None and stated_bytes > max_bytes:
        raise _too_large(max_bytes)
    name = uuid.uuid4().hex
    incoming = folder / "incoming"
    partial = incoming / name
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            size, digest = await _write(stream, file, max_bytes, pace)
        if size == 0:
            raise EmptyUpload
        partial.rename(folder / name)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull from error
        raise
    finally:
        # taking a gigabyte off the disk holds whoever does it for 60 ms; also done when this is cancelled
        await asyncio.shield(asyncio.to_thread(_forget, partial))
    return StoredUpload(folder / name, size, digest)


def _forget(partial: Path) -> None:
    with suppress(OSError):
        partial.unlink(missing_ok=True)


async def _write(stream: AsyncIterator[bytes], file: BinaryIO, max_bytes: int, pace: Pace) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    waiting = bytearray()
    loop = asyncio.get_running_loop()
    began = loop.time()

    def flush(piece: bytes) -> None:
        digest.update(piece)
        file.write(piece)

    async with aclosing(_at_pace(stream, pace)) as pieces:
        async for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise _too_large(max_bytes)
            waiting += piece
            if len(waiting) >= WRITE_BYTES:
                await run_in_threadpool(flush, bytes(waiting))
                waiting.clear()
            early_s = began + pace.shortest_s(size) - loop.time()
            if early_s > 0:
                await asyncio.sleep(early_s)
    await run_in_threadpool(flush, bytes(waiting))
    return size, digest.hexdigest()


async def _at_pace(stream: AsyncIterator[bytes], pace: Pace) -> AsyncGenerator[bytes, None]:
    """Hands the pieces on as they come; looks at the end of every window whether enough came in it.

    The wait for a piece is never cancelled at a window's end: that would end `stream` and lose what comes next.
    """
    loop = asyncio.get_running_loop()
    window_ends, in_window = loop.time() + pace.window_s, 0
    coming = asyncio.ensure_future(anext(stream, None))
    try:
        while True:
            await asyncio.wait({coming}, timeout=max(0.0, window_ends - loop.time()))
            if coming.done():
                piece = coming.result()
                if piece is None:
                    return
                in_window += len(piece)
                coming = asyncio.ensure_future(anext(stream, None))
                yield piece
            if loop.time() >= window_ends:
                if in_window < pace.min_bytes:
                    raise UploadTooSlow
                window_ends, in_window = loop.time() + pace.window_s, 0
    finally:
        coming.cancel()


def _too_large(max_bytes: int) -> UploadTooLarge:
    return UploadTooLarge(f"At most {max_bytes // MEBIBYTE} MB can be brought at once. Nothing was imported.")


def examine(upload: StoredUpload, file_name: str, limits: ArchiveLimits) -> list[NewFile]:
    """Looks through the whole upload before anything of it is imported: every history file is read to its end.

    Returns its files in the order of import, rows counted by their marker. Raises ArchiveRefused or UnpacksTooLarge.
    """
    with open_upload(upload.path, file_name, limits) as archive:
        found = find_history(archive)
        return [
            NewFile(
                name=file.entry.name,
                format=file.format.name if file.format else None,
                state=file.state,
                error=file.error,
                total_rows=_count_rows(archive, file) if file.state == "queued" else None,
            )
            for file in found
        ]


def _count_rows(archive: Archive, file: FoundFile) -> int:
    """Markers of a JSON list, lines of anything else: close enough to show progress, and every byte is read once."""
    assert file.format is not None
    rows = 0
    overlap = b""
    with archive.open(file.entry) as stream:
        text = as_text(stream)
        marker = _marker(text.ahead(), file.format.marker)
        while piece := text.read(READ_BYTES):
            rows += (overlap + piece).count(marker)
            overlap = piece[-(len(marker) - 1) :] if len(marker) > 1 else b""
    return rows


def _marker(start: bytes, field: str) -> bytes:
    try:
        layout = layout_of(start)
    except NotAListOfRows:
        layout = "list"
    return b"\n" if layout in ("lines", "table") else f'"{field}"'.encode()
