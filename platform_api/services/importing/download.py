"""The ledger's rows as a file to keep: a table for a spreadsheet, or a JSON object a line."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from platform_api.schemas.imports import ImportReject

FileFormat: TypeAlias = Literal["csv", "jsonl"]
MEDIA_TYPES: dict[FileFormat, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
COLUMNS = ("file", "row", "verdict", "reason", "same_as", "what_it_said")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_file(rows: Sequence[ImportReject], file_format: FileFormat) -> Iterator[str]:
    if file_format == "jsonl":
        yield from (f"{row.model_dump_json()}\n" for row in rows)
        return
    yield "\ufeff" + _line(COLUMNS)  # without the mark some spreadsheets read UTF-8 as something else
    for row in rows:
        said = {name: value for name, value in row.detail.items() if name != "same_as" and value is not None}
        told = "; ".join(f"{name}: {value}" for name, value in said.items())
        yield _line((row.file, row.row, row.verdict, row.reason, _same_as(row), told))


def _same_as(row: ImportReject) -> str:
    play = row.detail.get("same_as")
    if not isinstance(play, dict):
        return ""
    brought = f" ({play['file']} in {play['import']})" if play.get("file") else ""
    return f"{play['title']}, {play['artist']}, {play['started_at']}{brought}"


def _line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> object:
    """A title that begins like a formula stays a title in a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
