"""How widely somebody listens, and from which years. Songs only."""

from datetime import date

from pydantic import BaseModel, Field

from platform_api.schemas.analysis import Span
from platform_api.schemas.tracks import TrackRef


class Spread(BaseModel):
    """How listens are spread over different tracks, artists or albums. Null where nothing was listened to."""

    different: int
    gini: float | None = Field(description="0: all equally often; towards 1: nearly everything went to one")
    entropy_bits: float | None = Field(description="Shannon's, of the shares of listens")
    effective: float | None = Field(description="2^entropy: as many equally loved ones would be as varied")
    evenness: float | None = Field(description="entropy / the most it could be; null for a single one")
    top_share: float | None = Field(description="the share of listens that the first had")
    top_ten_share: float | None
    half: int = Field(description="the fewest that make half of all listens")


class VarietyPoint(BaseModel):
    start: date
    listens: int
    artists: int
    effective_artists: float
    top_artist_share: float


class Variety(BaseModel):
    span: Span
    tracks: Spread
    artists: Spread
    albums: Spread
    points: list[VarietyPoint] = Field(description="by month; only those with listens")


class Genre(BaseModel):
    genre: str
    listens: int
    tracks: int = Field(description="different ones listened to")
    ms_played: int
    share: float = Field(description="of the listens whose genre is known; a track of two genres counts for both")
    previous_rank: int | None = Field(description="rank in the span compared with; null where it was not listened to")
    previous_share: float | None = Field(
        description="share in the span compared with; null where no genre is known of it"
    )


class Genres(BaseModel):
    """As the tags of audio files say: no export and no service tells a track's genre."""

    span: Span
    listens: int
    known: int = Field(description="listens of tracks of which some file says a genre")
    known_share: float | None
    previous_span: Span | None
    items: list[Genre] = Field(description="the most listens first, at most 40")


class Decade(BaseModel):
    decade: int = Field(examples=[1990])
    listens: int
    share: float = Field(description="of the listens whose year is known")


class Year(BaseModel):
    year: int
    listens: int


class Eras(BaseModel):
    """When the albums listened to came out. The export does not tell: only the catalogue may know."""

    span: Span
    listens: int
    known: int = Field(description="listens of tracks whose album's release date is known")
    known_share: float | None
    note: str | None = Field(description="a plain sentence where little or nothing is known")
    median_year: int | None
    median_age_years: float | None = Field(description="how old the music was when it was listened to")
    decades: list[Decade]
    years: list[Year]
    oldest: TrackRef | None
    newest: TrackRef | None
