"""Single notes and drum hits as arrays: wavetable tones with an envelope, and noise shaped in the frequency domain.

Everything is float32 mono in about -1..1; `rate` is samples per second.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from demo.styles import Timbre

Wave: TypeAlias = NDArray[np.float32]
TABLE = 2048


@lru_cache(maxsize=4096)
def wavetable(timbre: Timbre, frequency: float, rate: int, dull: bool) -> Wave:
    """One cycle of a tone: harmonics below the Nyquist frequency, lifted around the timbre's formant.

    `dull` is the same tone with its harmonics falling off faster, into which a plucked or struck note decays.
    """
    count = max(1, min(40, int(0.46 * rate / frequency)))
    harmonic = np.arange(1, count + 1)
    amplitude = harmonic ** -(timbre.rolloff + (1.6 if dull else 0.0))
    amplitude = np.where(harmonic % 2 == 0, amplitude * (1 - timbre.odd_only), amplitude)
    octaves_away = np.log2(harmonic * frequency / timbre.formant)
    amplitude = amplitude * (1 + 3 * timbre.formant_gain * np.exp(-(octaves_away**2) / 0.18))
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : count + 1] = amplitude * np.exp(1j * harmonic**2 * 0.7)
    cycle = np.fft.irfft(spectrum, TABLE)
    return np.asarray(cycle / np.sqrt(np.mean(cycle**2)) * 0.35, dtype=np.float32)


def tone(timbre: Timbre, frequency: float, seconds: float, rate: int, rng: np.random.Generator) -> Wave:
    """One note, with its release after `seconds`."""
    count = int((seconds + timbre.release) * rate)
    time = _seconds(count, rate)
    phase = frequency * time
    if timbre.vibrato_cents:
        depth = frequency * (2 ** (timbre.vibrato_cents / 1200) - 1) / (2 * np.pi * 5.2)
        phase = phase + depth * np.sin(2 * np.pi * 5.2 * time)
    bright = wavetable(timbre, frequency, rate, False)
    dull = wavetable(timbre, frequency, rate, True)
    shine = np.exp(-timbre.dulling * time)
    sound = np.zeros(count, dtype=np.float32)
    for voice in range(timbre.voices):
        cents = timbre.detune_cents * (voice - (timbre.voices - 1) / 2)
        index = ((phase * 2 ** (cents / 1200) + rng.random()) * TABLE).astype(np.int64) & (TABLE - 1)
        sound += bright[index] * shine + dull[index] * (1 - shine)
    sound /= np.sqrt(timbre.voices)
    if timbre.breath:
        sound += timbre.breath * rng.standard_normal(count, dtype=np.float32)
    sound *= _envelope(timbre, time, seconds)
    if timbre.drive:
        sound = np.tanh(sound * (1 + 9 * timbre.drive)) * (0.8 - 0.3 * timbre.drive)
    return np.asarray(sound, dtype=np.float32)


def _seconds(count: int, rate: int) -> Wave:
    return np.arange(count, dtype=np.float32) / np.float32(rate)


def _envelope(timbre: Timbre, time: Wave, seconds: float) -> Wave:
    rise = np.minimum(1.0, time / max(timbre.attack, 1e-4))
    fall = timbre.sustain + (1 - timbre.sustain) * np.exp(-np.maximum(0.0, time - timbre.attack) / (0.4 * timbre.decay))
    end = np.clip(1 - (time - seconds) / max(timbre.release, 1e-4), 0.0, 1.0)
    return np.asarray(rise * fall * end, dtype=np.float32)


def shaped_noise(seconds: float, low: float, high: float, rate: int, rng: np.random.Generator) -> Wave:
    """White noise kept between two frequencies (Hz), with soft edges."""
    count = max(16, int(seconds * rate))
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / rate) + 1e-6
    gain = 1 / (1 + (low / frequency) ** 6) / (1 + (frequency / high) ** 6)
    noise = np.fft.irfft(spectrum * gain, count)
    return np.asarray(noise / (np.sqrt(np.mean(noise**2)) + 1e-9) * 0.4, dtype=np.float32)


def drum(kind: str, tuning: float, tightness: float, rate: int, rng: np.random.Generator) -> Wave:
    """One hit. `tuning` scales its pitch, `tightness` shortens it; both are 1 for a plain kit."""
    if kind == "kick":
        time = np.arange(int(0.32 / tightness * rate), dtype=np.float32) / rate
        pitch = 46 * tuning * time + 95 * tuning / 28 * (1 - np.exp(-28 * time))
        body = np.sin(2 * np.pi * pitch) * np.exp(-9 * tightness * time)
        click = np.exp(-260 * time) * rng.standard_normal(len(time)) * 0.25
        return (body + click).astype(np.float32)
    if kind == "snare":
        noise = shaped_noise(0.24 / tightness, 900 * tuning, 6500, rate, rng)
        time = np.arange(len(noise), dtype=np.float32) / rate
        ring = 0.5 * np.sin(2 * np.pi * 185 * tuning * time) * np.exp(-26 * time)
        return (noise * np.exp(-17 * tightness * time) * 1.6 + ring).astype(np.float32)
    if kind == "rim":
        time = np.arange(int(0.06 * rate), dtype=np.float32) / rate
        click = np.sin(2 * np.pi * 1650 * tuning * time) + 0.6 * np.sin(2 * np.pi * 2710 * tuning * time)
        return (0.6 * click * np.exp(-90 * time)).astype(np.float32)
    seconds, low, high, fall, level = {
        "hat": (0.07, 5200.0, 7900.0, 60.0, 0.9),
        "shaker": (0.09, 4000.0, 7000.0, 34.0, 0.5),
        "clap": (0.2, 900.0, 3200.0, 22.0, 1.3),
        "ride": (0.5, 4300.0, 7600.0, 7.0, 0.45),
        "crash": (1.1, 2500.0, 7900.0, 3.5, 0.8),
    }[kind]
    noise = shaped_noise(seconds / tightness, low * tuning, high, rate, rng)
    time = np.arange(len(noise), dtype=np.float32) / rate
    fade = np.exp(-fall * tightness * time)
    if kind == "shaker":
        fade = fade * np.minimum(1.0, time / 0.02)
    return (noise * fade * level).astype(np.float32)
