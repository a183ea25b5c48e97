"""A month or a year as a story: enough for ten to fourteen screens, each one idea with one number."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Calendar, Clock, Span, Timeline, TopItem, Totals
from platform_api.schemas.tracks import NamedRef, TrackRef

Share = Field(ge=0, le=1)


class WrapListener(BaseModel):
    handle: str
    display_name: str


class PeakDay(BaseModel):
    """The day with the most music, and what was heard longest on it."""

    day: date
    listens: int
    ms_played: int
    track: TrackRef | None


class FoundTrack(BaseModel):
    track: TrackRef
    day: date
    listens: int


class Discovery(BaseModel):
    """First listens ever. `first` are the tracks that stayed: most listened to since."""

    count: int
    artists: int
    first: list[TrackRef]
    favourites: list[FoundTrack]


class Comeback(BaseModel):
    """What returned after a long silence; `track` or `artist` is set."""

    track: TrackRef | None
    artist: NamedRef | None
    silent_days: int
    back_on: date
    listens: int


class Streak(BaseModel):
    days: int
    first_day: date
    last_day: date


class Skipped(BaseModel):
    track: TrackRef
    skips: int
    plays: int


class FinishedTrack(BaseModel):
    track: TrackRef
    finished: int
    plays: int


class Obsession(BaseModel):
    """The track heard most often in a single day."""

    track: TrackRef
    day: date
    listens: int


class ListenedAt(BaseModel):
    track: TrackRef
    started_at: datetime


class DayParts(BaseModel):
    """Shares of the time listened, by local hour: night 0–6, morning 6–12, afternoon 12–18, evening 18–24."""

    night: float = Share
    morning: float = Share
    afternoon: float = Share
    evening: float = Share


class Phase(BaseModel):
    """Months or weeks in a row in which one artist was listened to longest."""

    artist: NamedRef
    first_day: date
    last_day: date
    listens: int
    ms_played: int
    share: float = Field(ge=0, le=1, description="of all music of these days")


class Burst(BaseModel):
    """A track whose listens crowd into the seven days from `first_day`."""

    track: TrackRef
    first_day: date
    listens: int
    in_all: int


class StrangeDay(BaseModel):
    """The day unlike the others: `listens` of `in_all` were of artists that no other day of the span heard."""

    day: date
    listens: int
    in_all: int
    artists: int
    artist: NamedRef


class Quiet(BaseModel):
    """An artist of the span before who was hardly heard in this one."""

    artist: NamedRef
    rank_before: int
    listens_before: int
    listens: int


class Shift(BaseModel):
    """The part of the day whose share of the time listened changed most since the span before."""

    part: Literal["night", "morning", "afternoon", "evening"]
    share: float = Share
    before: float = Share


class Faithful(BaseModel):
    """Tracks played often and never skipped; `track` is the one played most."""

    tracks: int
    track: TrackRef
    plays: int


class Palette(BaseModel):
    """What the two colours of a wrap are made from: the two artists listened to most. Hues are numbers 1 to 8."""

    style: str | None
    second: str | None
    bright: int = 1
    deep: int = 1


class Wrap(BaseModel):
    span: Span
    told_on: date | None = Field(default=None, description="the listener's day on which it was counted")
    listener: WrapListener
    totals: Totals
    top_tracks: list[TopItem]
    top_artists: list[TopItem]
    top_albums: list[TopItem]
    clock: Clock
    calendar: Calendar
    timeline: Timeline
    day_parts: DayParts | None
    peak_day: PeakDay | None
    discovery: Discovery
    comeback: Comeback | None
    comebacks: list[Comeback] = Field(default=[], description="longest silence first")
    phases: list[Phase] = Field(default=[], description="oldest first; empty for less than a month")
    burst: Burst | None = None
    strange_day: StrangeDay | None = None
    fell_silent: Quiet | None = None
    shift: Shift | None = None
    never_skipped: Faithful | None = None
    longest_streak: Streak | None
    finished_share: float | None = Field(ge=0, le=1, description="of the plays whose end is known; null where none is")
    skipped_share: float | None = Field(ge=0, le=1, description="of the plays of which it is known; null where none is")
    shuffled_share: float | None = Field(ge=0, le=1)
    most_skipped: Skipped | None
    most_finished: FinishedTrack | None
    obsession: Obsession | None
    first_song: ListenedAt | None
    last_song: ListenedAt | None
    top_artist_share: float = Field(ge=0, le=1, description="of the time listened, spent with the artist heard longest")
    palette: Palette
