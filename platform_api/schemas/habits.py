"""A listener's rhythm: the coming week, the next session, likely skips, surprising days."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.discoveries import ObsessionStretch
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import NamedRef, TrackRef


class ForecastHour(BaseModel):
    """The chance of any music in one hour."""

    start: datetime = Field(description="UTC; full hours by the listener's clock")
    weekday: int = Field(ge=0, le=6, description="0 is Monday, by the listener's clock")
    local_hour: int = Field(ge=0, le=23)
    probability: float = Field(ge=0, le=1)


class BackWithin(BaseModel):
    hours: int
    probability: float = Field(ge=0, le=1)


class NextSession(BaseModel):
    """Hours from now until the next session begins: as likely sooner as later, and the range that holds 8 of 10."""

    expected_hours: float = Field(ge=0)
    p10: float = Field(ge=0)
    p90: float = Field(ge=0)
    within: list[BackWithin] = Field(
        description="The chance that it begins within so many hours, shortest first; empty where no model told it"
    )


class NextPlay(BaseModel):
    """What a play that begins now would be; the chances sum to one. What the latest 5,000 plays do not hold is new."""

    again: float = Field(ge=0, le=1, description="Heard in this session already")
    known: float = Field(ge=0, le=1, description="Heard before, not in this session")
    new_track: float = Field(ge=0, le=1, description="A new track by an artist heard before")
    new_artist: float = Field(ge=0, le=1, description="A new track by a new artist")


class NextArtist(BaseModel):
    """One of the listener's own artists, as likely as said to be heard if music began now."""

    artist: NamedRef
    probability: float = Field(ge=0, le=1)
    why: str = Field(description="What the listener's own latest weeks say of them, in a sentence")


class LikelySkip(BaseModel):
    track: TrackRef
    probability: float = Field(ge=0, le=1)
    why: str | None = Field(description="What became of its recent plays, in a sentence")


class SurprisingDay(BaseModel):
    """A past day that broke the pattern."""

    day: date
    surprise: float = Field(description="Standard deviations from the expected; 2 is rare")
    why: str


class PastDays(BaseModel):
    """The days of a span that were least like the listener, the most surprising first."""

    model: ModelInfo
    first_day: date
    last_day: date
    days: list[SurprisingDay]


class DueBack(BaseModel):
    """A track or an artist (exactly one of the two) that is late by the rhythm of its own returns."""

    track: TrackRef | None
    artist: NamedRef | None
    visits: int = Field(description="How often it was come back to; listens within a week are one visit")
    usual_days: int = Field(description="The median silence between two of the latest visits")
    silent_days: int = Field(description="Days since its last listen")
    last_day: date
    why: str


class PatternMonth(BaseModel):
    """Listens of a month by what they were; the first twelve weeks of a history are left out."""

    start: date
    routine: int = Field(description="Of artists listened to in at least half of the twelve weeks before")
    phase: int = Field(description="Of an artist who had taken over, as the obsessions of the analysis")
    new: int = Field(description="Of artists first heard within the twelve weeks before")
    visit: int = Field(description="All others: somebody known, now and then")


class HabitPatterns(BaseModel):
    """Routine against phases, and what is due for a comeback."""

    as_of: date | None = Field(description="The day that everything is told of: today, or the last of a history")
    told: str = Field(description="Routine against phases over the latest months, in a sentence")
    months: list[PatternMonth] = Field(description="Oldest first; at most the latest 24")
    phases: list[ObsessionStretch] = Field(description="Artists who took over, oldest first; at most the latest 12")
    phase_now: bool = Field(description="Whether the last of the phases still goes on")
    due_artists: list[DueBack] = Field(description="What was listened to most first, at most 6")
    due_tracks: list[DueBack]


class HabitPage(BaseModel):
    """Everything the habit page shows."""

    model: ModelInfo
    history_ended: date | None = Field(
        description="Set where the history ended more than a week ago: the page then looks ahead from the day after"
    )
    routine: str = Field(description="The listener's week in a sentence or two")
    forecast: list[ForecastHour] = Field(description="The next 168 hours; empty for a listener without music yet")
    next_session: NextSession | None
    next_play: NextPlay | None = Field(description="None while the model is away: nothing plainer says it")
    next_artists: list[NextArtist] = Field(description="Likeliest first; empty while the model is away")
    likely_skips: list[LikelySkip]
    surprising_days: list[SurprisingDay]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": {"name": "habit", "version": "3", "is_fallback": False, "detail": None},
                    "history_ended": None,
                    "routine": "Music is most likely on Thursdays at 22:00: it played then in 71 % of recent weeks.",
                    "forecast": [
                        {"start": "2024-06-01T19:00:00Z", "weekday": 5, "local_hour": 21, "probability": 0.62}
                    ],
                    "next_session": {
                        "expected_hours": 2.1,
                        "p10": 0.3,
                        "p90": 11.4,
                        "within": [{"hours": 3, "probability": 0.58}],
                    },
                    "next_play": {"again": 0.12, "known": 0.71, "new_track": 0.11, "new_artist": 0.06},
                    "next_artists": [
                        {
                            "artist": {"id": 7, "name": "Grey Harbour"},
                            "probability": 0.18,
                            "why": "31 listens in 4 weeks, 9 of them around 21:00.",
                        }
                    ],
                    "likely_skips": [],
                    "surprising_days": [
                        {
                            "day": "2024-05-17",
                            "surprise": 3.1,
                            "why": "61 listens, where a Friday usually has about 18.",
                        }
                    ],
                }
            ]
        }
    )
