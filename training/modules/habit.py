"""Fitting the habit model: four losses on the training span, then calibration on the validation span."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import lightning as L
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from modeling.bundle import Bundle
from modeling.habit import comeback
from modeling.habit.features import MOMENT, priors_for
from modeling.habit.network import HabitNetwork
from modeling.habit.predictor import VOCABULARY
from modeling.habit.spec import HabitSpec
from modeling.habit.timeline import MEMORIES
from training.data.habits import (
    FIRST_ORIGIN,
    MIN_ARTIST_PLAYS,
    HabitSequence,
    Moments,
    SkipTable,
    moments,
    sequence,
    skip_tables,
)
from training.data.sequences import DAY_S, Listener, Spans, listeners, played_before, spans
from training.fitting import Batch, cosine_with_warmup, run, seed_everything
from training.foretelling.calibration import calibrate
from training.foretelling.next_artist import fit_next_artist
from training.jobs import FitJob, NothingToLearn
from training.params import HabitParams

KIND_WEIGHT = 0.3
RETURN_WEIGHT = 0.1
"""A hazard's loss sums over some ninety bins; this brings it to the size of the other two."""


class HabitModule(L.LightningModule):
    """Skips are asked after every play of a window, the coming week and the next session after its last."""

    def __init__(self, network: HabitNetwork, params: HabitParams) -> None:
        super().__init__()
        self.network = network
        self.params = params
        self.log_widths: Tensor
        self.register_buffer("log_widths", torch.from_numpy(comeback.LOG_WIDTHS))

    def training_step(self, batch: Batch, index: int) -> Tensor:  # noqa: ARG002
        """batch: as `batches` yields it."""
        out = outputs(self.network, batch, self.log_widths)
        asked = batch["skipped"] >= 0
        skip = functional.binary_cross_entropy_with_logits(out["skip"][asked], batch["skipped"][asked])
        kind = functional.cross_entropy(out["kind"][asked], batch["kind"][asked])
        forecast = forecast_loss(out["forecast"], batch["listened"])
        comes_back = return_loss(out["return"], batch["possible"], batch["event"])
        self.log_dict({"skip": skip, "kind": kind, "forecast": forecast, "return": comes_back})
        loss: Tensor = skip + KIND_WEIGHT * kind + forecast + RETURN_WEIGHT * comes_back
        return loss

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.params.learning_rate, weight_decay=0.01)
        schedule = cosine_with_warmup(optimizer, self.params.max_steps, self.params.max_seconds)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def outputs(network: HabitNetwork, batch: Batch, log_widths: Tensor) -> dict[str, Tensor]:
    """Logits of all heads, corrections added to the priors.

    skip (b, window), kind (b, window, KINDS), forecast (b, 168), return (b, BINS).
    """
    inputs = {name: batch[name][:, :-1] for name in ("before", "after", "artist", "start", "end")}
    states = network.states(**inputs)
    last = states[torch.arange(len(states)), batch["length"] - 1]
    prior = batch["prior_hazard"]
    return {
        "skip": network.skip(states, batch["before"][:, 1:], batch["artist"][:, 1:]),
        "kind": batch["shares"][:, 1:] + network.next_kind(states, batch["before"][:, 1:, :MOMENT]),
        "forecast": batch["hours"][..., MEMORIES].mean(-1)
        + network.forecast(last, batch["hours"], torch.zeros_like(batch["hours"][0, :, 0])),
        "return": prior + network.comeback(last, batch["bins"], log_widths),
    }


def forecast_loss(logits: Tensor, listened: Tensor) -> Tensor:
    """Mean log loss over the hours that are known (`listened` ≥ 0)."""
    known = listened >= 0
    return functional.binary_cross_entropy_with_logits(logits[known], listened[known])


def return_loss(logits: Tensor, possible: Tensor, event: Tensor) -> Tensor:
    """Mean negative log likelihood of the next session's bin; what is censored counts up to where it is known."""
    hazard = (possible * torch.sigmoid(logits)).clamp(1e-6, 1 - 1e-6)
    known, happened = event >= 0, event > 0
    said = torch.where(happened, hazard.log(), (1 - hazard).log())
    return -(said * known).sum() / len(logits)


class Source:
    """All listeners' sequences and moments of one span, to draw batches from."""

    def __init__(
        self, sequences: Sequence[HabitSequence], drawn: Sequence[Moments], window: int, since: Sequence[int]
    ) -> None:
        """`since`: per listener the place of the first play that may be asked about; what came before is only read."""
        self.sequences, self.moments, self.window, self.since = sequences, drawn, window, since
        self.index = [(who, which) for who, each in enumerate(drawn) for which in range(len(each.place))]

    def batch(self, chosen: Sequence[tuple[int, int]]) -> Batch:
        """Windows that end at the chosen moments."""
        rows = [self._row(who, which) for who, which in chosen]
        return {name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}

    def _row(self, who: int, which: int) -> dict[str, np.ndarray]:
        sequence, drawn = self.sequences[who], self.moments[who]
        place = int(drawn.place[which])
        begin = max(0, place + 1 - self.window)
        length = place + 1 - begin
        row: dict[str, np.ndarray] = {"length": np.array(length)}
        for name in ("before", "after", "artist", "start", "end", "shares"):
            column = getattr(sequence, name)
            padded = np.zeros((self.window + 1, *column.shape[1:]), dtype=column.dtype)
            part = column[begin : place + 2]
            padded[: len(part)] = part
            row[name] = padded
        skipped = np.full(self.window, -1.0, dtype=np.float32)
        following = sequence.skipped[begin + 1 : place + 2]
        skipped[: len(following)] = following
        skipped[: max(0, self.since[who] - begin - 1)] = -1.0
        kind = np.zeros(self.window, dtype=np.int64)
        kind[: len(following)] = sequence.kind[begin + 1 : place + 2]
        bins = drawn.bins[which]
        return row | {
            "skipped": skipped, "kind": kind, "hours": drawn.hours[which],
            "listened": drawn.listened[which], "bins": bins, "possible": drawn.possible[which],
            "event": drawn.event[which], "prior_hazard": drawn.prior_hazard[which],
        }  # fmt: skip


def batches(source: Source, size: int, random: np.random.Generator) -> Iterator[Batch]:
    """Batches without end."""
    while True:
        yield source.batch([source.index[place] for place in random.integers(len(source.index), size=size)])


def fit(job: FitJob) -> Bundle:
    """Train on the training span, calibrate on the validation span, write the bundle. Raises NothingToLearn."""
    params, random = job.params.habit, seed_everything(job.params.seed)
    everyone = listeners(job.data.songs())
    when = spans(everyone, job.params.split)
    tracks, artists = skip_tables(everyone, when.train_end)
    codes = _artist_codes(artists)
    spec = HabitSpec(
        hidden=params.hidden, window=params.window, artists=len(codes), skip_rate=round(tracks.overall, 6),
        skip_scale=1.0, skip_shift=0.0, kind_residual=1.0, forecast_residual=1.0, forecast_shift=0.0,
        return_residual=1.0, return_shift=0.0,
        **fit_next_artist(everyone, when, np.random.default_rng(job.params.seed)),
    )  # fmt: skip
    sequences = [
        sequence(listener, priors_for(listener.plays, tracks.rates(who), artists.rates(who), spec.skip_rate), codes)
        for who, listener in enumerate(everyone)
    ]
    network = HabitNetwork(spec)
    source = Source(
        sequences, _moments(everyone, when, params, random, validation=False), params.window, [0] * len(everyone)
    )
    if not source.index:
        raise NothingToLearn(f"nobody has {FIRST_ORIGIN} plays before {when.told()['train_end']}, where training ends")
    produce = batches(source, params.batch, random)
    ending = run(
        HabitModule(network, params),
        produce,
        max_steps=params.max_steps,
        max_seconds=params.max_seconds,
        curve=job.curve,
        devices=job.devices,
    )
    held_out = Source(
        sequences,
        _moments(everyone, when, params, random, validation=True),
        params.window,
        [played_before(listener, when.validation_begin) for listener in everyone],
    )
    calibrated: dict[str, Any] = dict(calibrate(network.eval(), held_out, outputs, _listener_days(everyone, when)))
    spec = replace(spec, **calibrated)
    words = {"artists": list(codes), "track_skip": tracks.rates(), "artist_skip": artists.rates()}
    return Bundle.write(
        job.out,
        model="habit",
        spec=vars(spec),
        tensors=network.state_dict(),
        files={VOCABULARY: json.dumps(words).encode()},
        made_from={
            "snapshot": job.data.snapshot()["id"],
            "seed": job.params.seed,
            "params": params.model_dump(),
            "training": ending.told(),
        },
    )


def _moments(
    everyone: Sequence[Listener], when: Spans, params: HabitParams, random: np.random.Generator, *, validation: bool
) -> list[Moments]:
    begin, end = (when.validation_begin, when.validation_end) if validation else (0.0, when.train_end)
    count = max(1, params.moments // max(1, len(everyone)) // (3 if validation else 1))
    return [moments(listener, begin, end, count, random) for listener in everyone]


def _listener_days(everyone: Sequence[Listener], when: Spans) -> float:
    """How many days of the validation span all listeners together were there for."""
    ends = [min(when.validation_end, float(each.plays.ended[-1])) for each in everyone if len(each.plays)]
    return max(1.0, sum(max(0.0, end - when.validation_begin) for end in ends) / DAY_S)


def _artist_codes(artists: SkipTable) -> dict[str, int]:
    """Code 1, 2, … of every artist with enough plays; 0 is for the others."""
    total: dict[str, int] = {}
    for plays in artists.plays:
        for key, count in plays.items():
            total[key] = total.get(key, 0) + count
    return {key: code + 1 for code, key in enumerate(sorted(k for k, n in total.items() if n >= MIN_ARTIST_PLAYS))}
