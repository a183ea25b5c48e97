"""The report of where Tonearm hears tracks: every file and preview with what became of it."""

from sqlalchemy.orm import Session

from platform_api.core.errors import NotFound
from platform_api.core.settings import Settings
from platform_api.crud import sound, sound_sources
from platform_api.models import SoundSource as Row
from platform_api.schemas.sound import Outcome, SoundCount, SoundSource, SoundSources, Source
from platform_api.schemas.tracks import TrackRef
from platform_api.services.sound.references import track_refs

MOST_ITEMS = 200


def report(
    session: Session,
    settings: Settings,
    user_id: int,
    version: str | None,
    source: Source | None,
    outcome: Outcome | None,
) -> SoundSources:
    rows = sound_sources.told_of(session, user_id, source, outcome, MOST_ITEMS)
    refs = track_refs(session, [row.track_id for row in rows if row.track_id is not None])
    counts = [
        SoundCount.model_validate({"source": source, "outcome": outcome, "count": number})
        for source, outcome, number in sound_sources.counts(session, user_id)
    ]
    library = settings.audio.library_dir
    return SoundSources(
        has_library=library is not None and library.is_dir(),
        has_previews=settings.deezer.previews,
        model_version=version,
        heard_tracks=sound.heard_tracks(session, version) if version else 0,
        counts=counts,
        items=[told(row, refs.get(row.track_id) if row.track_id is not None else None) for row in rows],
    )


def told(row: Row, track: TrackRef | None) -> SoundSource:
    return SoundSource.model_validate(
        {
            "id": row.id,
            "source": row.source,
            "name": row.name if row.source == "upload" else None,
            "outcome": row.outcome,
            "matched_by": row.matched_by,
            "detail": row.detail,
            "track": track,
            "looked_at": row.looked_at,
        }
    )


def forget_upload(session: Session, user_id: int, source_id: int) -> str | None:
    """What was told of an upload, and the file where it still waits (its name is returned). Raises NotFound.

    The embedding stays: it belongs to the track, not to the file.
    """
    row = sound_sources.by_id(session, source_id)
    if row is None or row.user_id != user_id:
        raise NotFound
    session.delete(row)
    return row.stored_name
