"""A listener's rhythm: the coming week, the next session, likely skips, surprising days."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import TrackRef


class ForecastHour(BaseModel):
    """The chance of any music in one hour."""

    start: datetime = Field(description="UTC; full hours by the listener's clock")
    weekday: int = Field(ge=0, le=6, description="0 is Monday, by the listener's clock")
    local_hour: int = Field(ge=0, le=23)
    probability: float = Field(ge=0, le=1)


class NextSession(BaseModel):
    """Hours from now until the next session begins: as likely sooner as later, and the range that holds 8 of 10."""

    expected_hours: float = Field(ge=0)
    p10: float = Field(ge=0)
    p90: float = Field(ge=0)


class NextPlay(BaseModel):
    """What a play that begins now would be; the chances sum to one."""

    again: float = Field(ge=0, le=1, description="Heard in this session already")
    known: float = Field(ge=0, le=1, description="Heard before, not in this session")
    new_track: float = Field(ge=0, le=1, description="A new track by an artist heard before")
    new_artist: float = Field(ge=0, le=1, description="A new track by a new artist")


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
                    "next_session": {"expected_hours": 2.1, "p10": 0.3, "p90": 11.4},
                    "next_play": {"again": 0.12, "known": 0.71, "new_track": 0.11, "new_artist": 0.06},
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
