"""The eight styles of the town: tempo, rhythm grammar, harmony and timbre. All audible, all told apart by ear.

Drum and bass patterns are 16 sixteenths to the bar (12 in three beats): `x` loud, `o` soft, `?` sometimes.
Bass digits are scale degrees above the chord's root. Chords are degrees of the scale, 0 is the tonic.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Timbre:
    """How one instrument sounds. Times in seconds, frequencies in Hz, amounts in 0..1 unless said otherwise."""

    rolloff: float
    """Exponent with which harmonics fall: 0.8 is a buzz, 3 is nearly a sine."""
    odd_only: float = 0.0
    attack: float = 0.005
    decay: float = 0.4
    sustain: float = 0.6
    release: float = 0.08
    dulling: float = 2.0
    """How fast the bright part dies away, per second."""
    voices: int = 1
    detune_cents: float = 0.0
    formant: float = 900.0
    formant_gain: float = 0.0
    vibrato_cents: float = 0.0
    drive: float = 0.0
    breath: float = 0.0


@dataclass(frozen=True)
class Style:
    """One way of making music in the town."""

    key: str
    name: str
    tempo: tuple[float, float]
    scale: tuple[int, ...]
    progressions: tuple[tuple[int, ...], ...]
    chord_size: int
    comping: str
    """pad, stab, strum, arp, comp or power: how the chords are played."""
    bass: str
    drums: dict[str, str]
    bass_timbre: Timbre
    chord_timbre: Timbre
    lead_timbre: Timbre
    gains: dict[str, float]
    """Loudness of drums, bass, chords and lead."""
    cutoff: float
    """Low-pass of the whole mix in Hz."""
    reverb: float
    lead_density: float
    """Chance that an eighth starts a note of the melody."""
    swing: float = 0.0
    crackle: float = 0.0
    beats: int = 4
    octave: int = 4
    minutes: tuple[float, float] = field(default=(3.4, 0.6))
    """Mean and spread of the length of a whole track."""
    energy: float = 0.0
    """-1 calm … 1 driving: what time of day and which doings it suits."""


MINOR = (0, 2, 3, 5, 7, 8, 10)
DORIAN = (0, 2, 3, 5, 7, 9, 10)
MAJOR = (0, 2, 4, 5, 7, 9, 11)
LYDIAN = (0, 2, 4, 6, 7, 9, 11)
MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 10)
PHRYGIAN = (0, 1, 3, 5, 7, 8, 10)

# fmt: off
STYLES: tuple[Style, ...] = (
    Style(
        "ambient", "Ambient", (56.0, 70.0), LYDIAN, ((0, 4, 1, 3), (0, 2, 5, 1), (0, 0, 3, 4)), 4, "pad",
        bass="0...............",
        drums={},
        bass_timbre=Timbre(2.6, attack=0.5, decay=2.0, sustain=0.8, release=0.8, dulling=0.3),
        chord_timbre=Timbre(1.9, attack=0.9, decay=3.0, sustain=0.9, release=1.2, dulling=0.2, voices=3,
                            detune_cents=9.0, formant=700.0, formant_gain=0.8),
        lead_timbre=Timbre(2.4, attack=0.12, decay=2.0, sustain=0.3, release=1.0, dulling=1.0, breath=0.05),
        gains={"drums": 0.0, "bass": 0.45, "chords": 0.8, "lead": 0.3}, cutoff=3200.0, reverb=0.6,
        lead_density=0.12, minutes=(5.2, 1.2), energy=-1.0,
    ),
    Style(
        "lofi", "Lo-fi beats", (70.0, 86.0), DORIAN, ((1, 4, 0, 5), (0, 3, 1, 4), (3, 2, 1, 0)), 4, "comp",
        bass="0.....0...4.0...",
        drums={"kick": "x.....?x..x.....", "snare": "....x.......x..?", "hat": "x.o.x.o.x.o.x.oo"},
        bass_timbre=Timbre(2.4, attack=0.01, decay=0.6, sustain=0.4, dulling=3.0),
        chord_timbre=Timbre(1.8, attack=0.006, decay=1.0, sustain=0.2, release=0.3, dulling=2.5, vibrato_cents=14.0),
        lead_timbre=Timbre(2.2, attack=0.02, decay=0.5, sustain=0.3, release=0.2, vibrato_cents=18.0),
        gains={"drums": 0.75, "bass": 0.6, "chords": 0.6, "lead": 0.25}, cutoff=2600.0, reverb=0.18,
        lead_density=0.2, swing=0.2, crackle=0.6, minutes=(2.5, 0.4), energy=-0.6,
    ),
    Style(
        "folk", "Porch folk", (88.0, 112.0), MAJOR, ((0, 3, 4, 0), (0, 5, 3, 4), (5, 3, 0, 4)), 3, "strum",
        bass="0.....4.....",
        drums={"shaker": "o...o...o..."},
        bass_timbre=Timbre(1.8, attack=0.004, decay=0.7, sustain=0.0, release=0.2, dulling=4.0),
        chord_timbre=Timbre(1.1, attack=0.002, decay=0.9, sustain=0.0, release=0.3, dulling=5.0, formant=1800.0,
                            formant_gain=0.7),
        lead_timbre=Timbre(1.5, attack=0.05, decay=0.6, sustain=0.8, release=0.12, vibrato_cents=22.0, formant=1100.0,
                           formant_gain=1.4, breath=0.03),
        gains={"drums": 0.12, "bass": 0.4, "chords": 0.75, "lead": 0.5}, cutoff=6500.0, reverb=0.2,
        lead_density=0.42, beats=3, minutes=(3.6, 0.6), energy=-0.4,
    ),
    Style(
        "jazz", "Cellar jazz", (118.0, 150.0), DORIAN, ((1, 4, 0, 0), (1, 4, 2, 5), (0, 3, 1, 4)), 4, "comp",
        bass="0...2...4...5...",
        drums={"ride": "x...x.?xx...x.?x", "hat": "....x.......x...", "snare": "..?....?...?...o"},
        bass_timbre=Timbre(1.7, attack=0.006, decay=0.5, sustain=0.1, release=0.1, dulling=5.0),
        chord_timbre=Timbre(1.5, attack=0.003, decay=0.7, sustain=0.1, release=0.2, dulling=4.0, formant=1300.0,
                            formant_gain=0.4),
        lead_timbre=Timbre(0.9, odd_only=0.3, attack=0.03, decay=0.4, sustain=0.8, release=0.06, vibrato_cents=16.0,
                           formant=1500.0, formant_gain=1.8, breath=0.04),
        gains={"drums": 0.4, "bass": 0.75, "chords": 0.4, "lead": 0.6}, cutoff=6000.0, reverb=0.25,
        lead_density=0.62, swing=0.33, minutes=(4.8, 1.0), energy=-0.1,
    ),
    Style(
        "bossa", "Harbour bossa", (122.0, 144.0), MAJOR, ((0, 1, 4, 0), (0, 5, 1, 4), (3, 2, 1, 0)), 4, "strum",
        bass="0.....4.4.....0.",
        drums={"rim": "x..x..x...x..x..", "shaker": "xoxoxoxoxoxoxoxo", "kick": "o......oo......o"},
        bass_timbre=Timbre(2.0, attack=0.006, decay=0.5, sustain=0.2, release=0.1, dulling=4.0),
        chord_timbre=Timbre(1.6, attack=0.002, decay=0.6, sustain=0.0, release=0.2, dulling=6.0),
        lead_timbre=Timbre(2.6, attack=0.03, decay=0.4, sustain=0.8, release=0.1, vibrato_cents=12.0, breath=0.07),
        gains={"drums": 0.35, "bass": 0.6, "chords": 0.65, "lead": 0.45}, cutoff=7000.0, reverb=0.15,
        lead_density=0.4, minutes=(3.2, 0.5), energy=0.1,
    ),
    Style(
        "synthwave", "Night drive", (96.0, 114.0), MINOR, ((0, 5, 2, 6), (0, 3, 5, 4), (5, 6, 0, 0)), 3, "arp",
        bass="0.000.000.000.00",
        drums={"kick": "x...x...x...x...", "snare": "....x.......x...", "hat": "..x...x...x...x."},
        bass_timbre=Timbre(1.0, attack=0.004, decay=0.18, sustain=0.3, release=0.03, dulling=6.0, voices=2,
                           detune_cents=8.0),
        chord_timbre=Timbre(1.0, attack=0.004, decay=0.25, sustain=0.3, release=0.1, dulling=3.0, voices=2,
                            detune_cents=14.0),
        lead_timbre=Timbre(0.9, attack=0.02, decay=0.5, sustain=0.8, release=0.2, voices=2, detune_cents=11.0,
                           vibrato_cents=10.0),
        gains={"drums": 0.7, "bass": 0.6, "chords": 0.5, "lead": 0.45}, cutoff=6000.0, reverb=0.3,
        lead_density=0.3, minutes=(4.0, 0.6), energy=0.4,
    ),
    Style(
        "techno", "Warehouse", (126.0, 138.0), PHRYGIAN, ((0, 0, 0, 1), (0, 0, 5, 0), (0, 0, 0, 0)), 3, "stab",
        bass="..0...0...0...0.",
        drums={"kick": "x...x...x...x...", "hat": "..x...x...x...x.", "clap": "....x.......x...",
               "shaker": "?oo??oo??oo??oo?"},
        bass_timbre=Timbre(1.2, odd_only=0.8, attack=0.003, decay=0.14, sustain=0.1, release=0.03, dulling=12.0,
                           drive=0.4),
        chord_timbre=Timbre(0.8, attack=0.003, decay=0.12, sustain=0.0, release=0.06, dulling=10.0, voices=3,
                            detune_cents=18.0, formant=600.0, formant_gain=1.5),
        lead_timbre=Timbre(0.8, odd_only=1.0, attack=0.003, decay=0.1, sustain=0.2, release=0.04, dulling=8.0),
        gains={"drums": 1.0, "bass": 0.55, "chords": 0.4, "lead": 0.15}, cutoff=7600.0, reverb=0.22,
        lead_density=0.25, octave=3, minutes=(6.0, 1.0), energy=0.8,
    ),
    Style(
        "punk", "Basement punk", (164.0, 188.0), MIXOLYDIAN, ((0, 3, 4, 3), (0, 6, 3, 0), (0, 4, 5, 3)), 2, "power",
        bass="0.0.0.0.0.0.0.0.",
        drums={"kick": "x..x..x.x.xx..x.", "snare": "..x...x...x...x?", "crash": "x...............",
               "hat": "x.x.x.x.x.x.x.x."},
        bass_timbre=Timbre(1.1, attack=0.003, decay=0.3, sustain=0.6, release=0.03, drive=0.5),
        chord_timbre=Timbre(0.7, attack=0.003, decay=0.5, sustain=0.8, release=0.04, dulling=0.5, voices=2,
                            detune_cents=10.0, drive=0.95, formant=2400.0, formant_gain=1.0),
        lead_timbre=Timbre(0.8, attack=0.02, decay=0.3, sustain=0.9, release=0.05, formant=1900.0, formant_gain=1.6,
                           drive=0.6),
        gains={"drums": 0.85, "bass": 0.5, "chords": 0.75, "lead": 0.4}, cutoff=7600.0, reverb=0.08,
        lead_density=0.45, octave=3, minutes=(2.3, 0.4), energy=1.0,
    ),
)
# fmt: on

STYLE_BY_KEY: dict[str, Style] = {style.key: style for style in STYLES}
STYLE_KEYS: tuple[str, ...] = tuple(style.key for style in STYLES)
