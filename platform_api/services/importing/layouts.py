"""How the rows lie in a file, told from its first bytes, and the reader for it.

| layout | looks like | who writes it |
|---|---|---|
| list | `[{…}, {…}]` | Spotify, ListenBrainz until 2024, most tools |
| wrapped | `{"…": …, "scrobbles": [{…}, {…}]}` | Maloja, lastfmstats.com, one page of an API |
| pages | `[{"recenttracks": {"track": [{…}]}}, …]`, `[[{…}], [{…}]]` | dumps of Last.fm's API |
| lines | `{…}` on each line | ListenBrainz |
| table | `artist,album,track,…` on each line | Last.fm exporters |
"""

import codecs
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

import orjson

from platform_api.services.importing import rows
from platform_api.services.importing.lines import read_json_lines, read_table
from platform_api.services.importing.rows import NotAListOfRows, Readable

Layout: TypeAlias = Literal["list", "wrapped", "pages", "lines", "table"]

PEEK_BYTES = 64 * 1024
LISTS = ("scrobbles", "listens", "track")
"""Names under which a wrapped list of plays stands. The value has to be a list: a row may have a field `track`, too."""

LISTENED_AT = "listened_at"
"""What a listen of ListenBrainz has: its file may be a single line that nobody ended."""

_OPENING = re.compile(rb'"(?:%s)"\s*:\s*\[' % "|".join(LISTS).encode())
_PAGE = re.compile(rb'\[\s*(?:\[|\{\s*"recenttracks"\s*:|\{\s*"track"\s*:\s*\[|\{\s*"@attr"\s*:\s*\{[^{}]*"page")')
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_rows(stream: Readable) -> Iterator[list[object]]:
    """Yields the rows in order, some thousands at a time; what cannot be read is an `Unreadable` in its place.

    Raises NotAListOfRows if there are no rows in it, and what `stream` raises.
    """
    text = as_text(stream)
    layout = layout_of(text.ahead())
    if layout == "list":
        return rows.read_pieces(text)
    if layout == "wrapped":
        return rows.read_pieces(text, _OPENING)
    if layout == "pages":
        return rows.read_pages(text)
    if layout == "lines":
        return read_json_lines(text)
    return read_table(text)


def layout_of(start: bytes) -> Layout:
    """`start` is the beginning of the file without a byte order mark. Raises NotAListOfRows."""
    text = start.lstrip()
    if text.startswith(b"["):
        return "pages" if _PAGE.match(text) else "list"
    if text.startswith(b"{"):
        first, end_of_line, _ = text.partition(b"\n")
        try:
            row = orjson.loads(first)
        except orjson.JSONDecodeError:
            row = None
        if isinstance(row, dict) and (end_of_line or LISTENED_AT in row) and not _OPENING.search(first):
            return "lines"
        if _OPENING.search(text):
            return "wrapped"
        # the first of several lines may be damaged: what follows tells
        if text.count(b"\n{") > 1:
            return "lines"
        raise NotAListOfRows
    if not text or b"\0" in text:
        raise NotAListOfRows
    return "table"


def as_text(stream: Readable) -> "Ahead":
    """The stream in UTF-8 without a byte order mark, whatever it was saved in."""
    ahead = Ahead(stream)
    return Ahead(_FromUtf16(ahead)) if ahead.ahead().startswith(_WIDE) else ahead


class Ahead:
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._start: bytes | None = None

    def ahead(self) -> bytes:
        if self._start is None:
            start = self._source.read(PEEK_BYTES)
            self._start = start.removeprefix(codecs.BOM_UTF8)
        return self._start

    def read(self, size: int = -1, /) -> bytes:
        start = self.ahead()
        self._start = b""
        return start or self._source.read(size)


class _FromUtf16:
    """Files that other programs saved as “Unicode”: two bytes a character, with a byte order mark."""

    def __init__(self, source: Ahead) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")

    def read(self, size: int = -1, /) -> bytes:
        while piece := self._source.read(size):
            if text := self._decoder.decode(piece):
                return text.encode(errors="replace")
        return b""
