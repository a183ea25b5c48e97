"""When somebody listens: days in a row, and sessions. Songs only; every word is defined in docs/analytics.md."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Span
from platform_api.schemas.tracks import NamedRef, TrackRef


class DayRun(BaseModel):
    """Days in a row with at least one listen, both included."""

    days: int
    first_day: date
    last_day: date


class ArtistRun(DayRun):
    artist: NamedRef


class TrackRun(DayRun):
    track: TrackRef


class Streaks(BaseModel):
    span: Span
    current: DayRun | None = Field(
        description="of all time: the run that reaches today or yesterday; null where it is broken"
    )
    longest: list[DayRun] = Field(description="within the span, the longest first, at most 10")
    artists: list[ArtistRun] = Field(description="each artist's longest run within the span, at most 10")
    tracks: list[TrackRun]


class Session(BaseModel):
    started_at: datetime
    ended_at: datetime
    minutes: int = Field(description="from its first start to its last end")
    plays: int
    ms_played: int
    first_track: TrackRef
    last_track: TrackRef


class SessionEdge(BaseModel):
    """A track that sessions begin or end with."""

    track: TrackRef
    sessions: int


class LengthBand(BaseModel):
    """Sessions of at least `from_minutes` and less than `to_minutes` (null: no limit)."""

    from_minutes: int
    to_minutes: int | None
    sessions: int


class Sessions(BaseModel):
    """A session ends where nothing begins for `gap_minutes`; it belongs to the span in which it begins."""

    span: Span
    gap_minutes: int
    count: int
    mean_minutes: float | None
    median_minutes: float | None
    plays_per_session: float | None
    lengths: list[LengthBand]
    begins_by_hour: list[int] = Field(description="24 hours, the listener's clock")
    begins_by_weekday: list[int] = Field(description="7 days, Monday first")
    longest: list[Session] = Field(description="the longest first, at most 5")
    first_tracks: list[SessionEdge] = Field(description="at most 10, the most frequent first")
    last_tracks: list[SessionEdge]
