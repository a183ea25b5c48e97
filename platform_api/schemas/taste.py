"""Two tastes beside each other."""

from typing import Literal

from pydantic import BaseModel

from platform_api.schemas.tracks import NamedRef

TasteSpan = Literal["last-365-days", "all"]
"""Nothing shorter: the days of a friend are not told."""


class SharedTaste(BaseModel):
    """Something that both listen to, with the part that it is of the listens of each."""

    id: int
    name: str
    artist: NamedRef | None
    mine: float
    theirs: float


class TasteOfOne(BaseModel):
    """An artist of one of the two, whom the other has never listened to."""

    id: int
    name: str
    share: float


class Taste(BaseModel):
    """`overlap`: the sum, over all artists, of the smaller of the two shares of listens; null where either has none."""

    span: TasteSpan
    overlap: float | None
    artists: list[SharedTaste]
    tracks: list[SharedTaste]
    only_mine: list[TasteOfOne]
    only_theirs: list[TasteOfOne]
