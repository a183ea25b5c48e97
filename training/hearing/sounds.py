"""What the embedder is trained on, in memory: pieces of log-mel frames, and what a teacher says of each moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from modeling.audio_embedder.decoding import Recording, read_recording
from modeling.audio_embedder.features import EXAMPLE_FRAMES, EXAMPLE_SAMPLES, log_mel
from modeling.errors import RequestError
from training.audio_library import SUFFIXES
from training.hearing.invented import invent
from training.hearing.sound_font import sampled_instruments
from training.hearing.teacher import PATCH_SAMPLES, Musicnn

PIECE_SECONDS = 5.0
EVERY_FRAMES = 192
"""A teacher, who hears three seconds at once, is asked about every 1.92 s."""
_LARGEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Sound:
    """A track or an instrument: whatever of it is heard belongs together."""

    name: str
    pieces: list[Tensor]
    """(frames, 64) float16 log-mel each, 96 frames at least."""
    lessons: list[Tensor]
    """Per piece (places, 256) float16: what the teacher heard around every 192nd frame; empty without a teacher."""
    family: str = ""
    """What kind of instrument it is; "" for music, and for what nobody told."""


def recorded(path: Path, name: str, seconds: float, teacher: Musicnn | None) -> Sound | None:
    """At most `seconds` of a file, from evenly spread places; None, with a line that says why, for one without it."""
    if path.stat().st_size > _LARGEST_BYTES:
        print(f"{path.name} is left out: it is larger than 64 MiB.")
        return None
    try:
        recording = read_recording(path.read_bytes())
    except RequestError as error:
        print(f"{path.name} is left out: {error.detail}")
        return None
    return sound_of(name, list(_spread(recording, seconds)), teacher)


def other_recordings(folder: Path, seconds: float, teacher: Musicnn | None) -> list[Sound]:
    """Every audio file below `folder`, in the order of their paths."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    found = (recorded(path, path.relative_to(folder).as_posix(), seconds, teacher) for path in paths)
    return [sound for sound in found if sound is not None]


def invented_sounds(count: int, seed: int, teacher: Musicnn | None) -> list[Sound]:
    """Invented instruments; each rendition is a piece."""
    return [
        sound_of(
            f"{each.family} {place}", [torch.from_numpy(samples) for samples in each.renditions], teacher, each.family
        )
        for place, each in enumerate(invent(count, seed))
    ]


def sampled_sounds(font: Path, seed: int, teacher: Musicnn | None) -> list[Sound]:
    """The instruments of a sound font; each rendition is a piece. Raises SoundFontError."""
    return [sound_of(name, pieces, teacher, family) for name, family, pieces in sampled_instruments(font, seed)]


def sound_of(name: str, stretches: Sequence[Tensor], teacher: Musicnn | None, family: str = "") -> Sound:
    """Stretches of 16 kHz samples → their frames; after what is shorter than one example comes silence, as served."""
    pieces = [log_mel(_at_least(samples, EXAMPLE_SAMPLES)).half() for samples in stretches]
    lessons = [
        _lessons(samples, len(piece), teacher) for samples, piece in zip(stretches, pieces, strict=True) if teacher
    ]
    return Sound(name, pieces, lessons, family)


def _at_least(samples: Tensor, length: int) -> Tensor:
    return torch.nn.functional.pad(samples, (0, max(0, length - len(samples))))


def _lessons(samples: Tensor, frames: int, teacher: Musicnn) -> Tensor:
    """What the teacher hears in the three seconds around each place; shorter sound is repeated, as it was trained."""
    if len(samples) < PATCH_SAMPLES:
        again = samples.repeat(-(-PATCH_SAMPLES // len(samples)))[:PATCH_SAMPLES]
        places = (frames - EXAMPLE_FRAMES) // EVERY_FRAMES + 1
        return teacher.hear(again[None]).half().expand(places, -1)
    middles = range(0, frames - EXAMPLE_FRAMES + 1, EVERY_FRAMES)
    starts = [
        min(max(0, place * 160 + EXAMPLE_SAMPLES // 2 - PATCH_SAMPLES // 2), len(samples) - PATCH_SAMPLES)
        for place in middles
    ]
    unique = sorted(set(starts))
    patches = torch.stack([samples[start : start + PATCH_SAMPLES] for start in unique])
    heard = dict(zip(unique, teacher.hear(patches), strict=True))
    return torch.stack([heard[start] for start in starts]).half()


def _spread(recording: Recording, seconds: float) -> Iterator[Tensor]:
    if recording.seconds <= seconds:
        yield recording.at_16_khz()
        return
    count = max(1, round(seconds / PIECE_SECONDS))
    length = int(PIECE_SECONDS * recording.rate)
    spare = len(recording.samples) - length
    for index in range(count):
        start = int(spare * (index + 0.5) / count)
        yield recording.at_16_khz(start, start + length)


def random_example(sound: Sound, random: np.random.Generator) -> tuple[Tensor, Tensor | None]:
    """(96, 64) from a random place of a random piece, and the lesson nearest to it."""
    which = int(random.integers(len(sound.pieces)))
    piece = sound.pieces[which]
    start = int(random.integers(len(piece) - EXAMPLE_FRAMES + 1))
    lesson = None
    if sound.lessons:
        lessons = sound.lessons[which]
        lesson = lessons[min(round(start / EVERY_FRAMES), len(lessons) - 1)].float()
    return piece[start : start + EXAMPLE_FRAMES].float(), lesson
