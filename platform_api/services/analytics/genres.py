"""Genres of what was listened to, as far as the tags of audio files tell them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from platform_api.crud import genres as told
from platform_api.models import User
from platform_api.schemas.variety import Genre, Genres
from platform_api.services.analytics.history import History, history_of
from platform_api.services.analytics.questions import compared_span, shown
from platform_api.services.analytics.ranking import Numbers
from platform_api.services.analytics.spans import Span

MOST_GENRES = 40


def genres(session: Session, user: User, span: Span, against: Span | None = None) -> Genres:
    """A track of two genres counts for both; the shares are of the listens of which any genre is known. With the rank
    and the share that each had in the span before or `against`."""
    history = history_of(session, user)
    songs = history.between(span.first_day, span.last_day).songs
    compared = compared_span(session, user, span, against)
    earlier = history.between(compared.first_day, compared.last_day).songs if compared else None
    heard = songs.per_track(songs.is_listen) > 0
    if earlier is not None:
        heard |= earlier.per_track(earlier.is_listen) > 0
    found = told.of_tracks(session, user.id, history.track_ids[heard].tolist())
    of_genre = {
        each.genre: np.searchsorted(history.track_ids, np.frombuffer(each.tracks, dtype=">i8")) for each in found
    }
    now = _counted(songs, of_genre)
    before = _counted(earlier, of_genre) if earlier is not None else NOTHING
    ranks = {genre.name: rank for rank, genre in enumerate(before.genres, 1)}
    shares = {genre.name: before.share(genre) for genre in before.genres}
    total = int(songs.is_listen.sum())
    return Genres(
        span=shown(span),
        listens=total,
        known=now.known,
        known_share=round(now.known / total, 4) if total else None,
        previous_span=shown(compared) if compared else None,
        items=[
            Genre(
                genre=each.name,
                listens=each.listens,
                tracks=each.tracks,
                ms_played=each.ms_played,
                share=now.share(each),
                previous_rank=ranks.get(each.name),
                previous_share=shares.get(each.name, 0.0) if before.known else None,
            )
            for each in now.genres[:MOST_GENRES]
        ],
    )


class Counted(NamedTuple):
    name: str
    listens: int
    tracks: int
    ms_played: int


class Sums(NamedTuple):
    """Genres of a span, the most listens first, and how many listens are of any of them."""

    genres: list[Counted]
    known: int

    def share(self, genre: Counted) -> float:
        return round(genre.listens / self.known, 4)


NOTHING = Sums([], 0)


def _counted(songs: History, of_genre: Mapping[str, Numbers]) -> Sums:
    """`of_genre`: the places of each genre's tracks in the history."""
    listens, ms_played = songs.per_track(songs.is_listen), songs.per_track(songs.ms_played)
    known = np.unique(np.concatenate([np.zeros(0, np.int64), *of_genre.values()]))
    sums = [
        Counted(name, int(listens[tracks].sum()), int(np.count_nonzero(listens[tracks])), int(ms_played[tracks].sum()))
        for name, tracks in of_genre.items()
    ]
    heard = [each for each in sums if each.listens]
    return Sums(sorted(heard, key=lambda each: (-each.listens, -each.ms_played, each.name)), int(listens[known].sum()))
