"""What is new, what came back, what was forgotten, what took over, who led, and round numbers. Songs only."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Span
from platform_api.schemas.tracks import NamedRef, TrackRef


class Newness(BaseModel):
    """A listen is of a new track (artist) where that was listened to for the first time within the span."""

    heard: int = Field(description="different ones listened to")
    new: int = Field(description="of these, listened to for the first time ever")
    new_share: float | None = Field(description="new / heard")
    listens_share: float | None = Field(description="the part of all listens that went to new ones")


class DiscoveryPoint(BaseModel):
    start: date
    listens: int
    new_tracks: int
    new_artists: int
    to_new_tracks: int = Field(description="listens of tracks that were new in this very day or month")


class NewTrack(BaseModel):
    track: TrackRef
    first_at: datetime
    listens: int


class NewArtist(BaseModel):
    artist: NamedRef
    first_at: datetime
    listens: int


class Discoveries(BaseModel):
    span: Span
    tracks: Newness
    artists: Newness
    points: list[DiscoveryPoint] = Field(
        description="by day for up to three months, by month beyond; only those with listens"
    )
    found_tracks: list[NewTrack] = Field(description="new ones, the most listened to first, at most 10")
    found_artists: list[NewArtist]


class TrackComeback(BaseModel):
    track: TrackRef
    silent_days: int = Field(description="days between two listens with none between")
    left_on: date
    back_on: date
    listens: int = Field(description="since it came back, within the span")


class ArtistComeback(BaseModel):
    artist: NamedRef
    silent_days: int
    left_on: date
    back_on: date
    listens: int


class ForgottenTrack(BaseModel):
    track: TrackRef
    listens: int
    last_day: date


class ForgottenArtist(BaseModel):
    artist: NamedRef
    listens: int
    last_day: date


class Rediscovery(BaseModel):
    span: Span
    silence_days: int = Field(description="silences at least this long count")
    tracks: list[TrackComeback] = Field(description="the longest silence first, at most 10")
    artists: list[ArtistComeback]
    forgotten_since: date = Field(description="favourites not listened to from this day to the end of the span")
    forgotten_tracks: list[ForgottenTrack] = Field(description="the most listened to first, at most 10")
    forgotten_artists: list[ForgottenArtist]


class ObsessionStretch(BaseModel):
    """A stretch that one track or artist dominated; exactly one of the two is told."""

    track: TrackRef | None
    artist: NamedRef | None
    first_day: date
    last_day: date
    days: int
    listens: int
    share: float = Field(description="of all listens in these days")


class Obsessions(BaseModel):
    span: Span
    tracks: list[ObsessionStretch] = Field(description="the most listens first, at most 20")
    artists: list[ObsessionStretch]


MilestoneKind = Literal["first_listen", "listens", "hours", "tracks", "artists"]


class Milestone(BaseModel):
    kind: MilestoneKind
    number: int = Field(description="the how-manieth: listen, whole hour, different track or artist listened to")
    at: datetime
    day: date
    track: TrackRef


class NextMilestone(BaseModel):
    kind: MilestoneKind
    number: int
    reached: int


class Milestones(BaseModel):
    span: Span
    items: list[Milestone] = Field(description="oldest first")
    upcoming: list[NextMilestone] = Field(description="of all time, one of each kind")


class FoundThen(BaseModel):
    track: TrackRef
    listens: int = Field(description="ever since, that day included")


class DayThen(BaseModel):
    """One earlier year's day with listens."""

    day: date
    years_ago: int
    listens: int
    first_track: TrackRef
    first_at: datetime
    top_track: TrackRef = Field(description="of equal ones the one heard first")
    top_listens: int
    new_tracks: int = Field(description="tracks listened to for the first time ever")
    found: list[FoundThen] = Field(description="of these the ones most listened to since, at most three")


class ThisDay(BaseModel):
    day: date
    years: list[DayThen] = Field(description="the latest first; years that were silent on the day are left out")


LedKind = Literal["artists", "tracks", "albums"]
LedUnit = Literal["week", "month", "year"]


class Led(BaseModel):
    """`id` is an artist's, a track's or an album's."""

    id: int
    name: str
    artist: NamedRef | None
    periods: int = Field(description="weeks, months or years in which it was number one")


class Reign(BaseModel):
    """Periods in a row with the same number one; days within the span."""

    id: int
    name: str
    artist: NamedRef | None
    first_day: date
    last_day: date
    periods: int
    listens: int
    ms_played: int
    share: float = Field(description="of everything in these days, by the measure asked for")


class Leaders(BaseModel):
    """Who was number one when."""

    span: Span
    kind: LedKind
    unit: LedUnit
    by: Literal["listens", "time"]
    periods: int = Field(description="weeks, months or years with a number one; the silent ones are left out")
    leaders: list[Led] = Field(description="the most periods first, then who was first to lead")
    reigns: list[Reign] = Field(description="oldest first")
