"""A track or artist with the listener's own story, and what sounds alike."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import NamedRef, TrackKind, TrackRef

Source = Literal["library", "upload", "deezer"]
Outcome = Literal["waiting", "heard", "unmatched", "refused"]


class SoundSource(BaseModel):
    """One file of the library, one upload, or one look for a preview, and what became of it."""

    id: int
    source: Source
    name: str | None = Field(
        description="File name of one's own upload. What the library's files are called is not told"
    )
    outcome: Outcome
    matched_by: Literal["tags", "names", "duration", "isrc", "listener"] | None
    detail: str | None = Field(description="A sentence that says why it was not heard")
    track: TrackRef | None
    looked_at: datetime


class SoundCount(BaseModel):
    source: Source
    outcome: Outcome
    count: int


class SoundSources(BaseModel):
    """Where Tonearm hears tracks, and what became of each file and preview. Uploads are the asker's own."""

    has_library: bool
    has_previews: bool
    model_version: str | None
    heard_tracks: int
    counts: list[SoundCount]
    items: list[SoundSource] = Field(
        description="The newest first, at most 200: one's uploads, files of the library that are a track, previews of"
        " tracks one has played"
    )


class MonthHeard(BaseModel):
    """One local month with plays."""

    model_config = ConfigDict(from_attributes=True)

    month: date = Field(description="First day of the month")
    plays: int
    listens: int
    ms_played: int


class DayHeard(BaseModel):
    """One local day with plays."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    plays: int
    listens: int
    ms_played: int


class ListeningStory(BaseModel):
    """How one listener has listened to something within a span; first and last are of all time."""

    model_config = ConfigDict(from_attributes=True)

    plays: int
    listens: int
    skips: int
    ms_played: int
    first_played_at: datetime | None
    last_played_at: datetime | None
    months: list[MonthHeard]
    days: list[DayHeard] = Field(default_factory=list, description="Told for spans of at most 92 days; else empty")


class TrackDetail(ListeningStory):
    """A track and the listener's story with it."""

    track: TrackRef
    kind: TrackKind
    album: NamedRef | None
    artist: NamedRef
    duration_ms: int | None
    has_sound: bool
    heard_from: Source | None = Field(description="Where the sound came from: a file of the library, an upload, Deezer")
    cover_url: str | None = Field(default=None, description="A picture at Spotify, where somebody here is connected")
    released: str | None = Field(default=None, description="As exactly as it is known: 2021, 2021-05 or 2021-05-17")
    guests: list[NamedRef] = Field(default_factory=list, description="Credited besides `artist`")
    loved: bool = Field(default=False, description="The listener said `love` to it")


class ArtistTrack(BaseModel):
    track: TrackRef
    plays: int
    listens: int


class ArtistDetail(ListeningStory):
    """An artist, the listener's story with them, and their tracks, the most listened first."""

    artist: NamedRef
    kind: TrackKind = Field(description="what its tracks are: episodes of a show, chapters of an author's books")
    tracks: list[ArtistTrack]


class SimilarTrack(BaseModel):
    track: TrackRef
    similarity: float | None = Field(
        description="Cosine of the two sounds, at most 1; null where the track was chosen without hearing it"
    )


class SimilarTracks(BaseModel):
    """Tracks that sound alike, nearest first."""

    model: ModelInfo
    heard_from: Source | None = Field(default=None, description="Where this track was heard")
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
