"""When the recommender cannot be asked: what was played most lately, what fell silent, what is popular nearby."""

from collections.abc import Collection
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import recommendations as crud
from platform_api.crud.recommendations import Heard, Suggested
from platform_api.models import User
from platform_api.schemas.recommendations import Wish
from platform_api.services.analytics.history import History, day_number, history_of
from platform_api.services.recommendations.reasons import Ground

Scores = npt.NDArray[np.float64]

NAME = "popular_and_recent"
SILENT_DAYS = 90
FAVOURITE_LISTENS = 5
LATELY_DAYS, NEARBY_DAYS = 30, 60
"""After so many days a listen counts half: for what to hear again, and for whose other songs to hear."""


def suggest(
    session: Session, user: User, wish: Wish, hidden: Collection[int], limit: int
) -> list[tuple[int, float, list[Ground]]]:
    """(track id, score, grounds), best first. Days are counted back from the listener's last one, not from today:

    an export may be months old, and its last weeks are still what its listener liked last.
    """
    songs = history_of(session, user).songs
    until = crud.last_day(session, user.id) or date(1970, 1, 1)
    match wish:
        case "comfort" | "hour":  # plain counting keeps no sums by time of day
            found = _best(songs, _warmth(songs, until, LATELY_DAYS), hidden, limit)
            return [(track_id, score, [Ground("played_often")]) for track_id, score in found]
        case "rediscover":
            found = _best(songs, _silent_favourites(songs, until), hidden, limit)
            return [(track_id, score, [Ground("comeback")]) for track_id, score in found]
        case "discover":
            played = np.flatnonzero(songs.per_track())
            listens, warmth = songs.per_track(songs.is_listen), _warmth(songs, until, NEARBY_DAYS)
            heard = Heard(*(column[played].tolist() for column in (songs.track_ids, listens, warmth)))
            nearby = crud.unheard_nearby(session, user.id, heard, until, hidden, limit)
            return [(each.track_id, each.score, _grounds_nearby(each)) for each in nearby]


def _warmth(songs: History, until: date, half_life_days: int) -> Scores:
    """The listens of each track; one `half_life_days` before `until` counts half."""
    listens = songs.listens
    worth = np.power(0.5, (day_number(until) - listens.day) / half_life_days)
    return np.bincount(listens.track, weights=worth, minlength=len(songs.track_ids)).astype(np.float64)


def _silent_favourites(songs: History, until: date) -> Scores:
    """The listens of each track that was listened to often and not played for long; 0 for others."""
    listens = songs.per_track(songs.is_listen)
    last_day = np.zeros(len(songs.track_ids), np.int64)
    np.maximum.at(last_day, songs.track, songs.day)
    is_silent = last_day < day_number(until) - SILENT_DAYS
    return np.where(is_silent & (listens >= FAVOURITE_LISTENS), listens, 0).astype(np.float64)


def _best(songs: History, scores: Scores, hidden: Collection[int], limit: int) -> list[tuple[int, float]]:
    """Tracks with the highest scores above 0, of equal ones the one known longer to the catalogue."""
    wanted = np.where(np.isin(songs.track_ids, list(hidden)), 0.0, scores)
    best = [int(at) for at in np.argsort(-wanted, kind="stable")[:limit] if wanted[at] > 0]
    return [(int(songs.track_ids[at]), float(wanted[at])) for at in best]


def _grounds_nearby(suggested: Suggested) -> list[Ground]:
    grounds = []
    if suggested.evidence:
        grounds.append(Ground("same_artist", evidence=suggested.evidence))
    if suggested.listeners:
        grounds.append(Ground("popular", listeners=suggested.listeners))
    return grounds
