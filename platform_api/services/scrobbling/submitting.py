"""From a submission to plays: the same doors as an import, inside the request, so pages are right when it is answered.

Each token has a ledger of its own among the imports: every listen gets a verdict there, and all that a scrobbler ever
sent can be undone like any other import.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from platform_api.crud import imports, incoming, tokens
from platform_api.crud.imports import NewFile
from platform_api.crud.listens import forget_repeated
from platform_api.db.session import Sessions
from platform_api.models import ApiToken, ImportFile
from platform_api.services.importing import batches
from platform_api.services.importing.formats import BY_NAME
from platform_api.services.importing.job import settle_later
from platform_api.services.scrobbling.wire import Listen

FORMAT = BY_NAME["listenbrainz"]


class TokenGone(Exception):
    """The token was revoked, or its owner's account ended, while the listens were on their way."""


def submit(sessions: Sessions, token: ApiToken, listens: Sequence[Listen], now: datetime) -> None:
    """Raises TokenGone. The catalogue is shared, so it learns in a transaction of its own, as in an import."""
    known = batches.Catalogue()
    with sessions.begin() as session:
        settle_later(session, known.learn(session, batches.judged(listens, FORMAT, now).plays))
    with sessions.begin() as session:
        if not incoming.hold_history(session, token.user_id):
            raise TokenGone
        held = tokens.hold(session, token.id)
        if held is None:
            raise TokenGone
        file = _ledger_of(session, held)
        target = batches.Target(held.user_id, file.id, FORMAT.source)
        batch = batches.judged(listens, FORMAT, now, file.rows)
        batches.write(session, batches.lay_out(batch, known), target, known)
        sent = {(known.track_of(play.item).id, play.ended_at) for _, play in batch.plays}
        forget_repeated(session, held.user_id, file.id, sent)
        imports.finish_file(session, file.id, "done")


def _ledger_of(session: Session, token: ApiToken) -> ImportFile:
    """The token's import; a new one where the listener has undone the last one."""
    if token.import_id is not None and imports.state_of(session, token.import_id) == "done":
        return imports.files_of(session, [token.import_id])[0]
    found = NewFile(name=token.name, format=FORMAT.name, state="done", error=None, total_rows=0)
    created = imports.create(
        session, token.user_id, file_name=f"Sent by {token.name}", stored_name=f"scrobbles-{uuid.uuid4().hex}",
        size=0, sha256="", source=FORMAT.source, files=[found],
    )  # fmt: skip
    imports.move(session, created.id, "done")
    token.import_id = created.id
    session.flush()
    return imports.files_of(session, [created.id])[0]
