"""The plays that count, a line of JSON each: what a notebook reads."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import orjson

from platform_api.crud import export
from platform_api.db.session import Sessions

LINES_PER_PIECE = 1_000


def stream(sessions: Sessions, user_id: int, since: date | None, until: date | None) -> Iterator[bytes]:
    """Of one moment, in constant memory. `local_start` is the start on the listener's own clock, without an offset."""
    with sessions() as session:
        export.hold_still(session)
        rows = export.counted_plays(session, user_id, since, until)
        while piece := list(islice(rows, LINES_PER_PIECE)):
            yield b"".join(orjson.dumps(row._asdict(), option=orjson.OPT_APPEND_NEWLINE) for row in piece)
        session.rollback()
