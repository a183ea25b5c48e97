"""What a listener says about their own history. Every answer that changed something says how to take it back."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from platform_api.schemas.tracks import NamedRef, TrackRef

MOST_AT_ONCE = 1000
LONGEST_BY_HAND_MS = 24 * 3600 * 1000
EntityId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Why = Literal["isrc", "name", "by_hand"]
ChangeKind = Literal["deleted", "corrected", "added"]


class RecordingPair(BaseModel):
    """`track_id` is, or is not, the same recording as `into`."""

    model_config = ConfigDict(extra="forbid")

    track_id: EntityId
    into: EntityId


class RecordingPairs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pairs: list[RecordingPair] = Field(min_length=1, max_length=MOST_AT_ONCE)
    why: Why = Field(default="by_hand", description="what made the listener think so")


class RecordingTracks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    track_ids: list[EntityId] = Field(min_length=1, max_length=MOST_AT_ONCE)


class MergedTracks(BaseModel):
    """`track_ids` are what to split to take it back."""

    track_ids: list[int]


class SplitCount(BaseModel):
    split: int


class SameTrack(BaseModel):
    track: TrackRef
    duration_ms: int | None
    listens: int
    why: Why


class SuggestedRecording(BaseModel):
    """These look like one recording: `others` would count as `track`."""

    track: TrackRef
    duration_ms: int | None
    listens: int
    others: list[SameTrack]


class SuggestedRecordings(BaseModel):
    items: list[SuggestedRecording]
    pairs: int = Field(description="how many tracks would count as another one")


class MergedTrack(BaseModel):
    track: TrackRef
    why: Why
    merged_at: datetime


class MergedRecording(BaseModel):
    """One recording to the listener."""

    track: TrackRef
    others: list[MergedTrack]


class MergedRecordings(BaseModel):
    items: list[MergedRecording]


class RefusedPair(BaseModel):
    """To the listener these two are not one recording."""

    track: TrackRef
    other: TrackRef
    refused_at: datetime


class RefusedPairs(BaseModel):
    items: list[RefusedPair]


class HiddenArtistShown(BaseModel):
    artist: NamedRef
    hidden_at: datetime
    plays: int = Field(description="kept, and not counted")


class HiddenArtists(BaseModel):
    items: list[HiddenArtistShown]


class PlayRef(BaseModel):
    """Which of one's plays: `played_track_id` and `ended_at` of a row of the history."""

    model_config = ConfigDict(extra="forbid")

    track_id: EntityId
    ended_at: AwareDatetime


class PlayRefs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plays: list[PlayRef] = Field(min_length=1, max_length=MOST_AT_ONCE)


class PlayCorrection(BaseModel):
    """What it really was; a field left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    play: PlayRef
    track_id: EntityId | None = None
    started_at: AwareDatetime | None = None
    ms_played: Annotated[int, Field(ge=0, le=LONGEST_BY_HAND_MS)] | None = None


class NewPlayByHand(BaseModel):
    """Without `ms_played`, as long as the track is, or three minutes where nobody knows."""

    model_config = ConfigDict(extra="forbid")

    track_id: EntityId
    started_at: AwareDatetime
    ms_played: Annotated[int, Field(ge=1, le=LONGEST_BY_HAND_MS)] | None = None


class PlayChangeShown(BaseModel):
    """`id` takes it back."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: ChangeKind
    plays: int = Field(description="how many it touched")
    made_at: datetime


class PlayChanges(BaseModel):
    """The latest first. `next_before` asks for the page after this one; null at the end."""

    items: list[PlayChangeShown]
    total: int = Field(description="how many stand, on all pages")
    next_before: int | None
