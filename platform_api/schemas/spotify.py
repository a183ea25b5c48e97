"""What Settings shows about the link to Spotify."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LinkState = Literal["connected", "waiting", "failing", "off", "reconnect", "disconnected"]


class Enrichment(BaseModel):
    """Look-ups of covers, durations, dates and credits. `known` of `total` tracks were asked about."""

    allowed_here: bool
    on: bool
    known: int
    total: int
    calls_left: int


class SpotifyConnection(BaseModel):
    """The listener's link. `why` is a sentence where something keeps us from looking; `waiting_until` where it ends.

    `captured_ms` is how long the captured plays lasted at most: Spotify does not say how long they did.
    """

    state: LinkState
    account_name: str | None
    consented_at: datetime
    consent_ends_at: datetime
    consent_days_left: int
    consent_ends_soon: bool
    looked_at: datetime | None
    next_look_at: datetime | None
    waiting_until: datetime | None
    why: str | None
    trouble_since: datetime | None
    gap_at: datetime | None
    captured_plays: int
    captured_ms: int
    captured_since: datetime | None
    deleted_at: datetime | None
    enrichment: Enrichment


class Spotify(BaseModel):
    """`obstacle` is a sentence for the operator where nobody can connect. `stand_in`: not the real Spotify."""

    configured: bool
    obstacle: str | None
    redirect_uri: str
    stand_in: bool
    look_every_minutes: int
    connection: SpotifyConnection | None


class SpotifyAddress(BaseModel):
    """Where to send the browser."""

    url: str


class SpotifyReturn(BaseModel):
    """What Spotify sent the browser back with."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=2000)
    state: str | None = Field(None, max_length=200, description="without it the attempt is not known, like any other")


class SpotifyChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    enrich: bool
