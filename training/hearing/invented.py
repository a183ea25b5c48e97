"""Instruments that nobody built: struck, plucked, blown, bowed, drummed and broken sounds, each in several renditions.

The town's music alone is narrow. An invented instrument is a recipe (partials, envelope, noise, modulation, echo)
drawn at random within a family; its renditions differ in pitch, strength and length as notes of one instrument do.
All made here, from nothing; no recording is used.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modeling.audio_embedder.features import SAMPLE_RATE

Wave = NDArray[np.float64]
RENDITIONS = 4
_LONGEST = 2.4


@dataclass(frozen=True)
class Invented:
    """One instrument: what family it belongs to and its renditions at 16 kHz."""

    family: str
    renditions: list[NDArray[np.float32]]


def invent(count: int, seed: int) -> list[Invented]:
    """`count` instruments, families in turn; the same seed gives the same samples."""
    families = list(_FAMILIES.items())
    found: list[Invented] = []
    for place in range(count):
        family, build = families[place % len(families)]
        random = np.random.default_rng((seed, place))
        play = build(random)
        room = _room(random)
        found.append(Invented(family, [_finish(play(), room, random) for _ in range(RENDITIONS)]))
    return found


Play = Callable[[], Wave]


def _time(seconds: float) -> Wave:
    return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _band(count: int, low: float, high: float, random: np.random.Generator) -> Wave:
    """White noise between two frequencies in Hz, of unit power."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE) + 1e-6
    noise = np.fft.irfft(spectrum / (1 + (low / hertz) ** 6) / (1 + (hertz / high) ** 6), count)
    return np.asarray(noise / (noise.std() + 1e-9))


def _kick(random: np.random.Generator) -> Play:
    base, drop, fall, decay = (
        random.uniform(38, 75),
        random.uniform(60, 320),
        random.uniform(15, 70),
        random.uniform(4, 22),
    )
    click, drive = random.uniform(0, 0.5), random.uniform(1, 6)

    def play() -> Wave:
        time = _time(random.uniform(0.25, 0.9))
        phase = base * time + drop / fall * (1 - np.exp(-fall * time))
        body = np.sin(2 * np.pi * phase) * np.exp(-decay * random.uniform(0.85, 1.15) * time)
        body += click * random.standard_normal(len(time)) * np.exp(-300 * time)
        return np.asarray(np.tanh(drive * body))

    return play


def _snare(random: np.random.Generator) -> Play:
    pitch, ring, decay = random.uniform(140, 420), random.uniform(0.1, 1.2), random.uniform(8, 30)
    low, high, buzz = random.uniform(300, 1800), random.uniform(3500, 7800), random.uniform(0.3, 1.5)

    def play() -> Wave:
        time = _time(random.uniform(0.2, 0.6))
        shell = sum(np.sin(2 * np.pi * pitch * ratio * time) for ratio in (1, 1.59)) * np.exp(-1.6 * decay * time)
        return np.asarray(ring * shell + buzz * _band(len(time), low, high, random) * np.exp(-decay * time))

    return play


def _metal(random: np.random.Generator) -> Play:
    """Hats, rides, cymbals, bells of tin: many partials without a common root."""
    partials = random.uniform(400, 7500, int(random.integers(6, 24)))
    decay, hiss, low = random.uniform(2, 60), random.uniform(0, 1.5), random.uniform(2000, 6000)

    def play() -> Wave:
        time = _time(min(_LONGEST, 0.15 + 5 / decay))
        rings = sum(
            np.sin(2 * np.pi * hertz * time + random.uniform(0, 6)) * np.exp(-decay * (0.5 + hertz / 8000) * time)
            for hertz in partials
        )
        return np.asarray(
            rings / len(partials) ** 0.5 + hiss * _band(len(time), low, 7900, random) * np.exp(-decay * time)
        )

    return play


def _skin(random: np.random.Generator) -> Play:
    """Toms, congas, hand drums: a few modes of a membrane, bending as they fade."""
    pitch, bend, decay = random.uniform(60, 420), random.uniform(-0.35, 0.6), random.uniform(3, 22)
    modes = np.array([1, 1.59, 2.14, 2.3, 2.65]) if random.random() < 0.5 else np.array([1, 2.0, 3.01, 4.02, 5.04])
    weights = random.uniform(0, 1, 5) * np.array([1, 0.8, 0.6, 0.5, 0.4])
    slap = random.uniform(0, 0.8)

    def play() -> Wave:
        time = _time(random.uniform(0.25, 1.2))
        root = pitch * random.choice([1, 1, 1.12, 1.33, 0.8])
        phase = root * (time + bend / 12 * (1 - np.exp(-12 * time)))
        spread = random.uniform(0.6, 1.4, 5)
        body = sum(
            weight * share * np.sin(2 * np.pi * mode * phase) * np.exp(-decay * (1 + 0.35 * place) * time)
            for place, (mode, weight, share) in enumerate(zip(modes, weights, spread, strict=True))
        )
        return np.asarray(body + slap * _band(len(time), 800, 6000, random) * np.exp(-90 * time))

    return play


def _pluck(random: np.random.Generator) -> Play:
    """Strings by a decaying comb (Karplus & Strong 1983)."""
    low, damping, colour = random.uniform(60, 330), random.uniform(0.3, 0.5), random.uniform(1500, 7500)
    drive, chord = random.uniform(0.5, 5) if random.random() < 0.3 else 0.0, random.random() < 0.3

    def string(hertz: float, count: int) -> Wave:
        period = max(4, int(SAMPLE_RATE / hertz))
        line = _band(max(period, 16), 20, colour, random)[:period]
        rows = [line]
        for _ in range(count // period):
            line = (1 - damping) * line + damping * np.roll(line, 1)
            line = line * 0.996
            rows.append(line)
        return np.concatenate(rows)[:count]

    def play() -> Wave:
        count = int(random.uniform(0.5, 2.2) * SAMPLE_RATE)
        root = low * 2 ** (random.integers(0, 18) / 12)
        notes = [root, root * 1.26, root * 1.5] if chord else [root]
        sound = np.asarray(sum(string(note, count) for note in notes))
        return np.tanh(drive * sound) if drive else sound

    return play


def _tone(random: np.random.Generator) -> Play:
    """Blown, bowed and electric tones: a harmonic spectrum with formants, an envelope, vibrato, breath, several
    voices.
    """
    rolloff, odd = random.uniform(0.5, 2.6), random.random() * (random.random() < 0.4)
    formant, lift = random.uniform(300, 3000), random.uniform(0, 3)
    attack, decay, sustain = 10 ** random.uniform(-2.7, -0.2), random.uniform(0.1, 1.5), random.uniform(0, 1)
    vibrato, rate, breath = random.uniform(0, 0.012), random.uniform(3, 7), random.uniform(0, 0.25) ** 1.5
    voices, detune, low = int(random.integers(1, 4)), random.uniform(0, 0.012), random.uniform(40, 500)

    def play() -> Wave:
        time = _time(random.uniform(0.4, _LONGEST))
        root = low * 2 ** (random.integers(0, 20) / 12)
        phase = root * (time + vibrato * np.sin(2 * np.pi * rate * time) / (2 * np.pi * rate))
        number = np.arange(1, max(2, min(36, int(7600 / root))))
        size = number**-rolloff * np.where(number % 2 == 0, 1 - odd, 1)
        size = size * (1 + lift * np.exp(-(np.log2(number * root / formant) ** 2) * 4))
        sound = np.zeros(len(time))
        for voice in range(voices):
            own = phase * (1 + detune * (voice - (voices - 1) / 2))
            sound += size @ np.sin(2 * np.pi * number[:, None] * own + random.uniform(0, 6, (len(number), 1)))
        sound = sound / (sound.std() + 1e-9) + breath * random.standard_normal(len(time))
        shape = np.minimum(1, time / attack) * (sustain + (1 - sustain) * np.exp(-time / decay))
        return np.asarray(sound * shape * np.minimum(1, (time[-1] - time) / 0.05))

    return play


def _bell(random: np.random.Generator) -> Play:
    """Frequency modulation (Chowning 1973): bells, electric pianos, basses, blips."""
    ratio, depth = random.choice([0.5, 1, 1.41, 2, 2.76, 3.5, 7]), random.uniform(0.5, 9)
    decay, fade, low = random.uniform(0.6, 16), random.uniform(0.5, 12), 10 ** random.uniform(1.7, 3.1)

    def play() -> Wave:
        time = _time(min(_LONGEST, 0.1 + 4 / decay))
        root = low * 2 ** (random.integers(0, 14) / 12)
        modulator = depth * random.uniform(0.7, 1.3) * np.exp(-fade * time) * np.sin(2 * np.pi * ratio * root * time)
        return np.asarray(np.sin(2 * np.pi * root * time + modulator) * np.exp(-decay * time))

    return play


def _noise(random: np.random.Generator) -> Play:
    """Wind, hiss, crackle, scratches: noise that moves, or single clicks."""
    low = 10 ** random.uniform(1.7, 3.5)
    high, rate, clicks = (
        min(7900.0, low * random.uniform(1.5, 30)),
        random.uniform(0.3, 14),
        10 ** random.uniform(0, 2.3),
    )
    crackles = random.random() < 0.4

    def play() -> Wave:
        count = int(random.uniform(0.4, _LONGEST) * SAMPLE_RATE)
        noise = _band(count, low, high, random)
        if crackles:
            falls = random.random(count) < clicks / SAMPLE_RATE
            return np.asarray(noise * 0.03 + noise * falls * random.uniform(0.3, 1, count))
        time = np.arange(count) / SAMPLE_RATE
        return np.asarray(noise * (0.55 + 0.45 * np.sin(2 * np.pi * rate * time + random.uniform(0, 6))))

    return play


def _broken(random: np.random.Generator) -> Play:
    """Glitches and zaps: stuttering slices, few bits, falling and rising oscillators."""
    start, end = 10 ** random.uniform(1.8, 3.8, 2)
    grain, bits, square = random.uniform(0.01, 0.12), int(random.integers(2, 7)), random.random() < 0.5

    def play() -> Wave:
        time = _time(random.uniform(0.2, 1.4))
        sweep = start * (end / start) ** np.clip(time / time[-1] * random.uniform(0.8, 1.2), 0, 1)
        sound = np.sin(2 * np.pi * np.cumsum(sweep) / SAMPLE_RATE)
        sound = np.sign(sound) if square else sound
        gate = random.random(int(time[-1] / grain) + 2) < random.uniform(0.4, 1)
        sound = sound * gate[(time / grain).astype(int)]
        return np.asarray(np.round(sound * 2**bits) / 2**bits * np.exp(-random.uniform(0, 4) * time))

    return play


def _pad(random: np.random.Generator) -> Play:
    """Slow chords that swell, through a moving filter."""
    chord = random.choice([3, 4, 5, 7, 10, 12], 3)
    rolloff, low, swell = random.uniform(0.8, 2.4), random.uniform(60, 260), random.uniform(0.2, 1.2)

    def play() -> Wave:
        time = _time(_LONGEST)
        root = low * 2 ** (random.integers(0, 12) / 12)
        sound = np.zeros(len(time))
        for step in (0, *chord):
            hertz = root * 2 ** (step / 12)
            number = np.arange(1, max(2, min(16, int(7600 / hertz))))
            drift = 1 + 0.003 * np.sin(2 * np.pi * random.uniform(0.1, 0.9) * time + random.uniform(0, 6))
            sound += number**-rolloff @ np.sin(2 * np.pi * number[:, None] * hertz * time * drift)
        return np.asarray(sound * np.minimum(1, time / swell) * np.minimum(1, (time[-1] - time) / 0.4))

    return play


def _loop(random: np.random.Generator) -> Play:
    """A bar of a drum machine of its own, now and then with a bass line."""
    parts = [_kick(random), _snare(random), _metal(random), (_skin if random.random() < 0.5 else _bell)(random)]
    step = SAMPLE_RATE * 60 / random.uniform(80, 175) / 4
    chances = random.uniform(0.05, 0.6, (len(parts), 4))
    levels = random.uniform(0.3, 1, len(parts))

    def play() -> Wave:
        count = int(_LONGEST * SAMPLE_RATE)
        mix = np.zeros(count + 3 * SAMPLE_RATE)
        for part, chance, level in zip(parts, chances, levels, strict=True):
            hit = part()
            hit = hit / (np.abs(hit).max() + 1e-9) * level
            for beat in range(int(count / step)):
                if random.random() < chance[beat % 4]:
                    start = int(beat * step)
                    mix[start : start + len(hit)] += hit[: len(mix) - start]
        return mix[:count]

    return play


_FAMILIES: dict[str, Callable[[np.random.Generator], Play]] = {
    "kick": _kick, "snare": _snare, "metal": _metal, "skin": _skin, "pluck": _pluck, "tone": _tone, "bell": _bell,
    "noise": _noise, "broken": _broken, "pad": _pad, "loop": _loop,
}  # fmt: skip


def _room(random: np.random.Generator) -> Wave | None:
    """The echo of where the instrument stands; half of them stand nowhere."""
    if random.random() < 0.5:
        return None
    time = _time(random.uniform(0.1, 0.9))
    echo = random.standard_normal(len(time)) * np.exp(-6 * time / time[-1]) * random.uniform(0.02, 0.12)
    echo[0] = 1.0
    return np.asarray(echo)


def _finish(sound: Wave, room: Wave | None, random: np.random.Generator) -> NDArray[np.float32]:
    if room is not None:
        size = 1 << (len(sound) + len(room)).bit_length()
        wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
        sound = wet[: min(len(sound) + len(room), int(_LONGEST * SAMPLE_RATE))]
    peak = np.abs(sound).max()
    return np.asarray(sound / (peak + 1e-9) * random.uniform(0.3, 0.95), dtype=np.float32)
