"""When the recommender cannot be asked: what was played most lately, what fell silent, what is popular nearby."""

from collections.abc import Collection
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from platform_api.crud import recommendations as crud
from platform_api.crud.recommendations import Heard, Suggested
from platform_api.models import User
from platform_api.schemas.recommendations import Wish
from platform_api.services.analytics.history import History, day_number, history_of
from platform_api.services.recommendations.reasons import Ground
from platform_api.services.recommendations.silence import Scores, best, silent_favourites

NAME = "popular_and_recent"
SILENT_DAYS = 90
FAVOURITE_LISTENS = 5
LATELY_DAYS, NEARBY_DAYS = 30, 60
"""After so many days a listen counts half: for what to hear again, and for whose other songs to hear."""


def suggest(
    session: Session, user: User, wish: Wish, hidden: Collection[int], loved: Collection[int], limit: int
) -> list[tuple[int, float, list[Ground]]]:
    """(track id, score, grounds), best first. Days are counted back from the listener's last one, not from today:

    an export may be months old, and its last weeks are still what its listener liked last.
    """
    songs = history_of(session, user).songs
    until = crud.last_day(session, user.id) or date(1970, 1, 1)
    match wish:
        case "comfort" | "hour":  # plain counting keeps no sums by time of day
            found = best(songs, _warmth(songs, until, LATELY_DAYS), hidden, limit)
            return [(track_id, score, [Ground("played_often")]) for track_id, score in found]
        case "rediscover":
            silent = silent_favourites(songs, until, days=SILENT_DAYS, listens=FAVOURITE_LISTENS, loved=loved)
            found = best(songs, silent, hidden, limit)
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


def _grounds_nearby(suggested: Suggested) -> list[Ground]:
    grounds = []
    if suggested.evidence:
        grounds.append(Ground("same_artist", evidence=suggested.evidence))
    if suggested.listeners:
        grounds.append(Ground("popular"))
    return grounds
