"""Fitting the audio embedder from scratch: what is heard of one track, and of tracks played together, belongs together.

Supervised contrastive loss (Khosla et al. 2020) on log-mel examples of the library's tracks, of invented and sampled
instruments (those of one family a little closer) and of any other folder of audio; where a teacher is at hand, the
embedding also learns to lie as the teacher's does. The published VGGish was trained on tags that nobody here has.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle
from training.data.sequences import listeners, spans
from training.fitting import Batch, cosine_with_warmup, has_fast_bfloat16, run, seed_everything
from training.hearing.augmentation import augment
from training.hearing.library import audio_files, companions
from training.hearing.normed import NormedVggish
from training.hearing.sounds import Sound, invented_sounds, other_recordings, random_example, recorded, sampled_sounds
from training.hearing.teacher import Musicnn
from training.jobs import FitJob, NothingToLearn
from training.params import AudioEmbedderParams

EMBEDDING_SIZE = 128


class AudioEmbedderModule(L.LightningModule):
    """Pulls together what belongs together by the batch's `positives`, pushes the rest of the batch apart."""

    def __init__(self, network: NormedVggish, params: AudioEmbedderParams) -> None:
        super().__init__()
        self.network = network
        self.params = params

    def training_step(self, batch: Batch, index: int) -> Tensor:  # noqa: ARG002
        """batch: examples (b, 96, 64), positives (b, b), each row how strongly the others belong to it, and, with a
        teacher, lessons (b, 128)."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=has_fast_bfloat16(self.device)):
            embeddings = self.network(augment(batch["examples"]))
        embeddings = functional.normalize(embeddings.float(), dim=1)
        loss = contrastive_loss(embeddings, batch["positives"], self.params.temperature)
        self.log("contrastive_loss", loss)
        if "lessons" in batch:
            lesson = lesson_loss(embeddings, batch["lessons"])
            self.log("lesson_loss", lesson)
            loss = (1 - self.params.teacher_weight) * loss + self.params.teacher_weight * lesson
        self.log("loss", loss)
        return loss

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.params.learning_rate, weight_decay=0.01)
        schedule = cosine_with_warmup(optimizer, self.params.max_steps, self.params.max_seconds)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


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


def lesson_loss(embeddings: Tensor, lessons: Tensor) -> Tensor:
    """How far embeddings point from their lessons, and their similarities to each other from the lessons' (Park et
    al. 2019).

    Both (b, d) have unit length. The second term is in units of the mean squared similarity.
    """
    direct = (1 - (embeddings * lessons).sum(dim=1)).mean()
    wanted = lessons @ lessons.T
    relation = (embeddings @ embeddings.T - wanted).square().mean() / wanted.square().mean()
    return direct + relation


class Curriculum:
    """A teacher's 256 numbers → 128 of unit length that keep its cosines: standardised, projected, turned at random.

    Turned, because a nearest neighbour by z-scored cosine should not stretch what carries little.
    """

    def __init__(self, lessons: Tensor, size: int, random: np.random.Generator) -> None:
        """`lessons` (n, 256): all that the teacher said."""
        self.mean, self.deviation = lessons.mean(dim=0), lessons.std(dim=0) + 1e-3
        _, _, directions = torch.linalg.svd((lessons - self.mean) / self.deviation, full_matrices=False)
        turn, _ = np.linalg.qr(random.normal(size=(size, size)))
        self.project = directions[:size].T @ torch.from_numpy(turn).float()

    def __call__(self, lessons: Tensor) -> Tensor:
        """(b, 256) → (b, size) of unit length."""
        return functional.normalize((lessons - self.mean) / self.deviation @ self.project, dim=1)


@dataclasses.dataclass(frozen=True)
class Lessons:
    """Everything that a run hears: tracks of the library first, then what belongs to no track."""

    sounds: list[Sound]
    partners: list[list[int]]
    """For each sound, the tracks that are played with it; none for what is no track."""
    tracks: int
    curriculum: Curriculum | None


def batches(lessons: Lessons, params: AudioEmbedderParams, random: np.random.Generator) -> Iterator[Batch]:
    """Random sounds, tracks each with a partner of their own where they have one, several examples of each; without
    end.
    """
    while True:
        drawn = _drawn(lessons, params, random)
        row = np.repeat(drawn, params.examples_per_track)
        pairs = [random_example(lessons.sounds[each], random) for each in row]
        positives = (row[:, None] == row[None, :]).astype(np.float32)
        if params.companion_weight:
            linked = np.array([[other in lessons.partners[each] for other in drawn] for each in drawn])
            linked = linked.repeat(params.examples_per_track, 0).repeat(params.examples_per_track, 1)
            positives = np.maximum(positives, params.companion_weight * linked)
        if params.family_weight:
            families = np.array([lessons.sounds[each].family for each in row])
            kin = (families[:, None] == families[None, :]) & (families != "")
            positives = np.maximum(positives, params.family_weight * kin)
        np.fill_diagonal(positives, 0.0)
        batch = {"examples": torch.stack([example for example, _ in pairs]), "positives": torch.from_numpy(positives)}
        if lessons.curriculum is not None:
            batch["lessons"] = lessons.curriculum(torch.stack([lesson for _, lesson in pairs if lesson is not None]))
        yield batch


def _drawn(lessons: Lessons, params: AudioEmbedderParams, random: np.random.Generator) -> list[int]:
    wanted = min(params.tracks_per_batch, len(lessons.sounds))
    others = len(lessons.sounds) - lessons.tracks
    tracks = min(lessons.tracks, wanted if not others else round(wanted * params.library_share))
    drawn: list[int] = []
    while len(drawn) < tracks:
        one = int(random.integers(lessons.tracks))
        partner = random.permutation(lessons.partners[one])[:1].tolist() if params.companion_weight else []
        drawn += [each for each in (one, *partner) if each not in drawn]
    if others:
        fill = min(wanted - tracks, others)
        drawn += (lessons.tracks + random.choice(others, size=fill, replace=False)).tolist()
    return drawn


def hear_everything(job: FitJob, random: np.random.Generator) -> Lessons:
    """The library's tracks that are not held out, invented and sampled instruments, other audio, and the teacher's word
    on each.

    Without a library there are still the others: whoever only uploads gets an ear, too. Raises NothingToLearn when
    fewer than two sounds can be heard, SoundFontError, TeacherError.
    """
    params = job.params.audio_embedder
    teacher = Musicnn(Path(params.teacher)) if params.teacher else None
    files = [file for file in audio_files(job.data) if not file.is_held_out]
    heard = [recorded(file.path, file.track_key, params.seconds_per_track, teacher) for file in files]
    tracks = [sound for sound in heard if sound is not None]
    others = invented_sounds(params.invented_instruments, job.params.seed, teacher)
    if params.sound_font:
        others += sampled_sounds(Path(params.sound_font), job.params.seed, teacher)
    if params.other_audio:
        others += other_recordings(Path(params.other_audio), params.seconds_per_track, teacher)
    if len(tracks) + len(others) < 2:
        raise NothingToLearn("there is nothing to hear: set AUDIO_LIBRARY_DIR, or invented_instruments in params.yaml")
    partners = _partners(job, [sound.name for sound in tracks]) + [[] for _ in others]
    sounds = tracks + others
    curriculum = None
    if teacher is not None:
        said = torch.cat([lesson for sound in sounds for lesson in sound.lessons]).float()
        curriculum = Curriculum(said, EMBEDDING_SIZE, random)
    print(f"heard {len(tracks)} tracks and {len(others)} other sounds" + (", with a teacher" if teacher else ""))
    return Lessons(sounds, partners, len(tracks), curriculum)


def fit(job: FitJob) -> Bundle:
    """Train on the tracks that are not held out and on what is beside them. Raises NothingToLearn, SoundFontError,
    TeacherError."""
    random = seed_everything(job.params.seed)
    return fit_on(hear_everything(job, random), job, random)


def fit_on(lessons: Lessons, job: FitJob, random: np.random.Generator) -> Bundle:
    """Train on sounds that are in memory already."""
    params = job.params.audio_embedder
    spec = EmbedderSpec(params.width, params.head, EMBEDDING_SIZE, params.segments)
    network = Vggish(spec)
    normed = NormedVggish(network)
    module = AudioEmbedderModule(normed, params)
    produce = batches(lessons, params, random)
    ending = run(
        module,
        produce,
        max_steps=params.max_steps,
        max_seconds=params.max_seconds,
        curve=job.curve,
        devices=job.devices,
    )
    normed.fold()
    made_from = {"snapshot": job.data.snapshot()["id"], "seed": job.params.seed, "tracks": lessons.tracks}
    return Bundle.write(
        job.out,
        model="audio_embedder",
        spec=dataclasses.asdict(spec),
        tensors=network.state_dict(),
        made_from={
            **made_from,
            "other_sounds": len(lessons.sounds) - lessons.tracks,
            "params": params.model_dump(),
            "training": ending.told(),
        },
    )


def _partners(job: FitJob, keys: list[str]) -> list[list[int]]:
    everyone = listeners(job.data.songs()) if job.params.audio_embedder.companion_weight else []
    if not everyone:
        return [[] for _ in keys]
    end = spans(everyone, job.params.split).train_end
    return companions(everyone, keys, end, job.params.audio_embedder.companions)
