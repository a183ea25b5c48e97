"""Reads files that hold one row a line: JSON lines and tables of separated values, piece by piece, in constant memory.

A line that cannot be read is an `Unreadable` in its place; lines before and after it are not lost. A line longer than
LONGEST_LINE_BYTES is never held in memory: it is given up and skipped to its end.
"""

import csv
from collections.abc import Iterator

import orjson

from platform_api.services.importing.rows import PIECE_BYTES, Readable
from platform_api.services.importing.salvage import Unreadable
from platform_api.services.importing.scrobble_files import moment
from platform_api.services.importing.scrobbles import SCROBBLING_BEGAN

LONGEST_LINE_BYTES = 1024 * 1024
LINES_IN_A_FIELD = 5
"""A quoted field may hold line breaks, but a quote that nobody closes must not swallow the rest of the file."""
SEPARATORS = (",", ";", "\t")
HEADERLESS = ["artist", "album", "track", "date"]
"""Columns of the tables that come without a header, as the first Last.fm exporter wrote them: where the last one reads
as a time. Any text with commas has cells.
"""
ROWS_LOOKED_AT = 50
KNOWN_COLUMNS = frozenset({"artist", "track", "album", "uts", "title", "timestamp", "date"})


def read_json_lines(stream: Readable) -> Iterator[list[object]]:
    for block in _blocks(stream):
        yield [block] if isinstance(block, Unreadable) else _json_rows(block)


def read_table(stream: Readable) -> Iterator[list[object]]:
    """Each row as a dict by column name in small letters; the header itself is no row."""
    separator, columns = ",", None
    for block in _blocks(stream):
        if isinstance(block, Unreadable):
            yield [block]
            continue
        if columns is None:
            first, _, rest = block.lstrip(b"\r\n").partition(b"\n")
            separator, columns, is_header = _header(first)
            rows = _table_rows(rest if is_header else block, separator)
            if not is_header and not any(map(_is_scrobble, rows[:ROWS_LOOKED_AT])):
                columns = []
        else:
            rows = _table_rows(block, separator)
        yield [_named(row, columns) for row in rows]


def _blocks(stream: Readable) -> Iterator[bytes | Unreadable]:
    """Whole lines, about PIECE_BYTES at a time."""
    rest = b""
    skipping = False
    while piece := stream.read(PIECE_BYTES):
        if skipping:
            _, found, piece = piece.partition(b"\n")
            if not found:
                continue
            skipping = False
        whole, found, rest = (rest + piece).rpartition(b"\n")
        if found:
            yield whole
        if len(rest) > LONGEST_LINE_BYTES:
            yield Unreadable("too_long")
            rest, skipping = b"", True
    if rest.strip():
        yield rest


def _json_rows(block: bytes) -> list[object]:
    lines = [line for line in block.split(b"\n") if line.strip()]
    try:
        rows: list[object] = orjson.loads(b"[" + b",".join(lines) + b"]")
    except orjson.JSONDecodeError:
        rows = []
    return rows if len(rows) == len(lines) else [_json_row(line) for line in lines]


def _json_row(line: bytes) -> object:
    if len(line) > LONGEST_LINE_BYTES:
        return Unreadable("too_long")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return Unreadable("not_json")


def _table_rows(block: bytes, separator: str) -> list[list[str] | Unreadable]:
    lines = [line for line in block.split(b"\n") if line.strip()]
    try:
        rows: list[list[str] | Unreadable] = list(csv.reader(_texts(lines), delimiter=separator))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    return rows if len(rows) == len(lines) else list(_one_by_one(lines, separator))


def _texts(lines: list[bytes]) -> Iterator[str]:
    return (text.removesuffix("\r") for text in b"\n".join(lines).decode().split("\n"))


def _one_by_one(lines: list[bytes], separator: str) -> Iterator[list[str] | Unreadable]:
    at = 0
    while at < len(lines):
        taken = next((n for n in range(1, LINES_IN_A_FIELD + 1) if _is_closed(lines[at : at + n])), 1)
        yield _table_row(lines[at : at + taken], separator)
        at += taken


def _is_closed(lines: list[bytes]) -> bool:
    return sum(line.count(b'"') for line in lines) % 2 == 0


def _table_row(lines: list[bytes], separator: str) -> list[str] | Unreadable:
    if sum(map(len, lines)) > LONGEST_LINE_BYTES:
        return Unreadable("too_long")
    if not _is_closed(lines):
        return Unreadable("open_quote")
    try:
        # a field may hold a line break, so the reader is given the text as one and keeps it
        (row,) = csv.reader([b"\n".join(lines).decode().removesuffix("\r")], delimiter=separator)
    except UnicodeDecodeError:
        return Unreadable("not_text")
    except (csv.Error, ValueError):
        return Unreadable("too_long")
    return row


def _header(line: bytes) -> tuple[str, list[str], bool]:
    """Separator, names of the columns, and whether the line is a header (else it is the first row)."""
    text = line.decode(errors="replace").removesuffix("\r")
    separator = max(SEPARATORS, key=text.count)
    try:
        cells = next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        cells = []
    # one exporter writes the user's name behind a number sign in the last heading: “Date#somebody”
    names = [cell.strip().lower().partition("#")[0] for cell in cells]
    return (separator, names, True) if KNOWN_COLUMNS & set(names) else (separator, HEADERLESS, False)


def _is_scrobble(row: list[str] | Unreadable) -> bool:
    if isinstance(row, Unreadable) or len(row) < len(HEADERLESS):
        return False
    told = moment(row[len(HEADERLESS) - 1])
    return told is not None and told.started_at >= SCROBBLING_BEGAN


def _named(row: list[str] | Unreadable, columns: list[str]) -> object:
    return row if isinstance(row, Unreadable) else dict(zip(columns, row, strict=False))
