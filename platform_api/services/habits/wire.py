"""What the habit model is asked and what it answers: raw plays in, chances out."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field

from platform_api.crud.earlier import Stretch
from platform_api.crud.habits import Candidate
from platform_api.crud.recommendations import PlayFact

MODEL = "habit"
MAX_PLAYS = 6000
"""Several months of a heavy listener: enough for the weekly pattern, and 1.5 MB of JSON."""
MOST_PLAYS = 24_000
"""A year and more of a heavy listener, 6 MB."""
MOST_SESSIONS = 20_000
"""The model takes no more: some ten years."""
MOST_DAYS = 4000
EARLIER_DAYS = 366
"""Before the plays only sessions are told, two numbers each: as far back as the model remembers, and a little more."""
HOURS = 168

Chance = Annotated[float, Field(ge=0, le=1)]
Hours = Annotated[float, Field(ge=0)]


class ForecastSession(BaseModel):
    expected_hours: Hours
    p10: Hours
    p90: Hours
    within_hours: dict[int, Chance] = {}
    """The chance that it begins within so many hours."""

    model_config = ConfigDict(allow_inf_nan=False)


class NextPlay(BaseModel):
    """What a play that begins now would be."""

    again: Chance
    known: Chance
    new_track: Chance
    new_artist: Chance

    model_config = ConfigDict(allow_inf_nan=False)


class NextArtist(BaseModel):
    """One of the listener's own artists, and the chance that a play which begins now is theirs."""

    artist: str
    chance: Chance

    model_config = ConfigDict(allow_inf_nan=False)


class PastDay(BaseModel):
    day: date
    surprise: float
    unusual_hours: list[int] = []
    missing_hours: list[int] = []

    model_config = ConfigDict(allow_inf_nan=False)


class Habits(BaseModel):
    forecast: Annotated[list[Chance], Field(min_length=HOURS, max_length=HOURS)]
    next_session: ForecastSession
    next_play: NextPlay
    next_artists: list[NextArtist] = []
    """Not told by models from before it was asked."""
    skips: list[Chance]
    days: list[PastDay]

    model_config = ConfigDict(allow_inf_nan=False)


def request_body(
    plays: Sequence[PlayFact],
    candidates: Sequence[Candidate],
    *,
    now: datetime,
    time_zone: str,
    days: int | None = None,
    earlier: Sequence[Stretch] = (),
) -> bytes:
    """`days`: how many past days to tell about, where not as many as the model does by itself; `earlier`: the sessions
    before the plays."""
    body: dict[str, object] = {
        "time_zone": time_zone,
        "now": now,
        "plays": [play._asdict() for play in plays],
        "candidates": [{"track": each.track, "artist": each.artist} for each in candidates],
    }
    if days is not None:
        body["days"] = days
    if earlier:
        body["earlier"] = earlier
    return orjson.dumps(body)


def plausible(candidates: Sequence[Candidate], today: date) -> Callable[[Habits], None]:
    """A check that raises ValueError when an answer cannot be true for this request."""

    def check(habits: Habits) -> None:
        if len(habits.skips) != len(candidates):
            raise ValueError(f"{len(habits.skips)} skip chances for {len(candidates)} candidates")
        session = habits.next_session
        if not session.p10 <= session.expected_hours <= session.p90:
            raise ValueError(f"a next session that is not in order: {session}")
        chances = [chance for _, chance in sorted(session.within_hours.items())]
        if chances != sorted(chances):
            raise ValueError(f"a longer wait that is less likely to be enough: {session.within_hours}")
        total = sum(habits.next_play.model_dump().values())
        if abs(total - 1) > 0.01:
            raise ValueError(f"chances of the next play that sum to {total}")
        if sum(each.chance for each in habits.next_artists) > 1.01:
            raise ValueError("chances of the next artist that sum to more than one")
        days = [each.day for each in habits.days]
        if len(set(days)) < len(days) or any(day > today for day in days):
            raise ValueError("days are told twice or lie ahead")

    return check
