"""A month or a year as a story: enough for ten to fourteen screens, each one idea with one number."""

from datetime import date, datetime

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
    """What returned after the longest silence; `track` or `artist` is set."""

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


class Palette(BaseModel):
    """What the two colours of a wrap are made from: the two artists listened to most."""

    style: str | None
    second: str | None


class Wrap(BaseModel):
    span: Span
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
    longest_streak: Streak | None
    finished_share: float | None = Field(ge=0, le=1, description="of the plays whose end is known; null where none is")
    skipped_share: float = Share
    shuffled_share: float | None = Field(ge=0, le=1)
    most_skipped: Skipped | None
    most_finished: FinishedTrack | None
    obsession: Obsession | None
    first_song: ListenedAt | None
    last_song: ListenedAt | None
    top_artist_share: float = Field(ge=0, le=1, description="of the time listened, spent with the artist heard longest")
    palette: Palette
