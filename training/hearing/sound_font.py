"""Sampled instruments out of a sound font (SoundFont 2.04, and SF3 with its samples as Ogg Vorbis).

Real instruments, as notes: each plays one of its samples at another pitch and length, looped and fading as the font
says. What a font asks for beyond that (filters, vibrato, presets that layer instruments) is not heard.
"""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from torch import Tensor

from modeling.audio_embedder.decoding import HIGHEST_RATE, LOWEST_RATE, Recording
from training.errors import TrainingError

RENDITIONS = 6
_LONGEST, _SHORTEST = 2.4, 0.3
_RELEASE = 0.15
_SEMITONES = 5
_EVERY_HERTZ = 400
"""Rates in such steps are cheap to resample; half a step is an eighth of a tone at most."""
_PERCUSSION_BANK = 128
_FIRST_OTHER_KIT = 48
"""Kits before it (standard, room, power, electronic, 808, jazz, brush) keep to the keys below; orchestras do not."""
_VORBIS = 0x10
_RIGHT, _ROM = 2, 0x8000
_INSTRUMENT, _KEYS, _SAMPLE, _MODES, _HOLD, _DECAY, _SUSTAIN = 41, 43, 53, 54, 35, 36, 37
_HEADER = np.dtype(
    [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"), ("rate", "<u4"),
     ("pitch", "u1"), ("correction", "i1"), ("link", "<u2"), ("kind", "<u2")]
)  # fmt: skip
_NAMED = np.dtype([("name", "S20"), ("bag", "<u2")])
_PRESET = np.dtype(
    [("name", "S20"), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("library", "<u4"), ("genre", "<u4"),
     ("morphology", "<u4")]
)  # fmt: skip
_BAG = np.dtype([("generator", "<u2"), ("modulator", "<u2")])
_GENERATOR = np.dtype([("kind", "<u2"), ("amount", "<i2")])


Zone = Mapping[int, int]
"""What is told of a sample where it stands in an instrument: amounts by the kind of generator."""


class SoundFontError(TrainingError):
    """A file that is not there, is no sound font, or breaks off."""


_EVERY_EIGHT_PROGRAMS = (
    "piano", "chromatic percussion", "organ", "guitar", "bass", "strings", "ensemble", "brass",
    "reed", "pipe", "lead", "pad", "effects", "plucked", "struck", "noises",
)  # fmt: skip
_DRUM_KEYS = {
    "kick": (35, 36), "rim": (37,), "snare": (38, 40), "clap": (39,), "tom": (41, 43, 45, 47, 48, 50),
    "hat": (42, 44, 46), "crash": (49, 52, 55, 57), "ride": (51, 53, 59), "tambourine": (54,), "bell": (56, 67, 68),
    "conga": (60, 61, 62, 63, 64), "timbale": (65, 66), "shaker": (69, 70, 82), "whistle": (71, 72), "guiro": (73, 74),
    "wood": (75, 76, 77), "cuica": (78, 79), "triangle": (80, 81),
}  # fmt: skip
"""General MIDI's programs by eights, and its percussion keys by what is struck."""
_OF_KEY = {key: family for family, keys in _DRUM_KEYS.items() for key in keys}


@dataclass(frozen=True)
class Note:
    """One sample of an instrument, and how it sounds on."""

    samples: NDArray[np.float32]
    rate: int
    loop: tuple[int, int] | None
    hold: float
    """Seconds at full strength, after which it falls by 100 dB in `decay` seconds, to `sustain` of its strength."""
    decay: float
    sustain: float

    def played(self, random: np.random.Generator) -> Tensor:
        """(samples,) at 16 kHz: another pitch and length."""
        wanted = self.rate * 2 ** (random.uniform(-_SEMITONES, _SEMITONES) / 12)
        rate = max(8_000, round(wanted / _EVERY_HERTZ) * _EVERY_HERTZ)
        count = int(random.uniform(_SHORTEST, _LONGEST) * rate)
        sound = self._sounding(count)
        seconds = np.arange(len(sound)) / rate
        strength = np.maximum(self.sustain, 10 ** (-5 * np.maximum(0, seconds - self.hold) / self.decay))
        sound = sound * strength * np.minimum(1, (len(sound) / rate - seconds) / _RELEASE)
        peak = np.abs(sound).max() + 1e-9
        return Recording((sound / peak * random.uniform(0.3, 0.95)).astype(np.float32), rate).at_16_khz()

    def _sounding(self, count: int) -> NDArray[np.float32]:
        if self.loop is None or count <= self.loop[1]:
            return self.samples[:count]
        start, end = self.loop
        place = np.arange(count)
        return self.samples[np.where(place < end, place, start + (place - start) % (end - start))]


def sampled_instruments(path: Path, seed: int) -> Iterator[tuple[str, str, list[Tensor]]]:
    """Each instrument's name, family and renditions at 16 kHz; of a drum kit, each sample is an instrument.

    The family is General MIDI's, "" for what it has none for.

    Raises SoundFontError.
    """
    try:
        yield from _played(_Font(_chunks(path)), seed)
    except (ValueError, IndexError, soundfile.LibsndfileError) as error:
        raise SoundFontError(f"{path.name} contradicts itself: {error}") from error


def _played(font: "_Font", seed: int) -> Iterator[tuple[str, str, list[Tensor]]]:
    for place, (name, family, zones) in enumerate(font.instruments()):
        random = np.random.default_rng((seed, place))
        drawn = np.resize(random.permutation(len(zones))[:RENDITIONS], RENDITIONS).tolist()
        notes = {each: font.note(*zones[each]) for each in set(drawn)}
        yield name, family, [notes[each].played(random) for each in drawn]


def _chunks(path: Path) -> dict[str, memoryview]:
    if not path.is_file():
        raise SoundFontError(f"{path} is not there: run make setup, or set audio_embedder.sound_font to null.")
    whole = memoryview(path.read_bytes())
    if bytes(whole[:4]) != b"RIFF" or bytes(whole[8:12]) != b"sfbk":
        raise SoundFontError(f"{path.name} is not a sound font.")
    found: dict[str, memoryview] = {}

    def read(part: memoryview) -> None:
        place = 0
        while place + 8 <= len(part):
            name, size = struct.unpack_from("<4sI", part, place)
            body = part[place + 8 : place + 8 + size]
            if len(body) < size:
                raise SoundFontError(f"{path.name} breaks off.")
            if name == b"LIST":
                read(body[4:])
            else:
                found[name.decode("latin-1")] = body
            place += 8 + size + size % 2

    read(whole[12:])
    missing = {"smpl", "phdr", "pbag", "pgen", "inst", "ibag", "igen", "shdr"} - found.keys()
    if missing:
        raise SoundFontError(f"{path.name} has no {', '.join(sorted(missing))}.")
    return found


class _Font:
    def __init__(self, chunks: Mapping[str, memoryview]) -> None:
        self._wave = chunks["smpl"]
        self._headers = np.frombuffer(chunks["shdr"], _HEADER)[:-1]
        self._named = np.frombuffer(chunks["inst"], _NAMED)
        self._bags = np.frombuffer(chunks["ibag"], _BAG)["generator"]
        self._generators = np.frombuffer(chunks["igen"], _GENERATOR)
        self._presets = np.frombuffer(chunks["phdr"], _PRESET)
        self._preset_bags = np.frombuffer(chunks["pbag"], _BAG)["generator"]
        self._preset_generators = np.frombuffer(chunks["pgen"], _GENERATOR)

    def instruments(self) -> Iterator[tuple[str, str, list[tuple[int, Zone]]]]:
        """Name, family and zones (a sample's number and what is told of it); a sample belongs to the first that plays
        it."""
        programs, kits = self._programs()
        met: set[int] = set()
        for place, each in enumerate(self._named[:-1]):
            name = each["name"].split(b"\0")[0].decode("latin-1").strip()
            zones = [
                zone for zone in dict(self._zones(place)).items() if zone[0] not in met and self._is_heard(zone[0])
            ]
            met.update(number for number, _ in zones)
            if place in programs and zones:
                yield name, _EVERY_EIGHT_PROGRAMS[programs[place] // 8], zones
            elif place in kits:
                for number, told in zones:
                    family = _OF_KEY.get(told.get(_KEYS, 0) & 0x7F, "") if kits[place] < _FIRST_OTHER_KIT else ""
                    yield f"{name} {number}", family, [(number, told)]

    def _programs(self) -> tuple[dict[int, int], dict[int, int]]:
        """The first program of each instrument that is played at pitches, and the first kit of each that is struck."""
        programs: dict[int, int] = {}
        kits: dict[int, int] = {}
        for preset, after in zip(self._presets[:-1], self._presets[1:], strict=True):
            first, last = self._preset_bags[preset["bag"]], self._preset_bags[after["bag"]]
            told = self._preset_generators[first:last]
            for used in told["amount"][told["kind"] == _INSTRUMENT].tolist():
                found = kits if preset["bank"] == _PERCUSSION_BANK else programs
                found.setdefault(used, int(preset["preset"]) & 0x7F)
        return programs, kits

    def _zones(self, place: int) -> Iterator[tuple[int, Zone]]:
        """Each zone's sample and generators; a first zone without a sample says what holds for all others."""
        general: dict[int, int] = {}
        first, last = self._named["bag"][place], self._named["bag"][place + 1]
        for bag in range(first, last):
            told = self._generators[self._bags[bag] : self._bags[bag + 1]]
            zone = dict(zip(told["kind"].tolist(), told["amount"].tolist(), strict=True))
            if _SAMPLE in zone:
                yield zone[_SAMPLE], general | zone
            elif bag == first:
                general = zone

    def _is_heard(self, number: int) -> bool:
        """Not the right half of a stereo pair, what lies in a synthesiser's own memory, or what cannot be played."""
        header = self._headers[number]
        kind, rate, long = int(header["kind"]), int(header["rate"]), int(header["end"]) > int(header["start"])
        return not kind & _ROM and kind & 0xF != _RIGHT and LOWEST_RATE <= rate <= HIGHEST_RATE and long

    def note(self, number: int, told: Zone) -> Note:
        header = self._headers[number]
        start, end = int(header["start"]), int(header["end"])
        if int(header["kind"]) & _VORBIS:
            samples, _ = soundfile.read(io.BytesIO(self._wave[start:end]), dtype="float32")
            origin = 0
        else:
            samples = np.frombuffer(self._wave[2 * start : 2 * end], "<i2").astype(np.float32) / 32_768
            origin = start
        loop = int(header["loop_start"]) - origin, int(header["loop_end"]) - origin
        loops = told.get(_MODES, 0) & 1 and 0 <= loop[0] < loop[1] <= len(samples)
        return Note(
            samples,
            int(header["rate"]),
            loop if loops else None,
            hold=2 ** (told.get(_HOLD, -12_000) / 1_200),
            decay=2 ** (told.get(_DECAY, -12_000) / 1_200),
            sustain=10 ** (-min(1_000, max(0, told.get(_SUSTAIN, 0))) / 200),
        )
