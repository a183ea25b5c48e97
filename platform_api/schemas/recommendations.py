"""What to play next, and why."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import TrackRef

Wish = Literal["discover", "comfort", "rediscover", "hour"]
RankedKind = Literal["played_often", "plays_after", "this_hour", "same_artist", "sounds_like", "comeback", "popular"]
"""Why a model, or plain counting, chose a track."""
ReasonKind = Literal[RankedKind, "loved"]


class Reason(BaseModel):
    """Why a track is suggested: a sentence that is true of the listener's own history, and the tracks that show it."""

    kind: ReasonKind
    text: str
    tracks: list[TrackRef] = []


class Recommendation(BaseModel):
    rank: int = Field(ge=1)
    track: TrackRef
    score: float = Field(description="Comparable within one answer only; what is loved may stand above a higher one")
    reasons: list[Reason]
    loved: bool = Field(default=False, description="The listener said `love` to it")


class Recommendations(BaseModel):
    """Suggested tracks, best first."""

    model: ModelInfo
    wish: Wish
    items: list[Recommendation]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": {"name": "recommender", "version": "3", "is_fallback": False, "detail": None},
                    "wish": "comfort",
                    "items": [
                        {
                            "rank": 1,
                            "track": {
                                "id": 41,
                                "key": "spotify:track:0abc0abc0abc0abc0abc0a",
                                "name": "Cold Lantern",
                                "artist": {"id": 7, "name": "Grey Harbour"},
                                "album": None,
                                "has_sound": True,
                            },
                            "score": 3.21,
                            "reasons": [
                                {
                                    "kind": "played_often",
                                    "text": "You have listened to it 41 times, last on 3 May 2024.",
                                    "tracks": [],
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )


class Feedback(BaseModel):
    """`love` keeps a track in mind, `hide` never suggests it again."""

    verdict: Literal["love", "hide"]

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"verdict": "hide"}]})


class LovedTrack(BaseModel):
    track: TrackRef
    loved_at: datetime


class LovedTracks(BaseModel):
    """What the listener said `love` to, the latest first."""

    items: list[LovedTrack]


class HiddenTrackShown(BaseModel):
    track: TrackRef
    hidden_at: datetime


class HiddenTracks(BaseModel):
    """Tracks that are never suggested again, the latest first."""

    items: list[HiddenTrackShown]


class GivenFeedback(Feedback):
    """The listener's latest word about a track."""

    track_id: int
