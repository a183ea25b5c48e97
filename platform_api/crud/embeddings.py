"""Questions about how tracks sound."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from platform_api.models import TrackEmbedding


def tracks_with_sound(session: Session, ids: Collection[int]) -> set[int]:
    """Those of the tracks that some version of the audio embedder has heard."""
    return set(session.scalars(select(TrackEmbedding.track_id).where(TrackEmbedding.track_id.in_(ids)).distinct()))
