"""Audio that a listener brings: kept on disk until it was heard, then only 128 numbers of it remain."""

from pathlib import Path, PurePosixPath

import structlog
from sqlalchemy.orm import Session

from platform_api.core.errors import AppError, Conflict
from platform_api.core.settings import Settings
from platform_api.crud import genres, sound, sound_sources
from platform_api.models import Job, SoundSource
from platform_api.services.importing.uploads import StoredUpload
from platform_api.services.jobs import JobContext, enqueue
from platform_api.services.sound.hearing import MODEL, hear
from platform_api.services.sound.library import SUFFIXES, LeftOut, LibraryFile, read_names
from platform_api.services.sound.matching import Match, match

log = structlog.get_logger(__name__)

KIND = "hear_upload"
FOLDER = "audio"
MOST_WAITING = 50
NO_MATCH = "No track of the catalogue has this artist and title. Open the track's page and bring the file there."
NO_MODEL = "No model that hears is served yet."
GAVE_UP = "The model was away for too long. Please bring the file again."
GONE = "The file was gone before it was heard. Please bring it again."


class NotAudio(AppError):
    status = 422
    title = "This is no audio file"
    detail = f"Tonearm hears {', '.join(sorted(suffix[1:].upper() for suffix in SUFFIXES))}."


class TooManyWaiting(Conflict):
    title = "Many of your files are waiting already"
    detail = f"At most {MOST_WAITING} files wait at a time. Please bring the next ones when these were heard."


def audio_folder(settings: Settings) -> Path:
    return settings.uploads.dir / FOLDER


def need_room(session: Session, user_id: int) -> None:
    """Raises TooManyWaiting."""
    if sound_sources.waiting_uploads(session, user_id) >= MOST_WAITING:
        raise TooManyWaiting


def begin(session: Session, user_id: int, upload: StoredUpload, file_name: str, track_id: int | None) -> SoundSource:
    """Writes the upload down and queues that it is heard. Raises TooManyWaiting.

    The same name again replaces what was told of it. With `track_id` the listener says which track it is.
    """
    need_room(session, user_id)
    by = "listener" if track_id is not None else None
    source_id = sound_sources.note(
        session, "upload", file_name, "waiting",
        user_id=user_id, track_id=track_id, matched_by=by, stored_name=_stored(upload),
    )  # fmt: skip
    payload = {"source_id": source_id, "stored_name": _stored(upload), "sha256": upload.sha256}
    enqueue(session, KIND, payload, user_id)
    row = sound_sources.by_id(session, source_id)
    assert row is not None
    session.refresh(row)
    return row


def _stored(upload: StoredUpload) -> str:
    """Relative to the upload folder."""
    return f"{FOLDER}/{upload.path.name}"


def hear_upload(context: JobContext) -> None:
    """Matches and hears one upload, then deletes the file. Raises ModelUnavailable: the queue tries again later."""
    stored_name = str(context.payload["stored_name"])
    path = context.settings.uploads.dir / stored_name
    with context.sessions.begin() as session:
        context.still_mine(session)
        row = sound_sources.by_id(session, int(context.payload["source_id"]))
        if row is None or row.stored_name != stored_name:
            name = None  # withdrawn, or brought once more: the later one is heard
        else:
            name, chosen, by = row.name, row.track_id, row.matched_by
    if name is None:
        path.unlink(missing_ok=True)
        return
    said = Match([chosen], by or "listener") if chosen else None
    outcome, found, detail = _heard(context, path, name, said) if path.is_file() else ("refused", said, GONE)
    with context.sessions.begin() as session:
        context.still_mine(session)
        sound_sources.note(
            session, "upload", name, outcome,
            user_id=context.user_id,
            track_id=found.track_ids[0] if found else None,
            matched_by=found.by if found else None,
            detail=detail,
        )  # fmt: skip
    path.unlink(missing_ok=True)


def _heard(context: JobContext, path: Path, name: str, found: Match | None) -> tuple[str, Match | None, str | None]:
    version = context.inference.current_version(MODEL)
    says = read_names(path, PurePosixPath(name))
    if found is None:
        if isinstance(says, LeftOut):
            return "refused", None, says.reason
        with context.sessions.begin() as session:
            found = match(session, says.named)
        if found is None:
            return "unmatched", None, NO_MATCH
    if isinstance(says, LibraryFile) and says.genres:
        with context.sessions.begin() as session:
            context.still_mine(session)
            genres.told(session, found.track_ids, context.user_id, says.genres)
    if version is None:
        return "refused", found, NO_MODEL
    heard = hear(context.inference, path.read_bytes())
    if isinstance(heard, str):
        return "refused", found, heard
    with context.sessions.begin() as session:
        context.still_mine(session)
        served, embedding = heard.model.version, heard.answer.embedding
        sound.keep_embedding(session, found.track_ids, served, embedding, str(context.payload["sha256"]), "upload")
    return "heard", found, None


def upload_gave_up(session: Session, job: Job, sentence: str) -> str | None:  # noqa: ARG001
    """Says that the file was not heard; the file itself can go."""
    stored_name = str(job.payload["stored_name"])
    row = sound_sources.by_id(session, int(job.payload["source_id"]))
    if row is not None and row.stored_name == stored_name:
        row.outcome, row.detail, row.stored_name = "refused", GAVE_UP, None
    return stored_name


def checked_name(file_name: str) -> str:
    """The last part of a file name. Raises NotAudio for one that does not end as audio does."""
    name = PurePosixPath(file_name.replace("\\", "/").replace("\0", "")).name
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise NotAudio
    return name
