"""What the hours of the week and single days were like. Songs only, days and hours by the listener's clock.

Read from the columns of the months in question, so what is asked about the latest weeks costs the same after any number
of years.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import habits as crud
from platform_api.crud import listens as crud_listens
from platform_api.models import User
from platform_api.services.analytics.history import History, day_number, day_of, history_since
from platform_api.services.analytics.runs import distinct

HOURS, WEEKDAYS = 24, 7
WEEK_DAYS = 182
HALF_LIFE_DAYS = 42
USUAL_WEEKS = 8
FEWEST_WEEKS = 2

Counts = npt.NDArray[np.int64]


class HourShare(NamedTuple):
    """How often an hour of the week had music; recent weeks count more."""

    weekday: int
    hour: int
    share: float


class DayFacts(NamedTuple):
    """One local day beside the same weekdays before it. Songs only."""

    day: date
    listens: int
    ms_played: int
    hours: Sequence[int]
    """Local hours with a listen."""
    usual_listens: float | None
    """Mean of the same weekday in up to eight weeks before; None in the first two weeks of a history."""
    top_artist: str | None
    top_artist_listens: int
    new_tracks: int
    """Tracks listened to for the first time ever."""


def hours_of_week(session: Session, user: User, until: date) -> list[HourShare]:
    """All 168 hours over the 26 weeks up to `until`, each week counting half as much as one six weeks later.

    Empty for a listener without songs; a weekday that a short history does not hold is left out.
    """
    first_day = _first_day(session, user)
    if first_day is None or first_day > until:
        return []
    first_day = max(first_day, until - timedelta(days=WEEK_DAYS - 1))
    first, last = day_number(first_day), day_number(until)
    listens = history_since(session, user, first_day).between(first_day, until).songs.listens
    day = np.arange(first, last + 1)
    worth = np.power(0.5, (last - day) / HALF_LIFE_DAYS)
    days = np.bincount(_weekday(day), weights=worth, minlength=WEEKDAYS)
    heard = distinct((listens.day - first).astype(np.int64) * HOURS + listens.hour)
    of_week = _weekday(heard // HOURS + first) * HOURS + heard % HOURS
    hours = np.bincount(of_week, weights=worth[heard // HOURS], minlength=WEEKDAYS * HOURS)
    return [
        HourShare(weekday, hour, float(hours[weekday * HOURS + hour] / days[weekday]))
        for weekday in np.flatnonzero(days).tolist()
        for hour in range(HOURS)
    ]


def unusual_days(session: Session, user: User, since: date, until: date, limit: int) -> list[tuple[date, float]]:
    """Days whose listens are farthest from what the same weekday had in the eight weeks before.

    (day, deviation), the largest first. The deviation is counted in standard deviations of that weekday, the spread
    taken as at least the square root of the mean (as for random counts) and at least 3 listens.
    """
    first_day = _first_day(session, user)
    if first_day is None or max(first_day, since) > until:
        return []
    first_day = max(first_day, _weeks_before(since))
    listens = _per_day(history_since(session, user, first_day).songs.listens, first_day, until).astype(np.float64)
    before = [np.append(np.zeros(WEEKDAYS * week), listens)[: len(listens)] for week in range(1, USUAL_WEEKS + 1)]
    weeks = np.minimum(np.arange(len(listens)) // WEEKDAYS, USUAL_WEEKS)
    mean = sum(before) / np.maximum(weeks, 1)
    spread = np.sqrt(np.maximum(sum(each**2 for each in before) / np.maximum(weeks, 1) - mean**2, 0))
    deviation = np.abs(listens - mean) / np.maximum(np.maximum(spread, np.sqrt(mean)), 3)
    day = np.arange(len(listens)) + day_number(first_day)
    asked = np.flatnonzero((weeks >= FEWEST_WEEKS) & (day >= day_number(since)))
    most = asked[np.lexsort((-day[asked], -deviation[asked]))][:limit]
    return [(day_of(day[at]), float(deviation[at])) for at in most]


def facts_of_days(session: Session, user: User, days: Collection[date]) -> dict[date, DayFacts]:
    """What each of these local days was like, silent ones too."""
    if not days:
        return {}
    first_day = _first_day(session, user) or max(days)
    begin, end = _weeks_before(min(days)), max(days)
    songs = history_since(session, user, begin).between(begin, end).songs
    per_day = _per_day(songs.listens, begin, end)
    tracks = {day: _tracks_of(songs.listens.between(day, day)) for day in days}
    artists = crud.artists_of(session, {track_id for counts in tracks.values() for track_id in counts})
    pairs = [(track_id, day) for day, counts in tracks.items() for track_id in counts]
    known = crud.listened_before(session, user.id, user.time_zone, pairs)
    facts = {}
    for day in days:
        plays = songs.between(day, day)
        artist, by_artist = _most_heard(tracks[day], artists)
        facts[day] = DayFacts(
            day=day,
            listens=len(plays.listens),
            ms_played=int(plays.ms_played.sum()),
            hours=np.flatnonzero(np.bincount(plays.listens.hour)).tolist(),
            usual_listens=_usual(per_day, (day - begin).days, (day - first_day).days),
            top_artist=artist,
            top_artist_listens=by_artist,
            new_tracks=sum((track_id, day) not in known for track_id in tracks[day]),
        )
    return facts


def _first_day(session: Session, user: User) -> date | None:
    """The local day of the first listen to a song."""
    ends = crud_listens.ends(session, user.id)
    return ends[0].astimezone(ZoneInfo(user.time_zone)).date() if ends else None


def _weeks_before(day: date) -> date:
    return day - timedelta(weeks=USUAL_WEEKS)


def _weekday(day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0 is Monday, as 1970-01-01 was a Thursday."""
    return (day + 3) % WEEKDAYS


def _per_day(plays: History, first: date, last: date) -> Counts:
    """How many of them each day had, from `first` to `last`."""
    day = plays.between(first, last).day - day_number(first)
    return np.bincount(day, minlength=(last - first).days + 1)


def _usual(per_day: Counts, at: int, age_days: int) -> float | None:
    """The mean of the same weekday before the day at this place, `age_days` after the history began."""
    weeks = min(USUAL_WEEKS, age_days // WEEKDAYS)
    if weeks < FEWEST_WEEKS:
        return None
    return float(sum(per_day[at - WEEKDAYS * week] for week in range(1, USUAL_WEEKS + 1)) / weeks)


def _tracks_of(listens: History) -> dict[int, int]:
    """track → listens, of those that have any."""
    counts = listens.per_track()
    heard = np.flatnonzero(counts)
    return dict(zip(listens.track_ids[heard].tolist(), counts[heard].tolist(), strict=True))


def _most_heard(tracks: dict[int, int], artists: dict[int, tuple[int, str]]) -> tuple[str | None, int]:
    """The artist with the most listens, and how many; of equal ones the one known longer to the catalogue."""
    listens: Counter[tuple[int, str]] = Counter()
    for track_id, count in tracks.items():
        listens[artists[track_id]] += count
    if not listens:
        return None, 0
    (_, name), most = min(listens.items(), key=lambda each: (-each[1], each[0]))
    return name, most
