"""Answers about a listener's history. Music counts songs only; what is spoken is told apart."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from platform_api.schemas.tracks import NamedRef, TrackKind, TrackRef


class Span(BaseModel):
    """Local days, both included."""

    text: str
    first_day: date
    last_day: date


class Spans(BaseModel):
    """What there is to ask about. Days are null and lists empty where nothing was imported yet."""

    first_day: date | None
    last_day: date | None
    years: list[str]
    months: list[str] = Field(examples=[["2024-05"]])


class Spoken(BaseModel):
    """Episodes and audiobook chapters."""

    plays: int
    ms_played: int
    minutes: int


class Numbers(BaseModel):
    plays: int
    listens: int = Field(description="plays of at least 30 seconds")
    skips: int
    skips_known: int = Field(description="plays of which it is known whether they were skipped")
    ms_played: int
    minutes: int
    tracks: int = Field(description="different tracks listened to")
    artists: int
    albums: int
    days_active: int = Field(description="days with at least one listen")
    first_listens: int = Field(description="tracks listened to for the first time ever")
    spoken: Spoken


class Uncertain(BaseModel):
    """Plays whose length nobody told, among those of the span. docs/analytics.md says where they come from."""

    by_track_plays: int = Field(default=0, description="counted with the length of their track, or until the next play")
    by_track_ms: int = Field(default=0, description="how much of `ms_played` these make, at most")
    least_plays: int = Field(default=0, description="counted with half a minute each, the least that a listen can be")


class Totals(Numbers):
    span: Span
    uncertain: Uncertain = Field(default_factory=Uncertain)
    previous: Numbers | None = Field(
        description="the span compared with; null for all time and where the history begins within the span before,"
        " unless one was asked for"
    )
    previous_span: Span | None = Field(
        default=None,
        description="`against`, else the span before: as many days of it as have passed of a span that still runs",
    )


class TopItem(BaseModel):
    """`id` is a track's, an artist's (also of a podcast) or an album's (also of an audiobook)."""

    rank: int
    id: int
    name: str
    artist: NamedRef | None
    album: str | None
    cover_url: str | None = Field(default=None, description="A picture at Spotify, where somebody here is connected")
    listens: int
    plays: int
    ms_played: int
    previous_rank: int | None = Field(description="rank in the span compared with; null where it was not listened to")


class Top(BaseModel):
    items: list[TopItem]
    total: int
    span: Span
    previous_span: Span | None


class Cell(BaseModel):
    weekday: int = Field(ge=0, le=6, description="0 is Monday")
    hour: int = Field(ge=0, le=23)
    listens: int
    ms_played: int


class Peak(BaseModel):
    weekday: int
    hour: int


class Clock(BaseModel):
    """All 168 hours of a week."""

    cells: list[Cell]
    peak: Peak | None


class Day(BaseModel):
    day: date
    listens: int
    ms_played: int


class Calendar(BaseModel):
    """Days with plays, oldest first."""

    days: list[Day]


class Point(BaseModel):
    start: date
    listens: int
    ms_played: int


class Timeline(BaseModel):
    """Every day or month of the span, oldest first, also the silent ones."""

    unit: Literal["day", "month"]
    points: list[Point]


class PlayRow(BaseModel):
    """One play, told as the track that it counts as. `played_track_id` and `ended_at` name it."""

    track: TrackRef
    played_track_id: int
    kind: TrackKind
    started_at: datetime
    ended_at: datetime
    ms_played: int
    is_listen: bool
    skipped: bool | None
    source: str = Field(description="where it came from, `manual` for one added by hand")


class Plays(BaseModel):
    items: list[PlayRow]
    next_before: str | None = Field(description="pass it as `before` for the next page; null at the end")
