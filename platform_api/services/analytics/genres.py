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
    heard = songs.track_ids[np.flatnonzero(listens)]
    rows = told.of_tracks(session, user.id, heard.tolist())
    place = dict(zip(heard.tolist(), np.flatnonzero(listens).tolist(), strict=True))
    known = int(listens[sorted({place[row.track_id] for row in rows})].sum()) if rows else 0
    names = {row.key: row.genre for row in sorted(rows, key=lambda row: row.genre, reverse=True)}
    sums: dict[str, list[int]] = {key: [0, 0, 0] for key in names}
    for row in rows:
        at = place[row.track_id]
        for which, value in enumerate((int(listens[at]), 1, int(ms_played[at]))):
            sums[row.key][which] += value
    items = [
        Genre(genre=names[key], listens=heard_, tracks=tracks, ms_played=ms, share=round(heard_ / known, 4))
        for key, (heard_, tracks, ms) in sums.items()
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
