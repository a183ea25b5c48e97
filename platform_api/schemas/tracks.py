"""A track, artist or album as it is named beside anything else."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TrackKind = Literal["song", "episode", "chapter"]


class NamedRef(BaseModel):
    """An artist or an album: enough to show and to link to."""

    id: int
    name: str


class TrackRef(BaseModel):
    """A track: enough to show and to link to."""

    id: int
    key: str = Field(description="The track's name on every wire and in every export")
    name: str
    artist: NamedRef
    album: NamedRef | None = None
    cover_url: str | None = Field(default=None, description="A picture at Spotify, where somebody here is connected")
    has_sound: bool = Field(description="Whether Tonearm has heard it, so that similar-sounding tracks can be found")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 41,
                    "key": "spotify:track:0abc0abc0abc0abc0abc0a",
                    "name": "Cold Lantern",
                    "artist": {"id": 7, "name": "Grey Harbour"},
                    "album": {"id": 12, "name": "Salt"},
                    "has_sound": True,
                }
            ]
        }
    )
