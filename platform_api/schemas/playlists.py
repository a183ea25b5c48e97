"""Playlists as they are shown and made."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.text import Name, ShortText
from platform_api.schemas.tracks import TrackRef

MOST_TRACKS = 500
TrackIds = Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(max_length=MOST_TRACKS)]


class PlaylistSummary(BaseModel):
    id: int
    name: str
    description: str
    created_at: datetime
    track_count: int


class Playlists(BaseModel):
    items: list[PlaylistSummary]


class Playlist(PlaylistSummary):
    """With its tracks, in the listener's order."""

    tracks: list[TrackRef]


class NewPlaylist(BaseModel):
    """`track_ids` in the order to be kept; the same track may come more than once."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: ShortText = ""
    track_ids: TrackIds = []


class PlaylistChange(BaseModel):
    """A field left out (or null) stays as it is; `track_ids` replaces all of them.

    `instead_of` names the tracks that were seen when this was decided: where others are there by now, nothing changes.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: ShortText | None = None
    track_ids: TrackIds | None = None
    instead_of: TrackIds | None = None


class AddedTracks(BaseModel):
    """They come after those that are there, in this order."""

    model_config = ConfigDict(extra="forbid")

    track_ids: TrackIds
