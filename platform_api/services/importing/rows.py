"""Reads the rows of JSON lists piece by piece, in constant memory, at the speed of the JSON parser.

A piece may be cut after any `}` that a comma follows; whether the cut fell between two rows or inside a string is
decided by the parser itself, because a piece cut inside a string or an object never parses. Where no cut parses,
something in the piece is damaged, and it is read row by row, so that one bad row costs one row.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Literal, Protocol

import orjson

PIECE_BYTES = 1024 * 1024
LONGEST_ROW_BYTES = 16 * PIECE_BYTES
PATIENCE_BYTES = 2 * PIECE_BYTES
"""Where no cut parses, the last row may just not be whole yet: only past this is something taken to be damaged."""
CUTS_TRIED = 4
ROWS_JOINED = 4

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TRAILER_BYTES = 4096
_TRAILER = re.compile(rb'\](?:\s*,\s*"[^"]*"\s*:\s*(?:\{[^{}\[\]]*\}|"[^"]*"|[^{}\[\],"]+))*\s*\}[\s}]*$')
"""What follows the list inside an object: some fields, then closing braces."""
_BETWEEN_PAGES = re.compile(
    rb'(?<=[\]}])\s*,\s*(?=\[|\{\s*"recenttracks"\s*:|\{\s*"track"\s*:\s*\[|\{\s*"@attr"\s*:\s*\{[^{}]*"page")'
)
_BETWEEN_ROWS = re.compile(rb"(?<=\})\s*,\s*(?=\{)")
_COMMA = re.compile(rb"\s*,")


class NotAListOfRows(ValueError):
    """The JSON is something else than a list."""


class Unreadable:
    """Stands in the place of a row that cannot be read."""

    def __init__(self, reason: Literal["not_json", "cut_off", "not_text", "open_quote", "too_long"]) -> None:
        self.reason = reason


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
        cut = _last_good_cut(buffer)
        if cut is not None:
            rows, buffer = cut
            yield rows
        elif len(buffer) > LONGEST_ROW_BYTES or (len(buffer) > PATIENCE_BYTES and _BETWEEN_ROWS.search(buffer)):
            whole_rows, buffer = _without_last_row(buffer)
            yield salvage(whole_rows)
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
        return salvage(_without_trailer(inner).rstrip().removesuffix(b"]"))
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
    at = len(buffer)
    for _ in range(CUTS_TRIED):
        at = buffer.rfind(b"}", 0, at)
        if at < 0:
            return None
        comma = _COMMA.match(buffer, at + 1)
        if comma is None:
            continue
        try:
            return orjson.loads(b"[" + buffer[: at + 1] + b"]"), buffer[comma.end() :]
        except orjson.JSONDecodeError:
            continue
    return None


def _without_last_row(buffer: bytes) -> tuple[bytes, bytes]:
    """Splits at the last border between rows; a buffer without one is given up as a single row."""
    borders = deque(_BETWEEN_ROWS.finditer(buffer), maxlen=1)
    return (buffer[: borders[0].start()], buffer[borders[0].end() :]) if borders else (buffer, b"")


def _last_rows(buffer: bytes) -> list[object]:
    tail = buffer.rstrip()
    try:
        rows: list[object] = orjson.loads(b"[" + tail)
    except orjson.JSONDecodeError:
        if tail.endswith(b"]"):
            return salvage(tail[:-1])
        rows = salvage(tail)
        if rows and isinstance(rows[-1], Unreadable):
            rows[-1] = Unreadable("cut_off")
    return rows


def salvage(damaged: bytes) -> list[object]:
    """Parses each row alone. A border found inside a string is healed by joining a few neighbours."""
    parts = [part for part in _BETWEEN_ROWS.split(damaged) if part.strip(b" \t\r\n,")]
    rows: list[object] = []
    at = 0
    while at < len(parts):
        for joined in range(1, ROWS_JOINED + 1):
            try:
                rows.append(orjson.loads(b",".join(parts[at : at + joined]).strip(b" \t\r\n,")))
            except orjson.JSONDecodeError:
                continue
            at += joined
            break
        else:
            rows.append(Unreadable("not_json"))
            at += 1
    return rows
