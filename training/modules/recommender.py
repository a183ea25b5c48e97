"""Fitting the recommender: next-track softmax on the training span, then the fusion on the validation span."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lightning as L
import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional

from modeling.bundle import Bundle
from modeling.plays import was_skipped
from modeling.recommender.catalogue import CATALOGUE, VOCABULARY, Catalogue, heard
from modeling.recommender.features import play_features
from modeling.recommender.network import PLAY_FEATURES, RecommenderNetwork
from modeling.recommender.predictor import moments_of
from modeling.recommender.spec import FEATURES, MOMENTS, RecommenderSpec
from training.data.catalogue import build_catalogue, read_embeddings, recounted
from training.data.sequences import Listener, listeners, played_before, spans
from training.fitting import Batch, Ending, cosine_with_warmup, run, seed_everything
from training.jobs import FitJob, NothingToLearn
from training.params import RecommenderParams
from training.recommending.beginning import beginning_vectors
from training.recommending.fusion import fit_fusion
from training.recommending.softmax import sampled, softmax_loss
from training.recommending.windows import Sequences


class RecommenderModule(L.LightningModule):
    """Cross-entropy over the whole catalogue, or over the batch's targets and sampled negatives where it is large."""

    def __init__(self, network: RecommenderNetwork, catalogue: Catalogue, params: RecommenderParams) -> None:
        super().__init__()
        self.network = network
        self.params = params
        self.has_learned: Tensor
        self.artist_of: Tensor
        self.audio: Tensor
        self.register_buffer("has_learned", torch.from_numpy(catalogue.learned.astype(np.float32)))
        self.register_buffer("artist_of", torch.from_numpy(catalogue.artist_of))
        self.register_buffer("audio", torch.from_numpy(catalogue.audio))
        self.candidates = torch.from_numpy(np.flatnonzero(catalogue.learned))

    def training_step(self, batch: Batch, index: int) -> Tensor:  # noqa: ARG002
        """batch: items (b, n), plays (b, n, …), moments (b, n + 1, …), targets (b, n + 1), -1 where not asked."""
        asked = batch["targets"] >= 0
        rivals, targets, bias = self._rivals(batch["targets"][asked])
        items, count = batch["items"], batch["items"].numel()
        # Of a million tracks a batch meets a few thousand: only these are made.
        used, place = torch.unique(torch.cat([items.flatten(), rivals]), return_inverse=True)
        shown = self.has_learned[used] * (torch.rand(len(used), device=used.device) >= self.params.unheard_share)
        table = self.network.items(used, shown, self.artist_of[used], self.audio[used])
        queries = self.network(table[place[:count].view_as(items)], batch["plays"], batch["moments"])
        vectors = functional.normalize(table[place[count:]], dim=-1)
        low = self.params.precision == "bfloat16"
        loss = softmax_loss(queries[asked] * self.network.scale(), vectors, targets, bias, low=low)
        self.log("loss", loss)
        return loss

    def _rivals(self, targets: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """The tracks that the softmax runs over, targets renumbered among them, and what corrects a sample."""
        candidates = self.candidates.to(targets.device)
        if 0 < self.params.negatives < len(candidates):
            return sampled(candidates, targets, self.params.negatives)
        return candidates, torch.searchsorted(candidates, targets), None

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.params.learning_rate, weight_decay=0.01)
        schedule = cosine_with_warmup(optimizer, self.params.max_steps, self.params.max_seconds)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def write_sequences(folder: Path, everyone: Sequence[Listener], catalogue: Catalogue, end: float) -> Sequences:
    """The plays that ended before `end`, as training reads them."""
    return Sequences.write(folder, (_training_arrays(listener, catalogue, end) for listener in everyone))


def _training_arrays(listener: Listener, catalogue: Catalogue, end: float) -> dict[str, np.ndarray]:
    plays = listener.plays.part(slice(0, played_before(listener, end)))
    history = heard(plays, catalogue)
    inside = (history.item < len(catalogue.tracks)) if len(plays) else np.empty(0, np.bool_)
    asked = inside & ~was_skipped(plays)
    return {
        "items": np.where(inside, history.item, 0),
        "plays": play_features(plays) if len(plays) else np.empty((0, PLAY_FEATURES), np.float32),
        "moments": moments_of(plays, plays.ended[-1] if len(plays) else 0.0, listener.zone)[:-1],
        "targets": np.where(asked, history.item, -1),
    }


def fit_network(
    sequences: Sequences,
    catalogue: Catalogue,
    params: RecommenderParams,
    random: np.random.Generator,
    curve: Path,
    devices: int = 1,
) -> tuple[RecommenderNetwork, Ending]:
    """Train a network on sequences."""
    network = RecommenderNetwork(
        spec_of(catalogue, params), len(catalogue.tracks), len(catalogue.artists), params.dropout
    )
    begin = beginning_vectors(sequences, len(catalogue.tracks), params.width, int(random.integers(2**31)))
    if begin is not None:
        network.items.learned.weight.data = torch.from_numpy(begin)
    produce = sequences.batches(params.window, params.batch_plays, random)
    module = RecommenderModule(network, catalogue, params)
    ending = run(
        module, produce, max_steps=params.max_steps, max_seconds=params.max_seconds, curve=curve, devices=devices
    )
    return network.eval(), ending


def seal(
    out: Path,
    network: RecommenderNetwork,
    catalogue: Catalogue,
    params: RecommenderParams,
    weights: Mapping[str, tuple[float, ...]],
    made_from: Mapping[str, Any],
) -> Bundle:
    """Write the bundle of a trained network and the weights of its fusion, one set per moment."""
    fitted: dict[str, Any] = {f"weights_{moment}": weights[moment] for moment in MOMENTS}
    vocabulary = json.dumps({"tracks": catalogue.tracks, "artists": catalogue.artists}).encode()
    return Bundle.write(
        out,
        model="recommender",
        spec=vars(replace(spec_of(catalogue, params), **fitted)),
        tensors=network.state_dict(),
        files={VOCABULARY: vocabulary, CATALOGUE: save(catalogue.tensors())},
        made_from=made_from,
    )


def spec_of(catalogue: Catalogue, params: RecommenderParams) -> RecommenderSpec:
    """The sizes and rules of a recommender whose fusion is not fitted yet."""
    even = tuple(0.0 for _ in FEATURES)
    return RecommenderSpec(
        width=params.width, layers=params.layers, heads=params.heads, window=params.window,
        audio_size=catalogue.audio.shape[1], weights_opening=even, weights_within=even, weights_discover=even,
        weights_few=even, weights_new=even,
        artist_cap=params.artist_cap, comfort_artist_cap=params.comfort_artist_cap,
        rediscover_listens=params.rediscover_listens,
        rediscover_silent_days=params.rediscover_silent_days,
    )  # fmt: skip


def fit(job: FitJob) -> Bundle:
    """Train on the training span, fuse on the validation span, count on both, write the bundle.

    Raises NothingToLearn.
    """
    params, random = job.params.recommender, seed_everything(job.params.seed)
    everyone = listeners(job.data.songs())
    when = spans(everyone, job.params.split)
    tracks, sound = job.data.tracks(), read_embeddings(job.embeddings)
    catalogue = build_catalogue(tracks, sound, everyone, when.train_end)
    with TemporaryDirectory() as folder:
        sequences = write_sequences(Path(folder), everyone, catalogue, when.train_end)
        if not sequences.hold_anything:
            raise NothingToLearn(f"nobody has two plays before {when.told()['train_end']}, where training ends")
        network, ending = fit_network(sequences, catalogue, params, random, job.curve, job.devices)
    weights = fit_fusion(network, catalogue, everyone, when, job.params, random)
    catalogue = recounted(catalogue, build_catalogue(tracks, sound, everyone, when.validation_end))
    made_from = {
        "snapshot": job.data.snapshot()["id"],
        "seed": job.params.seed,
        "params": params.model_dump(),
        "training": ending.told(),
    }
    return seal(job.out, network, catalogue, params, weights, made_from)
