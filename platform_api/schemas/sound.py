"""A track or artist with the listener's own story, and what sounds alike."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import NamedRef, TrackRef


class MonthHeard(BaseModel):
    """One local month with plays."""

    model_config = ConfigDict(from_attributes=True)

    month: date = Field(description="First day of the month")
    plays: int
    listens: int
    ms_played: int


class ListeningStory(BaseModel):
    """How one listener has listened to something, all time."""

    model_config = ConfigDict(from_attributes=True)

    plays: int
    listens: int
    skips: int
    ms_played: int
    first_played_at: datetime | None
    last_played_at: datetime | None
    months: list[MonthHeard]


class TrackDetail(ListeningStory):
    """A track and the listener's story with it."""

    track: TrackRef
    album: NamedRef | None
    artist: NamedRef
    duration_ms: int | None
    has_sound: bool


class ArtistTrack(BaseModel):
    track: TrackRef
    plays: int
    listens: int


class ArtistDetail(ListeningStory):
    """An artist, the listener's story with them, and their tracks, the most listened first."""

    artist: NamedRef
    tracks: list[ArtistTrack]


class SimilarTrack(BaseModel):
    track: TrackRef
    similarity: float | None = Field(
        description="Cosine of the two sounds, at most 1; null where the track was chosen without hearing it"
    )


class SimilarTracks(BaseModel):
    """Tracks that sound alike, nearest first."""

    model: ModelInfo
    items: list[SimilarTrack]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": {"name": "audio_embedder", "version": "2", "is_fallback": False, "detail": None},
                    "items": [
                        {
                            "track": {
                                "id": 77,
                                "key": "spotify:track:0abc0abc0abc0abc0abc0b",
                                "name": "Undertow",
                                "artist": {"id": 9, "name": "Mira Sol"},
                                "album": None,
                                "has_sound": True,
                            },
                            "similarity": 0.94,
                        }
                    ],
                }
            ]
        }
    )
