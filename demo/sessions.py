"""A listener's sessions: instants in UTC, before it is known what is played in them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from demo.listeners import Listener
from demo.params import TownParams
from demo.randomness import stream
from demo.rhythms import RHYTHMS, Slot

PAUSE_HOURS = (0.6, 0.6)
"""Shortest pause between two sittings and the mean of what is added to it."""
AGAIN = {1: 0.55, 2: 0.78, 3: 0.82}
"""Chance that a sitting is followed by another one, by how much the slot invites to it."""
NOW_AND_THEN, DAILY = (0.74, 0.34), (0.9, 0.6)
"""Chance of a day with music after one with music, and after one without."""
MANY_A_YEAR = 8000
"""Plays a year from which somebody listens nearly every day."""
HOURS_ON_END = 5.5
"""No sitting begins later than this after the first of its row."""
USUAL_MINUTES_PER_PLAY = 3.3


@dataclass(frozen=True)
class Session:
    """One sitting: when it begins, for how long one means to listen, and while doing what."""

    starts_at: datetime
    minutes: float
    doing: str
    mobile: bool
    away: bool
    local_hour: float


def first_day(listener: Listener, params: TownParams) -> date:
    """The first day of the listener's history."""
    return params.end - timedelta(days=int(listener.years * 365.25) - 1)


def make_sessions(listener: Listener, params: TownParams, minutes_per_play: float) -> list[Session]:
    """All sessions in order of time, not overlapping, about as many as the listener's plays need.

    How often the listener takes to music is scaled until the planned minutes are right: overlaps drop some sessions.
    """
    wanted = listener.plays * minutes_per_play
    activity = 1.0
    for _ in range(5):
        sessions = _plan_sessions(listener, params, minutes_per_play, activity)
        activity *= wanted / sum(session.minutes for session in sessions)
    return sessions


def _plan_sessions(listener: Listener, params: TownParams, minutes_per_play: float, activity: float) -> list[Session]:
    rng = stream(params.seed, "sessions", listener.handle)
    zone = ZoneInfo(listener.time_zone)
    away = _away_days(listener, params, rng)
    length = minutes_per_play / USUAL_MINUTES_PER_PLAY
    stays, resumes = DAILY if listener.plays / listener.years > MANY_A_YEAR else NOW_AND_THEN
    mood, listening = 1.0, True
    sessions: list[Session] = []
    for offset in range(int(listener.years * 365.25)):
        day = first_day(listener, params) + timedelta(days=offset)
        mood = float(np.clip(0.86 * mood + 0.14 + rng.normal(0, 0.17), 0.25, 1.9))
        listening = bool(rng.random() < (stays if listening else resumes))
        if not listening:
            continue
        for slot in RHYTHMS[listener.rhythm]:
            if slot.days != _kind_of_day(listener, day, offset, day in away):
                continue
            wish = slot.chance * activity * mood
            if rng.random() < min(0.97, wish):
                longer = length * max(1.0, wish / 0.97) ** 0.5
                sessions += _sittings(rng, slot, day, zone, longer, day in away)
    sessions.sort(key=lambda session: session.starts_at)
    return _without_overlap(rng, sessions, params.end_instant)


def _away_days(listener: Listener, params: TownParams, rng: np.random.Generator) -> set[date]:
    """A long holiday in the local summer and a few short ones."""
    days: set[date] = set()
    start = first_day(listener, params)
    southern = listener.time_zone.startswith(("Australia", "Pacific", "America/Sao", "America/Santiago"))
    for year in range(start.year, params.end.year + 1):
        long_one = date(year, 1 if southern else 7, 1) + timedelta(days=int(rng.integers(0, 35)))
        breaks = [(long_one, int(rng.integers(9, 19)))]
        breaks += [
            (date(year, 1, 1) + timedelta(days=int(rng.integers(0, 360))), int(rng.integers(3, 7))) for _ in range(2)
        ]
        for begin, length in breaks:
            days |= {begin + timedelta(days=step) for step in range(length)}
    return days


def _kind_of_day(listener: Listener, day: date, offset: int, away: bool) -> str:
    if away:
        return "free"
    if listener.rhythm == "shift_worker":
        return "work" if (offset // 7) % 2 == 0 and day.weekday() != 6 else "free"
    return "work" if day.weekday() < 5 else "free"


def _sittings(
    rng: np.random.Generator, slot: Slot, day: date, zone: ZoneInfo, longer: float, away: bool
) -> list[Session]:
    hour = float(rng.normal(slot.hour + (1.2 if away else 0.0), slot.spread * (1.8 if away else 1.0)))
    latest = hour + HOURS_ON_END
    made: list[Session] = []
    while not made or (hour < latest and rng.random() < AGAIN[slot.sittings]):
        midnight = datetime(day.year, day.month, day.day)
        local = (midnight + timedelta(seconds=int(max(0.0, hour) * 3600))).replace(tzinfo=zone)
        minutes = float(slot.minutes * longer * rng.lognormal(-0.15, 0.55)) * (0.8 if away else 1.0)
        starts_at = local.astimezone(UTC)
        made.append(Session(starts_at, min(minutes, 240.0), slot.doing, slot.mobile, away, hour % 24))
        hour += minutes / 60 + PAUSE_HOURS[0] + float(rng.exponential(PAUSE_HOURS[1]))
    return made


def _without_overlap(rng: np.random.Generator, sessions: list[Session], end: datetime) -> list[Session]:
    kept: list[Session] = []
    free_from: datetime | None = None
    for session in sessions:
        if free_from is not None and session.starts_at < free_from:
            continue
        finish = session.starts_at + timedelta(minutes=session.minutes + 6)
        if finish >= end:
            continue
        kept.append(session)
        free_from = finish + timedelta(minutes=float(rng.exponential(30)))
    return kept
