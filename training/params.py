"""`params.yaml`, read strictly: an unknown or missing key, or a wrong type, is refused with its name."""

from datetime import datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class ParamsError(Exception):
    """The parameters cannot be used. The message names the key and what is wrong with it."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExportParams(Section):
    until: datetime | None
    """Only plays that ended up to this instant; null: all there are."""


class SplitParams(Section):
    """One global moment for everybody: train, then validation (for choices), then test (for the reported numbers)."""

    validation_days: float = Field(gt=0)
    test_days: float = Field(gt=0)
    gap_minutes: float = Field(ge=0)
    """Left out after the end of training, so that hardly a session lies on both sides."""


class AudioEmbedderParams(Section):
    width: int = Field(gt=0)
    """Channels of the first convolution; the published VGGish has 64, and takes sixteen times as long as 16."""
    head: Literal["dense", "pooled"]
    segments: int = Field(gt=0)
    """Examples of 0.96 s that a served track's embedding is pooled from."""
    seconds_per_track: float = Field(ge=5)
    """How much of each file is kept in memory to draw examples from."""
    tracks_per_batch: int = Field(gt=1)
    examples_per_track: int = Field(gt=1)
    temperature: float = Field(gt=0)
    companions: int = Field(ge=0)
    """How many tracks that are played next to a track count as its companions."""
    companion_weight: float = Field(ge=0, le=1)
    """How strongly companions are pulled together, against 1 for examples of one track; 0: not at all."""
    invented_instruments: int = Field(ge=0)
    """How many made-up instruments are heard beside the library, so that the ear is wider than one town; 0: none."""
    sound_font: str | None
    """A sound font (SF2 or SF3) whose instruments are heard as well; null: none."""
    family_weight: float = Field(ge=0, le=1)
    """How strongly instruments of one family are pulled together, as companions are; 0: not at all."""
    other_audio: str | None
    """A folder of other audio to learn from: no tracks of the catalogue, never part of a bundle; null: none."""
    library_share: float = Field(gt=0, le=1)
    """Share of each batch that are tracks of the library, where there is anything else."""
    teacher: str | None
    """Path of the wheel of musicnn 0.1.0, whose embedding the own one learns to resemble; null: no teacher."""
    teacher_weight: float = Field(ge=0, le=1)
    """How much of the loss is the teacher's, where there is one."""
    learning_rate: float = Field(gt=0)
    max_steps: int = Field(gt=0)
    max_seconds: float = Field(gt=0)
    """Training stops here even when steps are left."""


class HabitParams(Section):
    hidden: int = Field(gt=0)
    window: int = Field(gt=1)
    """Plays per training sequence."""
    moments: int = Field(gt=0)
    """Moments of all listeners together after which the coming week and the next session are asked for."""
    batch: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    max_steps: int = Field(gt=0)
    max_seconds: float = Field(gt=0)
    """Training stops here even when steps are left."""


class RecommenderParams(Section):
    width: int = Field(gt=0)
    layers: int = Field(gt=0)
    heads: int = Field(gt=0)
    window: int = Field(gt=1)
    dropout: float = Field(ge=0, lt=1)
    unheard_share: float = Field(ge=0, lt=1)
    """Share of items whose learned identity is hidden in a batch, so that sound and artist learn to stand alone."""
    negatives: int = Field(ge=0)
    """Sampled negatives per batch; 0: full softmax over the catalogue."""
    precision: Literal["float32", "bfloat16"]
    """Of the softmax's products; sums and everything else are float32."""
    batch_plays: int = Field(gt=0)
    """Plays in a batch, so that a batch of short histories has more of them."""
    learning_rate: float = Field(gt=0)
    max_steps: int = Field(gt=0)
    max_seconds: float = Field(gt=0)
    fusion_moments: int = Field(gt=0)
    """Moments of the validation span that the weights of the fusion are fitted on."""
    artist_cap: int = Field(gt=0)
    comfort_artist_cap: int = Field(gt=0)
    rediscover_listens: int = Field(gt=0)
    rediscover_silent_days: float = Field(gt=0)


class EvaluateParams(Section):
    sessions_per_listener: int = Field(gt=0)
    """At most so many moments of each listener are asked, evenly spread over the span."""
    bootstrap_samples: int = Field(gt=0)


class GateParams(Section):
    margin: float = Field(ge=0)
    """How much worse than the champion the lower end of the 95 % interval may be, in the primary metric."""
    guarded_margin: float = Field(ge=0)
    """The same for every other number that the gate looks at."""


class Params(Section):
    seed: int
    export: ExportParams
    split: SplitParams
    audio_embedder: AudioEmbedderParams
    habit: HabitParams
    recommender: RecommenderParams
    evaluate: EvaluateParams
    gate: GateParams


def read_params(path: Path) -> Params:
    """Read and check `params.yaml`. Raises ParamsError."""
    try:
        raw = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise ParamsError(f"{path} cannot be read: {error}") from error
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, each['loc'])) or path}: {each['msg']}" for each in error.errors()]
        raise ParamsError("\n".join(lines)) from error
