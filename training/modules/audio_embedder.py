"""Fitting the audio embedder from scratch: segments of one track, and of tracks played together, belong together.

Supervised contrastive loss (Khosla et al. 2020) on log-mel examples, with modest augmentation; the published VGGish was
trained on tags that nobody here has.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

import lightning as L
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from modeling.audio_embedder.features import EXAMPLE_FRAMES, LOG_OFFSET, MEL_BANDS
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle
from training.data.audio import audio_files, companions, random_example, stretches
from training.data.sequences import listeners, spans
from training.fitting import Batch, cosine_with_warmup, run, seed_everything
from training.jobs import FitJob, NothingToLearn
from training.params import AudioEmbedderParams

EMBEDDING_SIZE = 128
_EQUALISER_BENDS = 4


class AudioEmbedderModule(L.LightningModule):
    """Pulls together what belongs together by the batch's `positives`, pushes the rest of the batch apart."""

    def __init__(self, network: Vggish, params: AudioEmbedderParams) -> None:
        super().__init__()
        self.network = network
        self.params = params

    def training_step(self, batch: Batch, index: int) -> Tensor:  # noqa: ARG002
        """batch: examples (b, 96, 64) and positives (b, b), each row how strongly the others belong to it."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=_has_fast_bfloat16(self.device)):
            embeddings = self.network(augment(batch["examples"]))
        embeddings = functional.normalize(embeddings.float(), dim=1)
        loss = contrastive_loss(embeddings, batch["positives"], self.params.temperature)
        self.log("loss", loss)
        return loss

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.params.learning_rate, weight_decay=0.01)
        schedule = cosine_with_warmup(optimizer, self.params.max_steps, self.params.max_seconds)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def _has_fast_bfloat16(device: torch.device) -> bool:
    """Twice as fast where the hardware has it, slower where it is emulated."""
    return device.type == "cuda" or bool(torch.cpu._is_avx512_bf16_supported())


def contrastive_loss(embeddings: Tensor, positives: Tensor, temperature: float) -> Tensor:
    """Mean over rows of the cross-entropy between `positives` (b, b) and the softmax of similarities.

    `embeddings` (b, d) have unit length; the diagonal of `positives` is zero, a row without positives is left out.
    """
    own = torch.eye(len(embeddings), dtype=torch.bool, device=embeddings.device)
    logits = (embeddings @ embeddings.T / temperature).masked_fill(own, -torch.inf)
    log_chance = functional.log_softmax(logits, dim=1).masked_fill(own, 0.0)
    weight = positives.sum(dim=1)
    asked = weight > 0
    return -((positives * log_chance).sum(dim=1)[asked] / weight[asked]).mean()


def augment(examples: Tensor) -> Tensor:
    """Another volume, another equaliser, a masked moment and a masked band; (b, 96, 64) log-mel in and out.

    Volume and equaliser act on magnitudes, before the offset inside the logarithm, as they would on the sound.
    """
    count, device = len(examples), examples.device
    bands = torch.linspace(0, torch.pi, MEL_BANDS, device=device)
    bends = torch.cos(torch.arange(1, _EQUALISER_BENDS + 1, device=device)[:, None] * bands)
    log_gain = (
        0.5 * torch.randn(count, 1, device=device) + 0.15 * torch.randn(count, _EQUALISER_BENDS, device=device) @ bends
    )
    magnitude = (examples.exp() - LOG_OFFSET).clamp(min=0.0) * log_gain.exp()[:, None, :]
    kept = _kept(count, EXAMPLE_FRAMES, 20, device)[:, :, None] & _kept(count, MEL_BANDS, 10, device)[:, None, :]
    return torch.log(magnitude * kept + LOG_OFFSET)


def _kept(count: int, length: int, longest: int, device: torch.device) -> Tensor:
    """(count, length): False on one run of up to `longest` places of each row."""
    run_length = torch.randint(0, longest + 1, (count, 1), device=device)
    start = (torch.rand(count, 1, device=device) * (length - run_length)).long()
    place = torch.arange(length, device=device)
    return (place < start) | (place >= start + run_length)


def batches(
    sounds: list[Tensor], partners: list[list[int]], params: AudioEmbedderParams, random: np.random.Generator
) -> Iterator[Batch]:
    """Random tracks, each with a partner of its own where it has one, several examples of each; without end."""
    while True:
        tracks: list[int] = []
        while len(tracks) < min(params.tracks_per_batch, len(sounds)):
            drawn = int(random.integers(len(sounds)))
            pair = [drawn, *random.permutation(partners[drawn])[:1].tolist()] if params.companion_weight else [drawn]
            tracks += [track for track in pair if track not in tracks]
        row = np.repeat(tracks, params.examples_per_track)
        examples = torch.stack([random_example(sounds[track], random) for track in row])
        positives = (row[:, None] == row[None, :]).astype(np.float32)
        if params.companion_weight:
            linked = np.array([[other in partners[track] for other in tracks] for track in tracks])
            linked = linked.repeat(params.examples_per_track, 0).repeat(params.examples_per_track, 1)
            positives = np.maximum(positives, params.companion_weight * linked)
        np.fill_diagonal(positives, 0.0)
        yield {"examples": examples, "positives": torch.from_numpy(positives)}


def fit(job: FitJob) -> Bundle:
    """Train on the tracks that are not held out. Raises NothingToLearn when fewer than two tracks can be heard."""
    params = job.params.audio_embedder
    random = seed_everything(job.params.seed)
    heard = [
        (file.track_key, stretches(file, params.seconds_per_track))
        for file in audio_files(job.data)
        if not file.is_held_out
    ]
    sounds = {key: sound for key, sound in heard if sound is not None}
    if len(sounds) < 2:
        raise NothingToLearn("fewer than two audio files belong to tracks of the catalogue: set AUDIO_LIBRARY_DIR")
    partners = _partners(job, list(sounds))
    spec = EmbedderSpec(params.width, params.head, EMBEDDING_SIZE, params.segments)
    network = Vggish(spec)
    produce = batches(list(sounds.values()), partners, params, random)
    module = AudioEmbedderModule(network, params)
    run(module, produce, max_steps=params.max_steps, max_seconds=params.max_seconds, curve=job.curve)
    made_from = {"snapshot": job.data.snapshot()["id"], "seed": job.params.seed, "tracks": len(sounds)}
    return Bundle.write(
        job.out,
        model="audio_embedder",
        spec=dataclasses.asdict(spec),
        tensors=network.state_dict(),
        made_from={**made_from, "params": params.model_dump()},
    )


def _partners(job: FitJob, keys: list[str]) -> list[list[int]]:
    everyone = listeners(job.data.songs()) if job.params.audio_embedder.companion_weight else []
    if not everyone:
        return [[] for _ in keys]
    end = spans(everyone, job.params.split).train_end
    return companions(everyone, keys, end, job.params.audio_embedder.companions)
