"""A sound font made here: a looped tone of two samples, one of them in stereo, and a kit of a kick and a hat."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from training.hearing.sound_font import RENDITIONS, SoundFontError, sampled_instruments
from training.hearing.sounds import sampled_sounds

RATE = 16_000
MONO, RIGHT, LEFT, VORBIS = 1, 2, 4, 0x10
INSTRUMENT, KEYS, SUSTAIN, SAMPLE, MODES = 41, 43, 37, 53, 54


def tone(hertz: float, seconds: float) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


SAMPLES = [
    ("low", tone(200, 0.2), MONO),
    ("high", tone(400, 0.2), LEFT),
    ("high, right", tone(2_000, 0.2), RIGHT),
    ("kick", tone(60, 0.1), MONO),
    ("hat", tone(6_000, 0.1), MONO),
]


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def generators(*told: tuple[int, int]) -> bytes:
    return b"".join(struct.pack("<HH", *each) for each in told)


def font(compressed: bool = False) -> bytes:
    """A tone (its first zone is for all: looped, 20 dB down when held), a kit, and a second tone of the same sample."""
    wave, headers = b"", b""
    for name, samples, kind in SAMPLES:
        if compressed:
            file = io.BytesIO()
            soundfile.write(file, samples, RATE, format="OGG", subtype="VORBIS")
            body, size, origin = file.getvalue(), 1, 0
        else:
            body, size = (samples * 32_767).astype("<i2").tobytes(), 2
            origin = len(wave) // size
        start = len(wave) // size
        ends = start + len(body) // size, origin + 800, origin + 2_400
        stored = kind | VORBIS if compressed else kind
        headers += struct.pack("<20sIIIIIBbHH", name.encode(), start, *ends, RATE, 60, 0, 0, stored)
        wave += body
    headers += struct.pack("<20sIIIIIBbHH", b"EOS", *[0] * 9)
    zones = [
        [generators((MODES, 1), (SUSTAIN, 200)), *(generators((SAMPLE, number)) for number in (0, 1, 2))],
        [generators((KEYS, 36 | 36 << 8), (SAMPLE, 3)), generators((KEYS, 42 | 42 << 8), (SAMPLE, 4))],
        [generators((SAMPLE, 0))],
    ]
    bags, told, instruments = b"", b"", b""
    for label, each in zip((b"Tone", b"Kit", b"Tone again"), zones, strict=True):
        instruments += struct.pack("<20sH", label, len(bags) // 4)
        for zone in each:
            bags += struct.pack("<HH", len(told) // 4, 0)
            told += zone
    instruments += struct.pack("<20sH", b"EOI", len(bags) // 4)
    bags += struct.pack("<HH", len(told) // 4, 0)
    presets = b"".join(
        struct.pack("<20sHHHIII", name, program, bank, place, 0, 0, 0)
        for place, (name, program, bank) in enumerate(
            [(b"Cello", 42, 0), (b"Standard", 0, 128), (b"Cello again", 43, 0), (b"EOP", 0, 0)]
        )
    )
    preset_bags = b"".join(struct.pack("<HH", place, 0) for place in range(4))
    preset_told = generators(*((INSTRUMENT, place) for place in range(3)))
    parts = {b"phdr": presets, b"pbag": preset_bags, b"pmod": b"", b"pgen": preset_told}
    parts |= {b"inst": instruments, b"ibag": bags, b"imod": b"", b"igen": told, b"shdr": headers}
    body = chunk(b"LIST", b"sdta" + chunk(b"smpl", wave))
    body += chunk(b"LIST", b"pdta" + b"".join(chunk(name, each) for name, each in parts.items()))
    return chunk(b"RIFF", b"sfbk" + body)


def loudest_hertz(samples: torch.Tensor) -> float:
    return float(torch.fft.rfft(samples).abs().argmax()) * RATE / len(samples)


@pytest.mark.parametrize("compressed", [False, True], ids=["SF2", "SF3"])
def test_each_instrument_plays_its_own_samples_at_other_pitches_and_lengths(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / "small.sf"
    path.write_bytes(font(compressed))
    found = list(sampled_instruments(path, seed=1))
    assert [(name, family) for name, family, _ in found] == [("Tone", "strings"), ("Kit 3", "kick"), ("Kit 4", "hat")]
    ranges = {"Tone": (200 / 1.4, 400 * 1.4), "Kit 3": (60 / 1.4, 60 * 1.4), "Kit 4": (6_000 / 1.4, 8_000)}
    for name, _, renditions in found:
        assert len(renditions) == RENDITIONS
        least, most = ranges[name]
        for played in renditions:
            assert torch.isfinite(played).all()
            assert 0.2 < played.abs().max() <= 1.0
            assert least - 15 < loudest_hertz(played) < most + 15, "never the right half of a stereo pair"
    lengths = [len(played) / RATE for played in found[0][2]]
    assert max(lengths) > 0.5, "a looped sample sounds on behind its end"
    assert max(len(played) for played in found[1][2]) / RATE < 0.1 * 1.4 + 0.05, "one that is struck does not"
    again = list(sampled_instruments(path, seed=1))
    assert all(
        torch.equal(*pair)
        for one, other in zip(found, again, strict=True)
        for pair in zip(one[2], other[2], strict=True)
    )
    assert [sound.family for sound in sampled_sounds(path, 1, None)] == ["strings", "kick", "hat"]


def test_a_held_note_falls_to_what_its_zone_says(tmp_path: Path) -> None:
    path = tmp_path / "small.sf2"
    path.write_bytes(font())
    longest = max(next(iter(sampled_instruments(path, seed=1)))[2], key=len)
    late = longest[len(longest) // 2 : len(longest) // 2 + 1_600].abs().max()
    assert late / longest.abs().max() == pytest.approx(0.1, abs=0.02), "20 dB down"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "run make setup"),
        (b"", "not a sound font"),
        (b"RIFF\x04\0\0\0WAVE", "not a sound font"),
        (font()[:-40], "breaks off"),
        (b"RIFF\x04\0\0\0sfbk", "has no ibag, igen"),
        (font(compressed=True).replace(b"OggS", b"Oggs"), "contradicts itself"),
    ],
)
def test_what_is_no_sound_font_is_said_in_one_line(tmp_path: Path, body: bytes | None, said: str) -> None:
    path = tmp_path / "font.sf2"
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(SoundFontError, match=said):
        list(sampled_instruments(path, seed=1))
