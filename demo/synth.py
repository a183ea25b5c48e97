"""One track as sound: the style's grammar, bent by the character of artist, album and track.

Character axes, each -2..2 (see `demo.catalogue.CHARACTER_AXES`): brightness opens the filter and the timbres, energy
quickens the tempo and fills the drums, colour moves formants and thickens chords, space lengthens attacks and echo.
"""

from dataclasses import dataclass, replace

import numpy as np

from demo.instruments import Wave, drum, shaped_noise, tone
from demo.randomness import stream
from demo.styles import STYLE_BY_KEY, Style, Timbre


@dataclass(frozen=True)
class Score:
    """All that is decided before a sample is made."""

    style: Style
    character: tuple[float, ...]
    tempo: float
    tonic: int
    progression: tuple[int, ...]
    rate: int
    length: int

    @property
    def step(self) -> float:
        """Samples per sixteenth."""
        return 60.0 / self.tempo / 4 * self.rate

    @property
    def steps_per_bar(self) -> int:
        """16, or 12 in three beats."""
        return self.style.beats * 4

    def onset(self, bar: int, step: float) -> int:
        """First sample of a step; the second eighth of a beat comes late by the style's swing."""
        late = self.style.swing if step % 4 in (2, 3) else 0.0
        return int((bar * self.steps_per_bar + step + late * 2) * self.step)


def render(
    seed: int, artist: str, title: str, style_key: str, character: tuple[float, ...], seconds: float, rate: int
) -> Wave:
    """the excerpt of a track: float32 mono, peak 0.7, `seconds` long."""
    signature = stream(seed, "signature", artist, style_key)
    rng = stream(seed, "music", artist, title)
    score = _score(signature, rng, STYLE_BY_KEY[style_key], character, seconds, rate)
    gains = score.style.gains
    mix = np.zeros(score.length + rate * 4, dtype=np.float32)
    _play_drums(mix, score, gains["drums"] * (1 + 0.2 * character[1]), signature, rng)
    voices = {
        part: _bent(timbre, character, signature)
        for part, timbre in (
            ("bass", score.style.bass_timbre),
            ("chords", score.style.chord_timbre),
            ("lead", score.style.lead_timbre),
        )
    }
    _play_bass(mix, score, voices["bass"], gains["bass"], rng)
    _play_chords(mix, score, voices["chords"], gains["chords"], rng)
    _play_lead(mix, score, voices["lead"], gains["lead"], signature, rng)
    return _master(mix[: score.length], score, signature, rng)


def _score(
    signature: np.random.Generator,
    rng: np.random.Generator,
    style: Style,
    character: tuple[float, ...],
    seconds: float,
    rate: int,
) -> Score:
    low, high = style.tempo
    place = float(np.clip(0.5 + 0.2 * character[1] + rng.normal(0, 0.1), 0.0, 1.0))
    tonic = int(signature.integers(0, 12)) + int(rng.choice([0, 0, 2, 5, 7]))
    favourite = int(signature.integers(0, len(style.progressions)))
    chosen = favourite if rng.random() < 0.6 else int(rng.integers(0, len(style.progressions)))
    return Score(
        style, character, low + (high - low) * place, tonic % 12, style.progressions[chosen], rate, int(seconds * rate)
    )


def _bent(timbre: Timbre, character: tuple[float, ...], signature: np.random.Generator) -> Timbre:
    """The style's timbre with the artist's hand on it."""
    brightness, _, colour, space = character
    return replace(
        timbre,
        rolloff=max(0.5, timbre.rolloff - 0.22 * brightness + float(signature.normal(0, 0.08))),
        formant=timbre.formant * 2 ** (0.4 * colour + float(signature.normal(0, 0.15))),
        formant_gain=max(0.0, timbre.formant_gain + 0.35 + 0.25 * colour),
        attack=timbre.attack * 2 ** (0.5 * space),
        detune_cents=timbre.detune_cents * 2 ** (0.4 * colour),
        odd_only=float(np.clip(timbre.odd_only + signature.normal(0, 0.25), 0.0, 1.0)),
    )


def _pitch(score: Score, degree: int, octave: int) -> float:
    """Frequency in Hz of a scale degree; degrees past the scale climb into the next octave."""
    turns, place = divmod(degree, len(score.style.scale))
    midi = 12 * (octave + 1 + turns) + score.tonic + score.style.scale[place]
    return float(440.0 * 2 ** ((midi - 69) / 12))


def _add(mix: Wave, start: int, sound: Wave, gain: float) -> None:
    if start < len(mix):
        end = min(len(mix), start + len(sound))
        mix[start:end] += sound[: end - start] * gain


def _bars(score: Score) -> int:
    return int(score.length / (score.steps_per_bar * score.step)) + 1


def _play_drums(mix: Wave, score: Score, gain: float, signature: np.random.Generator, rng: np.random.Generator) -> None:
    tuning = float(2 ** signature.normal(0, 0.18))
    tightness = float(2 ** (signature.normal(0, 0.25) - 0.15 * score.character[3]))
    fill = 0.4 + 0.18 * score.character[1]
    for kind, pattern in score.style.drums.items():
        hit = drum(kind, tuning, tightness, score.rate, signature)
        for bar in range(_bars(score)):
            for step, mark in enumerate(pattern):
                loud = {"x": 1.0, "o": 0.5, "?": 0.6 if rng.random() < fill else 0.0}.get(mark, 0.0)
                if loud:
                    _add(mix, score.onset(bar, step), hit, gain * loud * float(rng.uniform(0.85, 1.0)))


def _play_bass(mix: Wave, score: Score, timbre: Timbre, gain: float, rng: np.random.Generator) -> None:
    for bar in range(_bars(score)):
        root = score.progression[bar % len(score.progression)]
        marks = [step for step, mark in enumerate(score.style.bass) if mark != "."]
        for place, step in enumerate(marks):
            until = marks[place + 1] if place + 1 < len(marks) else score.steps_per_bar
            seconds = (until - step) * score.step / score.rate * 0.92
            frequency = _pitch(score, root + int(score.style.bass[step]), 2)
            _add(mix, score.onset(bar, step), tone(timbre, frequency, seconds, score.rate, rng), gain)


def _chord(score: Score, bar: int) -> list[float]:
    root = score.progression[bar % len(score.progression)]
    if score.style.comping == "power":
        return [_pitch(score, root, score.style.octave), _pitch(score, root + 4, score.style.octave)]
    size = score.style.chord_size + (1 if score.character[2] > 0.8 else 0)
    return [_pitch(score, root + 2 * note, score.style.octave) for note in range(size)]


COMPING: dict[str, tuple[tuple[int, int], ...]] = {
    "pad": ((0, 16),),
    "stab": ((3, 1), (6, 1), (11, 2)),
    "strum": ((0, 3), (3, 2), (6, 2), (8, 2), (10, 2)),
    "comp": ((0, 3), (6, 2), (11, 3)),
    "power": tuple((step, 2) for step in range(0, 16, 2)),
}
"""Where in the bar chords fall and for how many sixteenths."""


def _play_chords(mix: Wave, score: Score, timbre: Timbre, gain: float, rng: np.random.Generator) -> None:
    second = score.step / score.rate
    for bar in range(_bars(score)):
        notes = _chord(score, bar)
        if score.style.comping == "arp":
            ladder = [*notes, notes[0] * 2, *notes[::-1][:-1]]
            for step in range(score.steps_per_bar):
                sound = tone(timbre, ladder[step % len(ladder)], second * 0.9, score.rate, rng)
                _add(mix, score.onset(bar, step), sound, gain * 0.8)
            continue
        rolled = 0.35 if score.style.comping == "strum" else 0.0
        for start, long in COMPING[score.style.comping]:
            if start >= score.steps_per_bar or (score.style.comping in ("comp", "stab") and rng.random() < 0.15):
                continue
            for place, frequency in enumerate(notes):
                sound = tone(timbre, frequency, long * second * 0.95, score.rate, rng)
                late = int(place * rolled * score.step * 0.3)
                _add(mix, score.onset(bar, start) + late, sound, gain / np.sqrt(len(notes)))


def _play_lead(
    mix: Wave, score: Score, timbre: Timbre, gain: float, signature: np.random.Generator, rng: np.random.Generator
) -> None:
    """A walk on the scale in eighths; the steps that an artist likes to take are part of its signature."""
    moves = signature.choice([-3, -2, -1, 1, 2, 4], size=4)
    density = score.style.lead_density * (1 + 0.2 * score.character[1])
    degree = 4
    for bar in range(_bars(score)):
        step = 0
        while step < score.steps_per_bar:
            if rng.random() < density:
                degree = int(np.clip(degree + rng.choice(moves), -1, 10))
                long = int(rng.choice([2, 2, 4, 6]))
                seconds = long * score.step / score.rate * 0.9
                frequency = _pitch(score, degree, score.style.octave + 1)
                _add(mix, score.onset(bar, step), tone(timbre, frequency, seconds, score.rate, rng), gain)
                step += long
            else:
                step += 2


def _master(mix: Wave, score: Score, signature: np.random.Generator, rng: np.random.Generator) -> Wave:
    """Echo, crackle, the low-pass of the style opened by brightness, and a fixed peak."""
    count = len(mix)
    wet = float(np.clip(score.style.reverb * (1 + 0.35 * score.character[3]), 0.02, 0.85))
    tail_seconds = 0.5 + 2.2 * wet
    tail = np.arange(int(tail_seconds * score.rate)) / score.rate
    echo = signature.standard_normal(len(tail)) * np.exp(-5.0 * tail / tail_seconds)
    echo /= np.sqrt(np.sum(echo**2))
    size = 1 << (count + len(echo) - 1).bit_length()
    spectrum = np.fft.rfft(mix, size)
    frequency = np.fft.rfftfreq(size, 1 / score.rate)
    cutoff = min(7900.0, score.style.cutoff * 2 ** (0.35 * score.character[0]))
    gain = 1 / np.sqrt(1 + (frequency / cutoff) ** 6)
    sound = np.fft.irfft(spectrum * gain * (1 + wet * np.fft.rfft(echo, size)), size)[:count]
    if score.style.crackle:
        clicks = (rng.random(count) < 6 / score.rate) * rng.uniform(0.2, 1.0, count)
        hiss = shaped_noise(count / score.rate, 300, 3500, score.rate, rng)[:count]
        sound = sound + score.style.crackle * (0.25 * clicks * np.max(np.abs(sound)) + 0.02 * hiss)
    fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.05 * score.rate))
    sound = np.tanh(sound / (np.sqrt(np.mean(sound**2)) * 4.0)) * fade
    return np.asarray(sound / np.max(np.abs(sound)) * 0.7, dtype=np.float32)
