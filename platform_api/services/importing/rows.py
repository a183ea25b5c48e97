"""Reads the rows of JSON lists piece by piece, in constant memory, at the speed of the JSON parser.

A piece may be cut between any `}` and `{` that a comma parts; whether the cut fell between two rows or inside a string
or a row is decided by the parser itself, because a piece cut inside a string or an object never parses. Where none of
the last few cuts parses, the rows hold lists of objects themselves, or something is damaged: then the piece is read row
by row (`salvage.py`).
"""

import re
from collections.abc import Iterator
from typing import Protocol

import orjson

from platform_api.services.importing.salvage import rows_of, whole_rows

PIECE_BYTES = 1024 * 1024
LONGEST_ROW_BYTES = 4 * PIECE_BYTES
PATIENCE_BYTES = 2 * PIECE_BYTES
"""A row that cannot be read may just not be whole yet: only with so much behind its beginning is it damaged."""
CUTS_TRIED = 4

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TRAILER_BYTES = 4096
_TRAILER = re.compile(rb'\](?:\s*,\s*"[^"]*"\s*:\s*(?:\{[^{}\[\]]*\}|"[^"]*"|[^{}\[\],"]+))*\s*\}[\s}]*$')
"""What follows the list inside an object: some fields, then closing braces."""
_BETWEEN_PAGES = re.compile(
    rb'(?<=[\]}])\s*,\s*(?=\[|\{\s*"recenttracks"\s*:|\{\s*"track"\s*:\s*\[|\{\s*"@attr"\s*:\s*\{[^{}]*"page")'
)
_BETWEEN_ROWS = re.compile(rb"\s*,\s*(?=\{)")


class NotAListOfRows(ValueError):
    """The JSON is something else than a list."""


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def read_pieces(stream: Readable, opening: re.Pattern[bytes] | None = None) -> Iterator[list[object]]:
    """Yields the rows of a list, in order, a few thousand at a time; a damaged row is an `Unreadable` in its place.

    With `opening` the list lies inside an object, behind the first match in what is read first; what the object holds
    after its list is left out. Raises NotAListOfRows if the stream does not hold such a list.
    """
    buffer = stream.read(PIECE_BYTES).removeprefix(_BYTE_ORDER_MARK).lstrip()
    begins = opening.search(buffer) if opening else re.match(rb"\[", buffer)
    if begins is None:
        raise NotAListOfRows
    buffer = buffer[begins.end() :]
    while more := stream.read(PIECE_BYTES):
        buffer += more
        rows, buffer = _last_good_cut(buffer) or whole_rows(buffer, PATIENCE_BYTES, LONGEST_ROW_BYTES)
        if rows:
            yield rows
    yield _last_rows(_without_trailer(buffer) if opening else buffer)


def read_pages(stream: Readable) -> Iterator[list[object]]:
    """Yields the rows of each page of a list of pages: what an API answered, one answer after the other."""
    buffer = stream.read(PIECE_BYTES).removeprefix(_BYTE_ORDER_MARK).lstrip().removeprefix(b"[")
    while more := stream.read(PIECE_BYTES):
        buffer += more
        *whole, buffer = _BETWEEN_PAGES.split(buffer)
        for page in whole:
            yield _rows_of_page(page)
        if len(buffer) > LONGEST_ROW_BYTES:
            yield _rows_of_page(buffer)
            buffer = b""
    for page in _BETWEEN_PAGES.split(buffer.rstrip().removesuffix(b"]")):
        if page.strip():
            yield _rows_of_page(page)


def _rows_of_page(page: bytes) -> list[object]:
    try:
        told = orjson.loads(page)
    except orjson.JSONDecodeError:
        inner = page[page.find(b"[") + 1 :]
        return rows_of(_without_trailer(inner))
    if isinstance(told, dict):
        told = told.get("recenttracks", told)
    if isinstance(told, dict):
        told = told.get("track", [])
    # a page with a single play holds it bare
    return told if isinstance(told, list) else [told]


def _without_trailer(buffer: bytes) -> bytes:
    """The end of a list that lies inside an object, cut off behind the list's own bracket."""
    text = buffer.rstrip()
    trailer = _TRAILER.search(text, max(0, len(text) - _TRAILER_BYTES))
    return text[: trailer.start() + 1] if trailer else text


def _last_good_cut(buffer: bytes) -> tuple[list[object], bytes] | None:
    """The rows before a border among the last few, and what is behind it; None where it takes more than a look."""
    at = len(buffer)
    for _ in range(CUTS_TRIED):
        border = None
        while border is None:
            at = buffer.rfind(b"}", 0, at)
            if at < 0:
                return None
            border = _BETWEEN_ROWS.match(buffer, at + 1)
        try:
            return orjson.loads(b"[" + buffer[: at + 1] + b"]"), buffer[border.end() :]
        except orjson.JSONDecodeError:
            continue
    return None


def _last_rows(buffer: bytes) -> list[object]:
    try:
        rows: list[object] = orjson.loads(b"[" + buffer)
    except orjson.JSONDecodeError:
        return rows_of(buffer)
    return rows
