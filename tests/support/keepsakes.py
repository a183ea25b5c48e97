"""What a listener made and said, told and brought back inside a test's own transaction."""

import io
import uuid

from sqlalchemy.orm import Session

from platform_api import models
from platform_api.crud import imports, incoming
from platform_api.crud.imports import NewFile
from platform_api.crud.restoring import Target
from platform_api.services.importing import batches
from platform_api.services.keepsakes import restoring, telling
from platform_api.services.keepsakes.formats import KEEPSAKE_BY_NAME, KEEPSAKES
from platform_api.utils.clock import utc_now


def told(session: Session, user: models.User) -> dict[str, bytes]:
    """The lines of each format, as an export tells them."""
    session.expire_all()
    return {
        f"own_{name.removesuffix('.jsonl')}": b"".join(pieces)
        for name, pieces in telling.files(session, session.get_one(models.User, user.id))
    }


def in_turn(files: dict[str, bytes], *, behind_plays: bool) -> list[str]:
    return [kept.name for kept in KEEPSAKES if kept.name in files and kept.behind_plays == behind_plays]


def write_lines(session: Session, user_id: int, name: str, lines: bytes, sha256: str = "") -> models.ImportFile:
    """Imports lines inside the session's own transaction, without upload and job. Returns the file of the ledger."""
    kept = KEEPSAKE_BY_NAME[name]
    found = NewFile(name=f"{name}.jsonl", format=name, state="queued", error=None, total_rows=None)
    created = imports.create(
        session, user_id, file_name="rows.jsonl", stored_name=uuid.uuid4().hex, size=len(lines), sha256=sha256,
        source=kept.source, files=[found],
    )  # fmt: skip
    (file,) = imports.files_of(session, [created.id])
    known = restoring.Catalogue(batches.Catalogue())
    for batch in restoring.prepare(io.BytesIO(lines), kept, utc_now(), 0):
        incoming.hold_history(session, user_id)
        known.learn(session, batch)
        restoring.write(session, batch, Target(user_id, file.id), known)
    imports.finish_file(session, file.id, "done")
    session.refresh(file)
    return file
