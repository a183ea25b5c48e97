"""Personal tokens: what a scrobbler or a script of one's own shows instead of a sign-in."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.text import Name


class NewToken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="what will use it, such as “Navidrome”")


class Token(BaseModel):
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    plays: int = Field(description="plays that were sent with it and were new")


class MadeToken(Token):
    """The only answer that ever holds the token itself: the server keeps its sha256."""

    token: str


class Tokens(BaseModel):
    items: list[Token]
    address: str = Field(description="where scrobblers send to; they append /1/submit-listens by themselves")


class PlayingNow(BaseModel):
    """What a scrobbler said is playing. It is forgotten when the track should be over."""

    title: str
    artist: str
    album: str | None
    player: str | None


class NowPlaying(BaseModel):
    playing: PlayingNow | None
