"""A wrap as it is shown: its owner sees all of it, a stranger with a link only what the owner chose.

Names instead of ids, shares instead of sums wherever a picture needs no more. What was not chosen is null or an empty
list, and a moment that tells of two things (a track on a day) is there only where both were chosen.
"""

from datetime import date, datetime
from typing import Literal, get_args

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Peak, Span
from platform_api.schemas.wraps import DayParts, Shift, Streak

Choice = Literal["name", "amounts", "artists", "tracks", "days", "hours", "skips"]
EVERYTHING: tuple[Choice, ...] = get_args(Choice)


class ShownItem(BaseModel):
    rank: int
    name: str
    artist: str | None
    listens: int | None
    ms_played: int | None
    previous_rank: int | None


class ShownTrack(BaseModel):
    name: str
    artist: str | None


class Amounts(BaseModel):
    minutes: int
    listens: int
    tracks: int
    artists: int
    days_active: int
    first_listens: int
    new_artists: int
    minutes_before: int | None
    previous_span: Span | None = Field(
        default=None, description="the days of `minutes_before`; wraps kept by older releases do not say them"
    )
    minutes_at_most: int = Field(default=0, description="of `minutes`, of plays whose length nobody told")


class ShownDay(BaseModel):
    day: date
    share: float = Field(ge=0, le=1, description="of the loudest day")


class ShownPhase(BaseModel):
    artist: str
    first_day: date
    last_day: date
    share: float | None


class ShownBurst(BaseModel):
    track: ShownTrack
    first_day: date
    listens: int
    in_all: int


class ShownObsession(BaseModel):
    track: ShownTrack
    day: date
    listens: int


class ShownStrangeDay(BaseModel):
    day: date
    listens: int
    in_all: int
    artists: int
    artist: str


class ShownPeakDay(BaseModel):
    day: date
    ms_played: int
    track: ShownTrack | None


class ShownFound(BaseModel):
    track: ShownTrack
    day: date | None
    listens: int | None


class ShownComeback(BaseModel):
    """`track` or `artist` is set."""

    track: ShownTrack | None
    artist: str | None
    silent_days: int
    back_on: date
    listens: int | None


class ShownQuiet(BaseModel):
    artist: str
    rank_before: int
    listens_before: int
    listens: int


class ShownEndings(BaseModel):
    """Shares of the plays that tell how they ended, and whether they were skipped; null where none does."""

    finished: float | None
    skipped: float | None


class ShownSkipped(BaseModel):
    track: ShownTrack
    skips: int
    plays: int


class ShownFaithful(BaseModel):
    tracks: int
    track: ShownTrack
    plays: int


class ShownMoment(BaseModel):
    track: ShownTrack
    started_at: datetime


class ShownWrap(BaseModel):
    span: Span
    told_on: date | None = Field(
        default=None, description="the listener's day on which it was counted; no later day of its span is in it"
    )
    shows: list[Choice]
    silent: bool = Field(description="nothing was listened to in this span")
    bright: int = Field(ge=1, le=8, description="number of the hue of its bright colour")
    deep: int = Field(ge=1, le=8)
    time_zone: str | None
    name: str | None
    amounts: Amounts | None
    top_artists: list[ShownItem]
    top_tracks: list[ShownItem]
    top_albums: list[ShownItem]
    top_artist_share: float | None
    phases: list[ShownPhase]
    days: list[ShownDay]
    peak_day: ShownPeakDay | None
    strange_day: ShownStrangeDay | None
    longest_streak: Streak | None
    hours: list[float] = Field(description="24 shares of the loudest hour, or none")
    peak_hour: Peak | None
    day_parts: DayParts | None
    shift: Shift | None
    found: list[ShownFound]
    comebacks: list[ShownComeback]
    fell_silent: ShownQuiet | None
    burst: ShownBurst | None
    obsession: ShownObsession | None
    endings: ShownEndings | None
    most_skipped: ShownSkipped | None
    never_skipped: ShownFaithful | None
    first_song: ShownMoment | None
    last_song: ShownMoment | None
