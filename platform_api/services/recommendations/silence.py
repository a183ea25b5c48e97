"""What was listened to often once, and has been silent since."""

from collections.abc import Collection
from datetime import date

import numpy as np
import numpy.typing as npt

from platform_api.services.analytics.history import History, day_number

Scores = npt.NDArray[np.float64]


def silent_favourites(songs: History, until: date, *, days: int, listens: int, loved: Collection[int] = ()) -> Scores:
    """The listens of each track that has at least so many, or is loved, and was not played in so many days before
    `until`; 0 for others."""
    listened = songs.per_track(songs.is_listen)
    last_day = np.zeros(len(songs.track_ids), np.int64)
    np.maximum.at(last_day, songs.track, songs.day)
    is_silent = last_day < day_number(until) - days
    is_favourite = (listened >= listens) | np.isin(songs.track_ids, list(loved))
    return np.where(is_silent & is_favourite, listened, 0).astype(np.float64)


def best(songs: History, scores: Scores, hidden: Collection[int], limit: int) -> list[tuple[int, float]]:
    """Tracks with the highest scores above 0, of equal ones the one known longer to the catalogue."""
    wanted = np.where(np.isin(songs.track_ids, list(hidden)), 0.0, scores)
    found = [int(at) for at in np.argsort(-wanted, kind="stable")[:limit] if wanted[at] > 0]
    return [(int(songs.track_ids[at]), float(wanted[at])) for at in found]
