"""Questions about stories: what was written, what is being written, and what may be told to a language model."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import Job, Narrative

KIND = "write_story"
"""The kind of job that writes one."""


def narrative_of(session: Session, user_id: int, span: str) -> Narrative | None:
    """The story written last about this span, maybe on older data."""
    return session.get(Narrative, (user_id, span), populate_existing=True)


def keep_narrative(session: Session, user_id: int, span: str, **fields: Any) -> None:
    """Replaces the story about this span. `fields` are the other columns of `narratives`."""
    written = insert(Narrative).values(user_id=user_id, span=span, **fields)
    session.execute(
        written.on_conflict_do_update(index_elements=["user_id", "span"], set_={**fields, "written_at": func.now()})
    )


def is_being_written(session: Session, user_id: int, span: str) -> bool:
    """Is a job for this story queued or running?"""
    job = select(Job.id).where(
        Job.kind == KIND,
        Job.user_id == user_id,
        Job.payload["span"].astext == span,
        Job.state.in_(["queued", "running"]),
    )
    return session.scalar(job.limit(1)) is not None


def has_plays_not_to_be_narrated(session: Session, user_id: int, since: datetime | None, until: datetime) -> bool:
    """Are there plays in [since, until) from a source whose plays may not be shown to a language model? Without `since`
    from the first play on."""
    found = session.scalar(
        text("""
            SELECT 1 FROM counted_plays p JOIN play_sources s ON s.source = p.source AND NOT s.may_narrate
            WHERE p.user_id = :user_id AND p.started_at < :until
            AND (CAST(:since AS timestamptz) IS NULL OR p.started_at >= :since) LIMIT 1
        """),
        {"user_id": user_id, "since": since, "until": until},
    )
    return found is not None
