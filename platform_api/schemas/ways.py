"""How somebody listens: what is skipped and finished, how plays begin and end, on what and where. Songs only."""

from datetime import date

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Span
from platform_api.schemas.tracks import TrackRef


class ShareTold(BaseModel):
    """What the export tells of a part of the plays; older and plain account data tell nothing."""

    told: int = Field(description="plays of which it is known")
    yes: int
    share: float | None = Field(description="yes / told; null where nothing is told")


class PlayReason(BaseModel):
    reason: str | None = Field(description="as Spotify's export names it; null: not told", examples=["trackdone"])
    plays: int
    share: float


class TrackCount(BaseModel):
    track: TrackRef
    times: int
    plays: int


class Completion(BaseModel):
    """How far plays get, of those of whose track the length is known or can be estimated."""

    known_length: int = Field(description="plays of a track whose length the catalogue knows")
    estimated_length: int = Field(description="plays of a track whose longest plays agree on a length")
    unknown_length: int = Field(description="plays that nothing can be said about; left out of what follows")
    finished: int = Field(description="plays that reached 95 % of the length")
    finished_share: float | None
    mean_share: float | None = Field(description="mean part of the track that was played")
    tenths: list[int] = Field(description="plays that ended in each tenth of the track; the last holds finished ones")


class SkipPoint(BaseModel):
    start: date
    plays: int
    known: int = Field(description="plays of which it is known whether they were skipped")
    skips: int


class Ways(BaseModel):
    span: Span
    plays: int
    skips: int
    skips_known: int = Field(description="plays of which it is known whether they were skipped")
    skip_share: float | None = Field(description="skips / skips_known; null where it is known of none")
    skips_told: int = Field(description="skips by Spotify's own flag; the others pressed “next”")
    points: list[SkipPoint] = Field(description="by day for up to three months, by month beyond; only those with plays")
    completion: Completion
    began: list[PlayReason]
    ended: list[PlayReason]
    shuffled: ShareTold
    offline: ShareTold
    private: ShareTold
    most_skipped: list[TrackCount] = Field(
        description="at most 10, each skipped 3 times or more; of the plays of which it is known; rarely played ones"
        " count less"
    )
    most_finished: list[TrackCount] = Field(description="at most 10")


class Device(BaseModel):
    device: str | None = Field(
        description="android, ios, windows, mac, linux, web, watch, tv, console, car, speaker or other; null: not told"
    )
    plays: int
    listens: int
    ms_played: int
    share: float = Field(description="of the time listened")


class Country(BaseModel):
    country: str | None = Field(description="ISO 3166 code; null: not told", examples=["CZ"])
    plays: int
    listens: int
    ms_played: int
    share: float = Field(description="of the time listened")
    days: int = Field(description="local days with plays there")
    first_day: date
    last_day: date


class Places(BaseModel):
    """On what and where, the most time first."""

    span: Span
    devices: list[Device]
    countries: list[Country]
