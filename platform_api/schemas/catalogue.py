"""How a track, its artist and its album are named wherever they appear."""

from pydantic import BaseModel, ConfigDict


class ArtistRef(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class AlbumRef(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class TrackRef(BaseModel):
    """`key` is the track's name in exports and models; `has_sound` says whether similar tracks can be found by ear."""

    id: int
    key: str
    name: str
    artist: ArtistRef
    album: AlbumRef | None
    has_sound: bool
