"""The plays themselves, page by page, newest first."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.core.errors import InvalidRequest
from platform_api.crud import listening, recordings
from platform_api.crud.listening import PlayPlace, Wanted
from platform_api.models import User
from platform_api.schemas.analysis import PlayRow, Plays
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs


def recent_plays(
    session: Session,
    user: User,
    before: str | None,
    limit: int,
    span: Span | None = None,
    track_id: int | None = None,
    artist_id: int | None = None,
    album_id: int | None = None,
) -> Plays:
    """Of a span, a track, an artist, an album, or all. Raises InvalidRequest for a place that no page ended at."""
    since, until = span.moments(ZoneInfo(user.time_zone)) if span and span.kind != "all" else (None, None)
    wanted = Wanted(since, until, _tracks(session, user, track_id, artist_id, album_id))
    rows = listening.recent_plays(session, user.id, _place(before) if before else None, limit, wanted)
    tracks = track_refs(session, [row.track_id for row in rows])
    items = [
        PlayRow.model_validate(
            {
                "track": tracks[row.track_id],
                "played_track_id": row.played_track_id,
                "kind": row.kind,
                "started_at": row.started_at,
                "ended_at": row.ended_at,
                "ms_played": row.ms_played,
                "is_listen": row.is_listen,
                "skipped": row.skipped,
                "source": row.source,
            }
        )
        for row in rows
    ]
    last = rows[-1] if len(rows) == limit else None
    next_before = f"{last.started_at.isoformat()}~{last.played_track_id}" if last else None
    return Plays(items=items, next_before=next_before)


def _tracks(
    session: Session, user: User, track_id: int | None, artist_id: int | None, album_id: int | None
) -> Collection[int] | None:
    if track_id is not None:
        return [recordings.counted_track(session, user.id, track_id)]
    if artist_id is not None:
        return listening.tracks_of(session, artist_id=artist_id)
    if album_id is not None:
        return listening.tracks_of(session, album_id=album_id)
    return None


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
