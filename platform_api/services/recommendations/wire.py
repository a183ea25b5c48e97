"""What the recommender is asked and what it answers: raw plays in, keys out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from platform_api.crud.recommendations import PlayFact
from platform_api.schemas.recommendations import RankedKind, Wish

MODEL = "recommender"
MAX_PLAYS = 4000
"""Two to three months of a heavy listener; 600 kB of JSON, far below what the server takes."""
SILENT_DAYS, SILENT_LISTENS = 60, 3
"""What may be rediscovered, as `params.yaml` has it: what a model takes for silent for long, and for loved once."""
SILENT_TRACKS, PLAYS_OF_SILENT = 100, 30
"""Of so many such tracks so many plays are told from before the latest ones: half as much again, for that wish only."""


class RankedReason(BaseModel):
    kind: RankedKind
    evidence: list[str] = []


class RankedTrack(BaseModel):
    track: str
    score: float
    reasons: list[RankedReason] = []

    model_config = ConfigDict(allow_inf_nan=False)


class Ranking(BaseModel):
    tracks: list[RankedTrack]

    def keys(self) -> set[str]:
        """Every track that is named, also as evidence."""
        evidence = {key for track in self.tracks for reason in track.reasons for key in reason.evidence}
        return evidence | {track.track for track in self.tracks}


def request_body(
    plays: Sequence[PlayFact], *, now: datetime, time_zone: str, wish: Wish, limit: int, exclude: Sequence[str]
) -> bytes:
    return orjson.dumps(
        {
            "now": now,
            "time_zone": time_zone,
            "plays": [play_on_the_wire(play) for play in plays],
            "wish": wish,
            "limit": limit,
            "exclude": exclude,
        }
    )


def play_on_the_wire(play: PlayFact) -> Mapping[str, Any]:
    return play._asdict()


def plausible(limit: int, exclude: Sequence[str], known: Callable[[set[str]], set[str]]) -> Callable[[Ranking], None]:
    """A check that raises ValueError when a ranking cannot be an answer to this request.

    `known` says which of some keys are in the catalogue.
    """

    def check(ranking: Ranking) -> None:
        ranked = [track.track for track in ranking.tracks]
        if len(ranked) > limit or len(set(ranked)) < len(ranked):
            raise ValueError(f"{len(ranked)} tracks, {len(set(ranked))} different ones, for a limit of {limit}")
        if excluded := set(ranked) & set(exclude):
            raise ValueError(f"excluded tracks were ranked: {sorted(excluded)[:3]}")
        keys = ranking.keys()
        if unknown := keys - known(keys):
            raise ValueError(f"unknown tracks: {sorted(unknown)[:3]}")

    return check
