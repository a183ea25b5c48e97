"""Rows on their way into the database, packed as PostgreSQL's binary COPY reads them.

A loop that hands rows to the driver spends three quarters of its time on asking for the type of each value. All rows
here have the same sixteen columns, and what follows the numbers repeats itself: how a play began and ended, the device,
the country. The format is in PostgreSQL's manual, COPY, “Binary Format”: a count of columns, then a length before each
value (−1: NULL), all big-endian; times are microseconds since 2000.
"""

import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

COLUMNS = {
    "position": "int4", "track_id": "int8", "ended_at": "timestamptz", "started_at": "timestamptz", "ms_played": "int4",
    "precision_s": "int2", "offline_timestamp": "timestamptz", "kind": "text", "reason_start": "text",
    "reason_end": "text", "shuffle": "bool", "skipped": "bool", "offline": "bool", "incognito": "bool",
    "platform": "text", "country": "text",
}  # fmt: skip
"""In the order in which a row is packed."""

Told = tuple[str | None, str | None, bool | None, bool | None, bool | None, bool | None, str | None, str | None]


class IncomingPlay(NamedTuple):
    """A play behind its position in the file it came from. `told` is what COLUMNS name after `kind`."""

    position: int
    track_id: int
    ended_at: datetime
    started_at: datetime
    ms_played: int
    precision_s: int
    offline_timestamp: datetime | None
    kind: str
    told: Told


FACTS = ("offline_timestamp", *list(COLUMNS)[8:])
"""What a play may lack: of two rows of one play the one that knows more of them stays."""

BEGIN = b"PGCOPY\n\xff\r\n\x00" + struct.pack("!ii", 0, 0)
END = struct.pack("!h", -1)
_NUMBERS = struct.Struct("!hiiiqiqiqiiih")
_MOMENT = struct.Struct("!iq")
_NULL = struct.pack("!i", -1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIFFERENT_CIRCUMSTANCES = 65_536
PIECE_ROWS = 2_000


def packed(rows: Iterable[IncomingPlay]) -> Iterator[bytes]:
    """What to write into a COPY … (FORMAT BINARY), in pieces."""
    yield BEGIN
    pieces: list[bytes] = []
    for position, track_id, ended_at, started_at, ms_played, precision_s, offline_timestamp, kind, told in rows:
        ended, started = (ended_at - _EPOCH) // _MICROSECOND, (started_at - _EPOCH) // _MICROSECOND
        pieces.append(
            _NUMBERS.pack(
                len(COLUMNS), 4, position, 8, track_id, 8, ended, 8, started, 4, ms_played, 2, precision_s
            )
        )  # fmt: skip
        pieces.append(_NULL if offline_timestamp is None else _moment(offline_timestamp))
        pieces.append(_words(kind, told))
        if len(pieces) >= 3 * PIECE_ROWS:
            yield b"".join(pieces)
            pieces.clear()
    yield b"".join(pieces) + END


def _moment(moment: datetime) -> bytes:
    return _MOMENT.pack(8, (moment - _EPOCH) // _MICROSECOND)


@lru_cache(maxsize=_DIFFERENT_CIRCUMSTANCES)
def _words(kind: str, told: Told) -> bytes:
    return b"".join(_value(value) for value in (kind, *told))


def _value(value: str | bool | None) -> bytes:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return b"\x00\x00\x00\x01\x01" if value else b"\x00\x00\x00\x01\x00"
    text = value.encode()
    return struct.pack("!i", len(text)) + text
