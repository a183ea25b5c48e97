"""What was heard on the same local day of earlier years. Songs only; the 29th of February has leap years only."""

from calendar import isleap
from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.schemas.discoveries import DayThen, FoundThen, ThisDay
from platform_api.services.analytics.discoveries import moment
from platform_api.services.analytics.history import History, day_number, history_of
from platform_api.services.sound.references import track_refs

FOUND = 3


def this_day(session: Session, user: User, day: date) -> ThisDay:
    history = history_of(session, user)
    heard = [(then, history.between(then, then).songs.listens) for then in _same_days(history, day)]
    heard = [(then, listens) for then, listens in heard if len(listens)]
    ever = history.songs.listens.per_track() if heard else history.track_ids
    found = {then: _found(history, then, listens, ever) for then, listens in heard}
    loudest = {then: Counter(listens.track.tolist()).most_common(1)[0] for then, listens in heard}
    mentioned = [track for each in found.values() for track in each[:FOUND]]
    mentioned += [int(listens.track[0]) for _, listens in heard] + [track for track, _ in loudest.values()]
    refs = track_refs(session, history.track_ids[mentioned].tolist() if mentioned else [])

    def ref(track: int) -> int:
        return int(history.track_ids[track])

    return ThisDay(
        day=day,
        years=[
            DayThen(
                day=then,
                years_ago=day.year - then.year,
                listens=len(listens),
                first_track=refs[ref(int(listens.track[0]))],
                first_at=moment(listens.started_ms[0]),
                top_track=refs[ref(loudest[then][0])],
                top_listens=loudest[then][1],
                new_tracks=len(found[then]),
                found=[FoundThen(track=refs[ref(track)], listens=int(ever[track])) for track in found[then][:FOUND]],
            )
            for then, listens in heard
        ],
    )


def _same_days(history: History, day: date) -> Iterator[date]:
    """The latest first, as far as the history goes."""
    if history.days is None:
        return
    first, last = history.days
    for year in range(min(day.year - 1, last.year), first.year - 1, -1):
        if (day.month, day.day) != (2, 29) or isleap(year):
            yield day.replace(year=year)


def _found(history: History, then: date, listens: History, ever: npt.NDArray[np.int64]) -> list[int]:
    """Tracks listened to for the first time ever, those that stayed first. `ever`: all listens of each track."""
    tracks = np.unique(listens.track)
    new = tracks[history.first_listen_days[tracks] == day_number(then)]
    found: list[int] = new[np.argsort(-ever[new], kind="stable")].tolist()
    return found
