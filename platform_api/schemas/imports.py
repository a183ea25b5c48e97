"""Imports on the wire: what was brought, how far it is and what became of every row."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

Verdict = Literal["accepted", "duplicate", "skipped", "broken"]


class ImportTotals(BaseModel):
    """`accepted + duplicate + skipped + broken = rows`, at every moment."""

    rows: int
    accepted: int
    duplicate: int
    skipped: int
    broken: int
    total_rows: int | None = Field(description="rows in all files, counted before the import; null where nobody knows")


class ImportReason(BaseModel):
    verdict: Verdict
    reason: str
    rows: int


class ImportFile(BaseModel):
    """`accepted + duplicate + skipped + broken = rows`, at every moment."""

    id: int
    name: str
    format: str | None
    state: Literal["queued", "done", "ignored", "broken"]
    error: str | None
    total_rows: int | None
    rows: int
    accepted: int
    duplicate: int
    skipped: int
    broken: int
    reasons: list[ImportReason]


class Import(BaseModel):
    id: int
    file_name: str
    bytes: int
    source: str
    state: Literal["queued", "running", "done", "failed", "undoing", "undone"]
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    totals: ImportTotals
    reasons: list[ImportReason]
    files: list[ImportFile]


class ImportReject(BaseModel):
    """A row of the ledger. `detail` never holds an address or a user name; of a duplicate it says under `same_as`
    which play stands for it: title, artist, started_at, ended_at, source, file, import and import_id.
    """

    file: str
    row: int = Field(description="position in the file, from 1")
    verdict: Verdict
    reason: str
    detail: dict[str, Any]
