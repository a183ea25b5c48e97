"""A track, an artist or an album with everything that the listener's own plays say about it; and search over them."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Cell, Peak
from platform_api.schemas.care import MergedTrack
from platform_api.schemas.sound import ArtistTrack, ListeningStory
from platform_api.schemas.tracks import NamedRef, TrackKind, TrackRef
from platform_api.schemas.ways import PlayReason, ShareTold


class PlayedAt(BaseModel):
    track: TrackRef
    started_at: datetime


class FirstTime(BaseModel):
    """The first listen, and what was played around it (within two hours, three each at most), in order."""

    listen: PlayedAt
    before: list[PlayedAt]
    after: list[PlayedAt]


class YearlyRank(BaseModel):
    """`rank` among everything of its kind listened to in that year, by listens."""

    year: int
    rank: int
    among: int
    listens: int
    ms_played: int


class DaysInARow(BaseModel):
    days: int
    first_day: date
    last_day: date


class TakenOver(BaseModel):
    """Days dominated by it (the rule of obsessions)."""

    first_day: date
    last_day: date
    days: int
    listens: int
    share: float


class CameBack(BaseModel):
    silent_days: int
    left_on: date
    back_on: date


class Neighbour(BaseModel):
    track: TrackRef
    times: int


class PlayStory(BaseModel):
    """What the listener's plays say within a span. Lists are empty and fields null where they say nothing."""

    first: FirstTime | None = Field(description="of all time")
    overall_rank: int | None = Field(description="of all time, by listens")
    rank: int | None = Field(description="of the span, by listens")
    years: list[YearlyRank] = Field(description="all years with listens, oldest first")
    longest_streak: DaysInARow | None = Field(description="days in a row with a listen")
    obsessions: list[TakenOver] = Field(description="the most listens first, at most three")
    comebacks: list[CameBack] = Field(description="within the span, after 180 silent days and more, oldest first")
    week: list[Cell] = Field(description="all 168 hours of a week")
    peak: Peak | None
    skip_share: float | None = Field(description="of the plays of which it is known; null where it is known of none")
    finished: ShareTold = Field(description="plays that reached 95 %, of those of whose track the length is known")
    shuffled: ShareTold
    began: list[PlayReason]
    ended: list[PlayReason]
    played_after: list[Neighbour] = Field(description="what it follows, within half an hour, at most five")
    played_before: list[Neighbour] = Field(description="what follows it")


class TrackStory(PlayStory):
    credited: list[NamedRef] = Field(description="every credited artist where known, the main one first")
    together: list[MergedTrack] = Field(description="tracks that count as this one")
    other_versions: list[ArtistTrack] = Field(description="same artist, a title that may be another version of it")


class ArtistAlbum(BaseModel):
    album: NamedRef
    release_date: date | None
    tracks: int = Field(description="of it, listened to")
    listens: int
    ms_played: int


class ArtistStory(PlayStory):
    hidden: bool = Field(description="the listener left this artist out: nothing of it counts")
    hidden_plays: int
    albums: list[ArtistAlbum] = Field(description="listened to, the most listens first")
    as_guest: list[ArtistTrack] = Field(description="others' tracks that credit this artist; not counted here")


class AlbumDetail(ListeningStory):
    """An album, the listener's story with it, and its tracks, the most listened first."""

    album: NamedRef
    artist: NamedRef
    kind: TrackKind = Field(description="what its tracks are: an audiobook has chapters")
    release_date: date | None
    cover_url: str | None
    tracks: list[ArtistTrack]
    tracks_known: int = Field(description="tracks of it that the listener may be told of")


class AlbumStory(PlayStory):
    other_albums: list[ArtistAlbum] = Field(description="by the same artist, the most listens first")


class TrackInLibrary(BaseModel):
    track: TrackRef
    listens: int
    plays: int
    last_played_at: datetime


class FoundNamed(BaseModel):
    """An artist or an album; `artist` is null for an artist."""

    id: int
    name: str
    artist: NamedRef | None
    listens: int
    plays: int
    last_played_at: datetime


class LibrarySearch(BaseModel):
    """What the listener has played; names that begin with what was typed first, then by listens."""

    tracks: list[TrackInLibrary]
    artists: list[FoundNamed]
    albums: list[FoundNamed]
