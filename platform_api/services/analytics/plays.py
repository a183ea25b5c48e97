"""The latest plays, page by page."""

from datetime import datetime

from sqlalchemy.orm import Session

from platform_api.core.errors import InvalidRequest
from platform_api.crud import listening
from platform_api.crud.listening import PlayPlace
from platform_api.models import User
from platform_api.schemas.analysis import PlayRow, Plays
from platform_api.services.sound.references import track_refs


def recent_plays(session: Session, user: User, before: str | None, limit: int) -> Plays:
    """Raises InvalidRequest for a place that no page ended at."""
    rows = listening.recent_plays(session, user.id, _place(before) if before else None, limit)
    tracks = track_refs(session, [row.track_id for row in rows])
    items = [
        PlayRow.model_validate(
            {
                "track": tracks[row.track_id],
                "kind": row.kind,
                "started_at": row.started_at,
                "ended_at": row.ended_at,
                "ms_played": row.ms_played,
                "is_listen": row.is_listen,
                "skipped": row.skipped,
            }
        )
        for row in rows
    ]
    last = rows[-1] if len(rows) == limit else None
    next_before = f"{last.started_at.isoformat()}~{last.track_id}" if last else None
    return Plays(items=items, next_before=next_before)


def _place(text: str) -> PlayPlace:
    """`MOMENT` or `MOMENT~TRACK`; a moment alone begins before everything that started then."""
    moment_text, _, track_text = text.partition("~")
    try:
        moment = datetime.fromisoformat(moment_text.replace(" ", "+"))
        track = int(track_text or 0)
    except ValueError as error:
        raise InvalidRequest("`before` is a moment such as 2024-05-17T20:00:00Z, or a page's `next_before`.") from error
    if moment.tzinfo is None or not 0 <= track < 2**63:
        raise InvalidRequest("`before` needs a time zone, for instance a Z at its end.")
    return moment, track
