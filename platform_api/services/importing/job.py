"""What the worker runs: an import, its undoing, and plays that count as something else by now.

An import is a row of cursors: each batch commits its plays, its counts and its place in the file together, so whoever
takes the job over goes on behind the last committed batch and ends where an uninterrupted import ends.
"""

from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import structlog
from sqlalchemy.orm import Session

from platform_api.core.settings import UploadsSettings
from platform_api.crud import grooves, imports, incoming, listening, recordings, undoing, unrestoring, users
from platform_api.crud.restoring import Target
from platform_api.models import ImportFile, Job
from platform_api.services import jobs
from platform_api.services.importing import batches
from platform_api.services.importing.archive import Archive, ArchiveLimits, ArchiveRefused, open_upload
from platform_api.services.importing.formats import BY_NAME, source_of
from platform_api.services.importing.rows import NotAListOfRows
from platform_api.services.jobs import JobContext, JobLost, JobRefused
from platform_api.services.keepsakes import restoring
from platform_api.services.keepsakes.formats import KEEPSAKE_BY_NAME
from platform_api.utils.clock import utc_now

IMPORT, UNDO_IMPORT, SETTLE_PLAYS, EMBED_LIBRARY = "import", "undo_import", "settle_plays", "embed_library"

TWIN_WAIT_S = 1.0
PIECES_AHEAD = 2

T = TypeVar("T")


class ImportStopped(Exception):
    """The listener undoes the import while it runs."""


log = structlog.get_logger(__name__)


def limits_of(settings: UploadsSettings) -> ArchiveLimits:
    return ArchiveLimits(max_entries=settings.max_entries, max_unpacked_bytes=settings.max_unpacked_bytes)


@contextmanager
def history_batch(context: JobContext) -> Iterator[Session]:
    """One transaction that may change the listener's plays: the history is held, and the job is still ours.

    Raises JobLost or JobInterrupted.
    """
    with context.sessions.begin() as session:
        if not incoming.hold_history(session, context.user_id):
            raise JobLost
        context.still_mine(session)
        yield session


def run_import(context: JobContext) -> None:
    import_id = int(context.payload["import_id"])
    with history_batch(context) as session:
        row = imports.import_of(session, context.user_id, import_id)
        if row is None or not imports.move(session, import_id, "running", unless=(*imports.FINISHED, "undoing")):
            return
        files = [file for file in imports.files_of(session, [import_id]) if file.state == "queued"]
    path = context.settings.uploads.dir / row.stored_name
    try:
        with open_upload(path, row.file_name, limits_of(context.settings.uploads)) as archive:
            known = restoring.Catalogue(batches.Catalogue())
            with closing(_ahead(_pieces(context, archive, files, known))) as pieces:
                for piece in pieces:
                    _write_piece(context, piece, known)
    except ImportStopped:
        return
    except (ArchiveRefused, FileNotFoundError) as error:
        log.warning("upload unreadable", import_id=import_id, error=str(error))
        raise JobRefused("The uploaded file is gone or damaged. Please bring it again.") from error
    with history_batch(context) as session:
        if imports.move(session, import_id, "done", unless=("undoing", "undone")):
            grooves.refresh(session, context.user_id)
            users.bump_data_version(session, context.user_id)
            if context.settings.audio.library_dir is not None:
                jobs.enqueue(session, EMBED_LIBRARY, user_id=None, unless_waiting=True)
    path.unlink(missing_ok=True)


@dataclass(frozen=True)
class FileEnd:
    state: str = "done"
    error: str | None = None


@dataclass(frozen=True)
class Piece:
    """What of a file is written in one transaction; `end` comes with the last one."""

    file: ImportFile
    batch: batches.LaidOut | restoring.KeptBatch | None
    end: FileEnd | None = None


def _pieces(
    context: JobContext, archive: Archive, files: Sequence[ImportFile], known: restoring.Catalogue
) -> Iterator[Piece]:
    """Batch after batch, file after file, as far as they can be made ready before their turn to be written."""
    for file in files:
        (entry,) = (entry for entry in archive.entries if entry.name == file.name)
        end, last = FileEnd(), None
        with archive.open(entry) as stream:
            try:
                for batch in _batches_of(stream, file):
                    if last is not None:
                        yield Piece(file, last)
                    last = _with_known_tracks(context, batch, known)
            except NotAListOfRows:
                end = FileEnd("broken", "It does not hold a list of plays.")
        yield Piece(file, last, end)


def _batches_of(stream: BinaryIO, file: ImportFile) -> Iterator[batches.PreparedBatch | restoring.KeptBatch]:
    kept = KEEPSAKE_BY_NAME.get(file.format or "")
    if kept is not None:
        return restoring.prepare(stream, kept, utc_now(), file.rows)
    return batches.prepare(stream, BY_NAME[file.format or ""], utc_now(), file.rows)


def _with_known_tracks(
    context: JobContext, batch: batches.PreparedBatch | restoring.KeptBatch, known: restoring.Catalogue
) -> batches.LaidOut | restoring.KeptBatch:
    with context.sessions.begin() as session:
        imports.need_not_wait_for_the_disk(session)
        if isinstance(batch, batches.PreparedBatch):
            named = known.tracks.learn(session, batch.plays)
        else:
            named = known.learn(session, batch)
        settle_later(session, named)
    return batches.lay_out(batch, known.tracks) if isinstance(batch, batches.PreparedBatch) else batch


def _write_piece(context: JobContext, piece: Piece, known: restoring.Catalogue) -> None:
    file, batch = piece.file, piece.batch
    with history_batch(context) as session:
        imports.need_not_wait_for_the_disk(session)
        if imports.state_of(session, file.import_id) != "running":
            raise ImportStopped
        if isinstance(batch, batches.LaidOut):
            target = batches.Target(context.user_id, file.id, source_of(file.format or ""))
            batches.write(session, batch, target, known.tracks)
        elif batch is not None:
            restoring.write(session, batch, Target(context.user_id, file.id), known)
        if piece.end is not None:
            imports.finish_file(session, file.id, piece.end.state, piece.end.error)


def _ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Makes the next items ready in a thread while the current one is written: the database works on another core."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
    try:
        upcoming = deque(pool.submit(next, items, None) for _ in range(PIECES_AHEAD))
        while (item := upcoming.popleft().result()) is not None:
            upcoming.append(pool.submit(next, items, None))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)


def import_gave_up(session: Session, job: Job, sentence: str) -> str | None:
    """Marks the import as failed; what its finished batches brought stays and can be undone. Its upload can go."""
    import_id = int(job.payload["import_id"])
    if not imports.move(session, import_id, "failed", unless=("done", "undoing", "undone"), error=sentence):
        return None
    return imports.stored_name_of(session, import_id)


def undo_gave_up(session: Session, job: Job, sentence: str) -> None:
    """Says in the ledger that undoing stopped; the listener may ask for it again (`ledger.undo`)."""
    imports.move(session, int(job.payload["import_id"]), "undoing", unless=("undone",), error=sentence)


def undo_import(context: JobContext) -> None:
    """Takes back what an import brought: the history is as if it had never been. Its counts stay readable."""
    import_id = int(context.payload["import_id"])
    with history_batch(context) as session:
        row = imports.import_of(session, context.user_id, import_id)
        if row is None or row.state == "undone":
            return
        if imports.twin_is_being_read(session, import_id):
            # taken over in the middle of a file, its plays would look to the rest of that file as if it had told them
            jobs.enqueue(session, UNDO_IMPORT, {"import_id": import_id}, context.user_id, after_s=TWIN_WAIT_S)
            return
        undoing.take_back(session, context.user_id, import_id)
        files = [file.id for file in imports.files_of(session, [import_id])]
        unrestoring.put_back_settings(session, context.user_id, files)
        grooves.refresh(session, context.user_id)
        imports.forget_rejects(session, import_id)
        imports.move(session, import_id, "undone")
        users.bump_data_version(session, context.user_id)
    (context.settings.uploads.dir / row.stored_name).unlink(missing_ok=True)


def settle_later(session: Session, named: Collection[int]) -> None:
    """In the transaction that gives these tracks their names: whoever played them may have left their artist out."""
    for user_id in listening.who_played(session, named):
        jobs.enqueue(session, SETTLE_PLAYS, user_id=user_id, unless_waiting=True)


def settle_plays(context: JobContext) -> None:
    """After a track got its name, and with it an artist that the listener may have left out."""
    with history_batch(context) as session:
        recordings.settle_all(session, context.user_id)
        grooves.refresh(session, context.user_id)
        users.bump_data_version(session, context.user_id)
