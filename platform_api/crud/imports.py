"""Questions about imports and their ledgers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, CursorResult, func, insert, literal, select, text, update
from sqlalchemy.orm import Session, aliased

from platform_api.models import Import, ImportFile, ImportReject

FINISHED = ("done", "failed", "undone")


class RejectedRow(Protocol):
    """A row that did not become a play, as the importer describes it."""

    @property
    def position(self) -> int: ...
    @property
    def verdict(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def detail(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class NewFile:
    """A file found in an upload. `total_rows` is counted by its markers, exact once the file is done."""

    name: str
    format: str | None
    state: str
    error: str | None
    total_rows: int | None


def create(
    session: Session, user_id: int, *, file_name: str, stored_name: str, size: int, sha256: str, source: str,
    files: Iterable[NewFile],
) -> Import:  # fmt: skip
    created = Import(
        user_id=user_id, file_name=file_name, stored_name=stored_name, bytes=size, sha256=sha256, source=source
    )
    session.add(created)
    session.flush()
    session.execute(
        insert(ImportFile),
        [
            {
                "import_id": created.id,
                "name": file.name,
                "format": file.format,
                "state": file.state,
                "error": file.error,
                "total_rows": file.total_rows,
            }
            for file in files
        ],
    )
    session.refresh(created)
    return created


def import_of(session: Session, user_id: int, import_id: int) -> Import | None:
    return session.scalar(select(Import).where(Import.id == import_id, Import.user_id == user_id))


def imports_of(session: Session, user_id: int, before: int | None, limit: int) -> list[Import]:
    """The listener's imports, newest first: all, or those before one."""
    newest = select(Import).where(Import.user_id == user_id).order_by(Import.id.desc()).limit(limit)
    return list(session.scalars(newest if before is None else newest.where(Import.id < before)))


def unfinished_count(session: Session, user_id: int) -> int:
    """How many of the listener's imports wait or run."""
    waiting = select(func.count()).where(Import.user_id == user_id, Import.state.in_(("queued", "running")))
    return session.scalar(waiting) or 0


def files_of(session: Session, import_ids: Collection[int]) -> list[ImportFile]:
    """The files of these imports, in the order in which they are read."""
    return list(session.scalars(select(ImportFile).where(ImportFile.import_id.in_(import_ids)).order_by(ImportFile.id)))


def rejects_of(
    session: Session,
    import_id: int,
    verdict: str | None,
    reason: str | None,
    limit: int,
    *,
    with_accepted: bool = False,
) -> list[tuple[ImportReject, str]]:
    """The rows kept as examples with their file's name, in the order of the file.

    Rows that became plays are left out unless they are asked for, by verdict or `with_accepted`.
    """
    question = (
        select(ImportReject, ImportFile.name)
        .join(ImportFile, ImportFile.id == ImportReject.import_file_id)
        .where(ImportFile.import_id == import_id)
        .order_by(ImportFile.id, ImportReject.row, ImportReject.id)
        .limit(limit)
    )
    if verdict is not None:
        question = question.where(ImportReject.verdict == verdict)
    elif not with_accepted:
        question = question.where(ImportReject.verdict != "accepted")
    if reason is not None:
        question = question.where(ImportReject.reason == reason)
    return [(row, name) for row, name in session.execute(question)]


def has_coarse_files(session: Session, user_id: int) -> bool:
    """Whether plays known only to the minute may be stored: only account data bring them, and exports of ours that
    tell such plays again. A file of which nothing was accepted counts: undoing another import brings its plays back.
    """
    told_coarsely = ImportFile.format.like("account%") | (ImportFile.format == "tonearm_spotify_export")
    coarse = (
        select(ImportFile.id)
        .join(Import, Import.id == ImportFile.import_id)
        .where(Import.user_id == user_id, told_coarsely, ImportFile.rows > 0)
    )
    return bool(session.scalar(select(coarse.exists())))


_TWINS = """
    SELECT mine.id AS file_id, (array_agg(twin.id ORDER BY twin.state = 'queued', twin.id))[1] AS twin_id
    FROM import_files mine
    JOIN imports ON imports.id = mine.import_id
    JOIN imports same ON same.user_id = imports.user_id AND same.sha256 = imports.sha256 AND same.id <> imports.id
    JOIN import_files twin ON twin.import_id = same.id AND twin.name = mine.name AND twin.format = mine.format
    WHERE imports.sha256 <> '' AND same.state NOT IN ('undoing', 'undone') AND {and_where}
    GROUP BY mine.id
"""
_HAS_TWIN = text(f"""
    SELECT EXISTS ({_TWINS.format(and_where="mine.id = :file_id AND twin.state IN ('done', 'broken')")})
""")
_HEIRS = text(
    _TWINS.format(
        and_where="""mine.import_id = :import_id
        AND (twin.state IN ('done', 'broken') OR (same.state IN ('running', 'failed') AND twin.rows > 0))"""
    )
)


def has_twin(session: Session, file_id: int) -> bool:
    """Whether another import of the same bytes was read to the end and stands: it tells whatever this file tells."""
    return bool(session.scalar(_HAS_TWIN, {"file_id": file_id}))


def twin_is_being_read(session: Session, import_id: int) -> bool:
    """Whether another import of the same bytes is at work now: its rows are compared with what this one brought."""
    mine, twin = aliased(Import), aliased(Import)
    same = (twin.user_id == mine.user_id) & (twin.sha256 == mine.sha256) & (twin.id != mine.id)
    running = select(twin.id).join(mine, same).where(mine.id == import_id, mine.sha256 != "", twin.state == "running")
    return session.scalar(running.limit(1)) is not None


def heirs_of(session: Session, import_id: int) -> dict[int, int]:
    """For each file of an import the file of the same bytes that takes its plays over when the import is undone.

    That may be one that is still being read, or that failed half-way: it has relied on this one so far. What a failed
    one did not come to is kept as well, rather than to lose what it did: undoing it takes both.
    """
    return dict(session.execute(_HEIRS, {"import_id": import_id}).all())


def stored_name_of(session: Session, import_id: int) -> str | None:
    return session.scalar(select(Import.stored_name).where(Import.id == import_id))


def stored_names(session: Session) -> set[str]:
    """Uploads that an unfinished import still needs."""
    return set(session.scalars(select(Import.stored_name).where(Import.state.not_in(FINISHED))))


def move(session: Session, import_id: int, to: str, *, unless: Collection[str] = (), error: str | None = None) -> bool:
    """Sets the state unless it is one of `unless`; a finished import gets its time. Returns whether it moved."""
    finished_at: ColumnElement[Any] = func.now() if to in FINISHED else literal(None)
    moved = session.execute(
        update(Import)
        .where(Import.id == import_id, Import.state.not_in(unless))
        .values(state=to, error=error, finished_at=finished_at)
    )
    assert isinstance(moved, CursorResult)
    return moved.rowcount == 1


def need_not_wait_for_the_disk(session: Session) -> None:
    """This transaction may be lost when the database's machine dies within a second of its commit, as a whole, with its
    place in the file: the import then goes on from before. The commit that ends the import waits for all before it.
    """
    session.execute(text("SET LOCAL synchronous_commit = off"))


def state_of(session: Session, import_id: int) -> str | None:
    return session.scalar(select(Import.state).where(Import.id == import_id))


def record_batch(
    session: Session, file_id: int, rows: int, accepted: int, counts: Mapping[tuple[str, str], int]
) -> None:
    """Adds a batch to the counts of its file; `rows` is the cursor at which an interrupted import goes on."""
    file = session.scalars(select(ImportFile).where(ImportFile.id == file_id).with_for_update()).one()
    reasons = {verdict: dict(by_reason) for verdict, by_reason in file.reasons.items()}
    for (verdict, reason), count in counts.items():
        by_reason = reasons.setdefault(verdict, {})
        by_reason[reason] = by_reason.get(reason, 0) + count
        setattr(file, verdict, getattr(file, verdict) + count)
    file.reasons = reasons
    file.rows += rows
    file.accepted += accepted
    session.flush()


def keep_first_rejects(session: Session, file_id: int, rejects: Collection[RejectedRow], kept: int) -> None:
    """Keeps at most `kept` rows per verdict and reason of a file: the first ones."""
    if not rejects:
        return
    per_reason = (
        select(ImportReject.verdict, ImportReject.reason, func.count())
        .where(ImportReject.import_file_id == file_id)
        .group_by(ImportReject.verdict, ImportReject.reason)
    )
    there = {(verdict, reason): count for verdict, reason, count in session.execute(per_reason)}
    new: list[dict[str, Any]] = []
    for reject in sorted(rejects, key=lambda reject: reject.position):
        count = there.get((reject.verdict, reject.reason), 0)
        if count < kept:
            there[reject.verdict, reject.reason] = count + 1
            new.append(
                {
                    "import_file_id": file_id,
                    "row": reject.position,
                    "verdict": reject.verdict,
                    "reason": reject.reason,
                    "detail": reject.detail,
                }
            )
    if new:
        session.execute(insert(ImportReject), new)


def finish_file(session: Session, file_id: int, state: str, error: str | None = None) -> None:
    """The file is read to its end, so the rows counted are all it has."""
    session.execute(
        update(ImportFile).where(ImportFile.id == file_id).values(state=state, error=error, total_rows=ImportFile.rows)
    )


def note_settings(session: Session, file_id: int, before: Mapping[str, Sequence[Any]]) -> None:
    """Settings that a file filled, {name: [before, since]}, so that they can be put back."""
    if before:
        noted = update(ImportFile).where(ImportFile.id == file_id)
        session.execute(noted.values(settings_before={name: list(values) for name, values in before.items()}))


def forget_rejects(session: Session, import_id: int) -> None:
    """An undone import keeps its counts and loses its example rows."""
    session.execute(
        text(
            "DELETE FROM import_rejects USING import_files WHERE import_rejects.import_file_id = import_files.id"
            " AND import_files.import_id = :import_id"
        ),
        {"import_id": import_id},
    )
