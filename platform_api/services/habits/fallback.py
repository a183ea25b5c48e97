"""When the habit model cannot be asked: the decayed week of the past stands in for the coming one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from platform_api.crud.habits import Candidate
from platform_api.models import User
from platform_api.services.habits import days
from platform_api.services.habits.days import HourShare
from platform_api.services.habits.hours import LocalHour
from platform_api.services.habits.wire import ForecastSession, PastDay

NAME = "past_weeks"
SURPRISE_WINDOW_DAYS = 28


def forecast(shares: Sequence[HourShare], hours: Sequence[LocalHour]) -> list[float]:
    """The chance of music in each coming hour: how often that hour of the week had music."""
    known: Mapping[tuple[int, int], float] = {(each.weekday, each.hour): each.share for each in shares}
    return [known.get((hour.weekday, hour.local_hour), 0.0) for hour in hours]


def next_session(chances: Sequence[float], hours_to_first: float) -> ForecastSession | None:
    """Hours until music begins, from independent hourly chances; None where it is unlikely within the week."""

    def quantile(wanted: float) -> float | None:
        silent = 1.0
        for place, chance in enumerate(chances):
            if 1 - silent * (1 - chance) >= wanted:
                return hours_to_first + place + (wanted - (1 - silent)) / (silent * chance)  # evenly within the hour
            silent *= 1 - chance
        return None

    low, middle, high = quantile(0.1), quantile(0.5), quantile(0.9)
    if low is None or middle is None:
        return None
    week = hours_to_first + len(chances)
    return ForecastSession(expected_hours=middle, p10=low, p90=week if high is None else high)


def skips(candidates: Sequence[Candidate]) -> list[float]:
    """The share of recent plays that was skipped, of those that tell, drawn towards one in four where they are few."""
    return [(each.skips + 1) / (each.told + 4) for each in candidates]


def unusual_days(session: Session, user: User, until: date, limit: int, since: date | None = None) -> list[PastDay]:
    """Days with many more or fewer listens than the same weekdays before them, of the latest four weeks or `since`."""
    since = since or until - timedelta(days=SURPRISE_WINDOW_DAYS - 1)
    found = days.unusual_days(session, user, since, until, limit)
    return [PastDay(day=day, surprise=round(deviation, 3)) for day, deviation in found]
