"""Genres of what was listened to, as far as the tags of audio files tell them."""

import numpy as np
from sqlalchemy.orm import Session

from platform_api.crud import genres as told
from platform_api.models import User
from platform_api.schemas.variety import Genre, Genres
from platform_api.services.analytics.history import history_of
from platform_api.services.analytics.questions import shown
from platform_api.services.analytics.spans import Span

MOST_GENRES = 40


def genres(session: Session, user: User, span: Span) -> Genres:
    """A track of two genres counts for both; the shares are of the listens of which any genre is known."""
    songs = history_of(session, user).between(span.first_day, span.last_day).songs
    listens, ms_played = songs.per_track(songs.is_listen), songs.per_track(songs.ms_played)
    found = told.of_tracks(session, user.id, songs.track_ids[np.flatnonzero(listens)].tolist())
    places = [np.searchsorted(songs.track_ids, np.frombuffer(each.tracks, dtype=">i8")) for each in found]
    known = int(listens[np.unique(np.concatenate(places))].sum()) if places else 0
    items = [
        Genre(
            genre=each.genre,
            listens=int(listens[tracks].sum()),
            tracks=len(tracks),
            ms_played=int(ms_played[tracks].sum()),
            share=round(int(listens[tracks].sum()) / known, 4),
        )
        for each, tracks in zip(found, places, strict=True)
    ]
    items.sort(key=lambda item: (-item.listens, -item.ms_played, item.genre))
    total = int(listens.sum())
    return Genres(
        span=shown(span),
        listens=total,
        known=known,
        known_share=round(known / total, 4) if total else None,
        items=items[:MOST_GENRES],
    )
