"""Imports as the listener sees them, and the two things one can do with them: begin one and undo one."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from platform_api import models
from platform_api.core.errors import NotFound, TooManyRequests
from platform_api.crud import imports
from platform_api.crud.imports import NewFile
from platform_api.crud.jobs import is_under_way
from platform_api.schemas.imports import Import, ImportFile, ImportReason, ImportReject, ImportTotals
from platform_api.services import jobs
from platform_api.services.importing.formats import source_of
from platform_api.services.importing.job import IMPORT, UNDO_IMPORT
from platform_api.services.importing.uploads import StoredUpload

UNFINISHED_ALLOWED = 5
KEPT_ROWS_TOLD = 50_000


def begin(session: Session, user_id: int, upload: StoredUpload, file_name: str, files: Sequence[NewFile]) -> Import:
    """The import and its job, in one transaction. Raises TooManyRequests when several are still waiting."""
    refuse_one_too_many(session, user_id)
    row = imports.create(
        session,
        user_id,
        file_name=file_name,
        stored_name=upload.path.name,
        size=upload.bytes,
        sha256=upload.sha256,
        source=next((source_of(file.format) for file in files if file.format), "spotify_export"),
        files=files,
    )
    jobs.enqueue(session, IMPORT, {"import_id": row.id}, user_id)
    return _shown(session, [row])[0]


def refuse_one_too_many(session: Session, user_id: int) -> None:
    """Raises TooManyRequests when several of the listener's imports are still waiting or running."""
    if imports.unfinished_count(session, user_id) >= UNFINISHED_ALLOWED:
        raise TooManyRequests("Several of your imports are still running. Please wait until one of them is done.")


def undo(session: Session, user_id: int, import_id: int) -> Import:
    """Queues the removal of everything that the import brought, unless that is under way; a running import stops at its
    next batch.
    """
    row = _own(session, user_id, import_id)
    job = {"import_id": import_id}
    if imports.move(session, import_id, "undoing", unless=("undone",)) and not is_under_way(session, UNDO_IMPORT, job):
        jobs.enqueue(session, UNDO_IMPORT, job, user_id)
    session.refresh(row)
    return _shown(session, [row])[0]


def list_of(session: Session, user_id: int, before: int | None, limit: int) -> list[Import]:
    return _shown(session, imports.imports_of(session, user_id, before, limit))


def one_of(session: Session, user_id: int, import_id: int) -> Import:
    return _shown(session, [_own(session, user_id, import_id)])[0]


def kept_rows(session: Session, user_id: int, import_id: int) -> list[ImportReject]:
    """Every row that was kept for reading, of every verdict."""
    _own(session, user_id, import_id)
    rows = imports.rejects_of(session, import_id, None, None, KEPT_ROWS_TOLD, with_accepted=True)
    return [_reject_shown(row, name) for row, name in rows]


def rejects_of(
    session: Session, user_id: int, import_id: int, verdict: str | None, reason: str | None, limit: int
) -> list[ImportReject]:
    _own(session, user_id, import_id)
    return [_reject_shown(row, name) for row, name in imports.rejects_of(session, import_id, verdict, reason, limit)]


def _reject_shown(row: models.ImportReject, file: str) -> ImportReject:
    return ImportReject.model_validate(
        {"file": file, "row": row.row, "verdict": row.verdict, "reason": row.reason, "detail": row.detail}
    )


def _own(session: Session, user_id: int, import_id: int) -> models.Import:
    row = imports.import_of(session, user_id, import_id)
    if row is None:
        raise NotFound
    return row


def _shown(session: Session, rows: Sequence[models.Import]) -> list[Import]:
    files: dict[int, list[models.ImportFile]] = defaultdict(list)
    for file in imports.files_of(session, [row.id for row in rows]):
        files[file.import_id].append(file)
    return [_one_shown(row, files[row.id]) for row in rows]


def _one_shown(row: models.Import, files: Sequence[models.ImportFile]) -> Import:
    history = [file for file in files if file.state != "ignored"]
    expected = [file.total_rows for file in history if file.total_rows is not None]
    reasons: Counter[tuple[str, str]] = Counter()
    for file in files:
        reasons.update(_counted(file))
    return Import.model_validate(
        {
            "id": row.id,
            "file_name": row.file_name,
            "bytes": row.bytes,
            "source": row.source,
            "state": row.state,
            "error": row.error,
            "created_at": row.created_at,
            "finished_at": row.finished_at,
            "totals": ImportTotals(
                rows=sum(file.rows for file in files),
                accepted=sum(file.accepted for file in files),
                duplicate=sum(file.duplicate for file in files),
                skipped=sum(file.skipped for file in files),
                broken=sum(file.broken for file in files),
                total_rows=sum(expected) if expected else None,
            ),
            "reasons": _reasons(reasons),
            "files": [_file_shown(file) for file in files],
        }
    )


def _file_shown(file: models.ImportFile) -> ImportFile:
    columns = {name: getattr(file, name) for name in ImportFile.model_fields if name != "reasons"}
    return ImportFile.model_validate({**columns, "reasons": _reasons(_counted(file))})


def _counted(file: models.ImportFile) -> Counter[tuple[str, str]]:
    return Counter({(verdict, reason): rows for verdict, told in file.reasons.items() for reason, rows in told.items()})


def _reasons(counted: Counter[tuple[str, str]]) -> list[ImportReason]:
    """The most frequent first."""
    return [
        ImportReason.model_validate({"verdict": verdict, "reason": reason, "rows": rows})
        for (verdict, reason), rows in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]
