"""Fitting the recommender: next-track softmax on the training span, then the fusion on the validation span."""

import json
from collections.abc import Iterator
from dataclasses import replace
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
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.predictor import moments_of
from modeling.recommender.spec import FEATURES, MOMENTS, RecommenderSpec
from training.data.catalogue import build_catalogue, read_embeddings
from training.data.sequences import Listener, listeners, played_before, spans
from training.fitting import Batch, cosine_with_warmup, run, seed_everything
from training.jobs import FitJob
from training.modules.fusion import fit_fusion
from training.params import RecommenderParams


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
        shown = self.has_learned * (torch.rand_like(self.has_learned) >= self.params.unheard_share)
        table = self.network.items(shown, self.artist_of, self.audio)
        queries = self.network(table[batch["items"]], batch["plays"], batch["moments"])
        asked = batch["targets"] >= 0
        targets, rivals = self._rivals(batch["targets"][asked])
        loss = functional.cross_entropy(self.network.scores(queries[asked], table[rivals]), targets)
        self.log("loss", loss)
        return loss

    def _rivals(self, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Targets renumbered among the tracks that the softmax runs over, and those tracks."""
        rivals = self.candidates.to(targets.device)
        if 0 < self.params.negatives < len(rivals):
            drawn = rivals[torch.randint(len(rivals), (self.params.negatives,), device=targets.device)]
            rivals = torch.unique(torch.cat([drawn, targets]))
        return torch.searchsorted(rivals, targets), rivals

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.params.learning_rate, weight_decay=0.01)
        schedule = cosine_with_warmup(optimizer, self.params.max_steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def batches(
    everyone: list[Listener], catalogue: Catalogue, end: float, params: RecommenderParams, random: np.random.Generator
) -> Iterator[Batch]:
    """Windows of plays that ended before `end`, without end; a listener is drawn by the number of plays."""
    histories = [_training_arrays(listener, catalogue, end) for listener in everyone]
    histories = [history for history in histories if len(history["items"]) > 1]
    if not histories:
        raise ValueError("no listener has two plays in the training span")
    sizes = np.array([len(history["items"]) for history in histories], dtype=np.float64)
    while True:
        rows = []
        for who in random.choice(len(histories), size=params.batch, p=sizes / sizes.sum()):
            begin = int(random.integers(-params.window // 2, max(1, len(histories[who]["items"]) - 2)))
            begin = max(0, begin)
            rows.append(_window(histories[who], begin, params.window))
        yield {name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}


def _training_arrays(listener: Listener, catalogue: Catalogue, end: float) -> dict[str, np.ndarray]:
    plays = listener.plays.part(slice(0, played_before(listener, end)))
    history = heard(plays, catalogue)
    inside = (history.item < len(catalogue.tracks)) if len(plays) else np.empty(0, np.bool_)
    asked = inside & ~was_skipped(plays)
    return {
        "items": np.where(inside, history.item, 0),
        "plays": play_features(plays) if len(plays) else np.empty((0, 6), np.float32),
        "moments": moments_of(plays, plays.ended[-1] if len(plays) else 0.0, listener.zone),
        "targets": np.where(asked, history.item, -1),
    }


def _window(history: dict[str, np.ndarray], begin: int, length: int) -> dict[str, np.ndarray]:
    """Plays begin … begin + length - 1 and, for each query position, the play that follows it."""
    count = min(length, len(history["items"]) - begin)
    items = np.zeros(length, dtype=np.int64)
    plays = np.zeros((length, history["plays"].shape[1]), dtype=np.float32)
    moments = np.zeros((length + 1, history["moments"].shape[1]), dtype=np.float32)
    targets = np.full(length + 1, -1, dtype=np.int64)
    items[:count] = history["items"][begin : begin + count]
    plays[:count] = history["plays"][begin : begin + count]
    moments[: count + 1] = history["moments"][begin : begin + count + 1]
    targets[:count] = history["targets"][begin : begin + count]
    return {"items": items, "plays": plays, "moments": moments, "targets": targets}


def fit(job: FitJob) -> Bundle:
    """Train on the training span, fuse on the validation span, write the bundle."""
    params, random = job.params.recommender, seed_everything(job.params.seed)
    everyone = listeners(job.data.songs())
    when = spans(everyone, job.params.split)
    catalogue = build_catalogue(job.data.tracks(), read_embeddings(job.embeddings), everyone, when.train_end)
    even = tuple(0.0 for _ in FEATURES)
    spec = RecommenderSpec(
        width=params.width, layers=params.layers, heads=params.heads, window=params.window,
        audio_size=catalogue.audio.shape[1], weights_opening=even, weights_within=even, weights_discover=even,
        artist_cap=params.artist_cap, comfort_artist_cap=params.comfort_artist_cap,
        rediscover_listens=params.rediscover_listens,
        rediscover_silent_days=params.rediscover_silent_days,
    )  # fmt: skip
    network = RecommenderNetwork(spec, len(catalogue.tracks), len(catalogue.artists), params.dropout)
    module = RecommenderModule(network, catalogue, params)
    produce = batches(everyone, catalogue, when.train_end, params, random)
    run(module, produce, max_steps=params.max_steps, max_seconds=params.max_seconds, curve=job.curve)
    weights = fit_fusion(network.eval(), catalogue, everyone, when, job.params, random)
    fitted: dict[str, Any] = {f"weights_{moment}": weights[moment] for moment in MOMENTS}
    spec = replace(spec, **fitted)
    vocabulary = json.dumps({"tracks": catalogue.tracks, "artists": catalogue.artists}).encode()
    return Bundle.write(
        job.out,
        model="recommender",
        spec=vars(spec),
        tensors=network.state_dict(),
        files={VOCABULARY: vocabulary, CATALOGUE: save(catalogue.tensors())},
        made_from={"snapshot": job.data.snapshot()["id"], "seed": job.params.seed, "params": params.model_dump()},
    )
