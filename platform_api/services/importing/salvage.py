"""Reads a list row by row: where its rows hold lists themselves, and where something in it is damaged.

Python's own decoder tells where each row ends, orjson whether it is sound. Behind a damaged row every `},{` may be the
border to the next one, or lie in a list or a string of the damaged row. What is read from there on tells: a list inside
a row soon ends with its bracket or at the damage itself, the list of rows goes on.
"""

import json
import re
from typing import Literal, NamedTuple

import orjson

WASTE = 8
"""How many times the length of a piece may be read in vain before the rest is given up: no file is worth hours."""

decode = json.JSONDecoder(strict=False, parse_int=str).raw_decode
_GAP = " \t\r\n,"
_NEXT = re.compile(r"\s*(,[\s,]*)?")
_BORDER = re.compile(r"\}\s*,\s*(?=\{)")
_OPENING = re.compile(r"\{\s*[^\s:,{}\[\]]+")
"""A row's brace and the name of its first field: rows of one list begin alike."""


class Unreadable:
    """Stands in the place of a row that cannot be read."""

    def __init__(self, reason: Literal["not_json", "cut_off", "not_text", "open_quote", "too_long"]) -> None:
        self.reason = reason


class _Run(NamedTuple):
    """Rows that follow each other, up to where one cannot be read or the text ends."""

    spans: list[tuple[int, int]]
    reached: int
    stumbled: int
    bracketed: bool = False
    """It ended with a bracket: what was read was the rest of a list inside a row."""


def rows_of(tail: bytes) -> list[object]:
    """The rows of what is left of a list. Without the list's own bracket the last row may be cut off."""
    text = tail.rstrip()
    is_closed = text.endswith(b"]")
    rows, _ = _read(text.removesuffix(b"]"), is_closed=is_closed)
    if not is_closed and rows and isinstance(rows[-1], Unreadable):
        rows[-1] = Unreadable("cut_off")
    return rows


def whole_rows(piece: bytes, patience: int, longest: int) -> tuple[list[object], bytes]:
    """The rows at the beginning of a piece, and the rest of it, which takes more to be judged: a row that cannot be
    read and has less than `patience` bytes behind its beginning. A row of more than `longest` bytes is given up.
    """
    rows, at = _read(piece, is_closed=False, patience=patience, longest=longest)
    return rows, piece[at:]


def _read(piece: bytes, *, is_closed: bool, patience: int = 0, longest: int = 0) -> tuple[list[object], int]:
    """Rows, and how far the piece is read."""
    # what JSON is built of is ASCII, so places in this text are places in the bytes, whatever else they hold
    text = piece.decode("latin-1")
    rows: list[object] = []
    at, wasted = len(text) - len(text.lstrip(_GAP)), 0
    while True:
        run = _run(text, at)
        rows += _values(piece, run.spans)
        damaged = at = run.reached
        if at == len(text) or len(text) - at < patience:
            return rows, at
        wasted += run.stumbled - at
        at, vain = _behind(text, run, is_closed, WASTE * len(text) - wasted)
        wasted += vain
        if at == len(text) and len(text) - damaged < longest:
            return rows, damaged
        rows.append(Unreadable("not_json"))


def _run(text: str, at: int) -> _Run:
    spans: list[tuple[int, int]] = []
    while at < len(text):
        try:
            _, end = decode(text, at)
        except json.JSONDecodeError as error:
            return _Run(spans, at, error.pos)
        except RecursionError:
            return _Run(spans, at, len(text))
        following = _NEXT.match(text, end)
        assert following is not None
        if following[1] is None and following.end() < len(text):
            return _Run(spans, at, following.end(), text[following.end()] == "]")
        spans.append((at, end))
        at = following.end()
    return _Run(spans, at, at)


def _behind(text: str, damaged: _Run, is_closed: bool, patience: int) -> tuple[int, int]:
    """Where the row behind a damaged one begins, the end of the text if nowhere; and how much was read in vain."""
    opening = _OPENING.match(text, damaged.reached)
    at, wasted = damaged.reached, 0
    while wasted <= patience and (border := _BORDER.search(text, at)):
        begins_alike = opening is not None and text.startswith(opening[0], border.end())
        run = _run(text, border.end())
        goes_on = run.stumbled != damaged.stumbled or (is_closed and run.reached == len(text))
        if not run.bracketed and (begins_alike or (run.spans and goes_on)):
            return border.end(), wasted
        wasted += run.stumbled - border.end()
        at = run.reached
    return len(text), wasted


def _values(piece: bytes, spans: list[tuple[int, int]]) -> list[object]:
    if not spans:
        return []
    try:
        rows: list[object] = orjson.loads(b"[" + piece[spans[0][0] : spans[-1][1]] + b"]")
    except orjson.JSONDecodeError:
        return [_value(piece[begin:end]) for begin, end in spans]
    return rows


def _value(row: bytes) -> object:
    try:
        return orjson.loads(row)
    except orjson.JSONDecodeError:
        return Unreadable("not_json")
