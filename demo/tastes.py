"""What a listener likes on a given day: drifting styles, a lasting ear for character, phases and obsessions.

All arrays are over the catalogue's tracks, in its order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.catalogue import Catalogue
from demo.listeners import Listener
from demo.params import TownParams
from demo.randomness import stream
from demo.styles import STYLE_BY_KEY, STYLE_KEYS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Spell:
    """A stretch of days in which some tracks are wanted more: a phase of a style, an artist or a single song."""

    first: int
    last: int
    wanted: NDArray[np.bool_]
    strength: float
    about: str


@dataclass(frozen=True)
class Town:
    """The catalogue as arrays."""

    style: NDArray[np.int64]
    artist: NDArray[np.int64]
    album: NDArray[np.int64]
    position: NDArray[np.int64]
    character: Array
    energy: Array
    duration_ms: NDArray[np.int64]
    released_day: NDArray[np.int64]
    """Ordinal day from which the track can be played (of its single, where there was one)."""
    playable: NDArray[np.bool_]
    popularity: Array


def as_arrays(catalogue: Catalogue) -> Town:
    """The same catalogue, ready for arithmetic."""
    tracks = catalogue.tracks
    character = np.array([track.character for track in tracks])
    style_energy = np.array([STYLE_BY_KEY[track.style].energy for track in tracks])
    return Town(
        style=np.array([STYLE_KEYS.index(track.style) for track in tracks]),
        artist=np.array([track.artist for track in tracks]),
        album=np.array([track.album for track in tracks]),
        position=np.array([track.position for track in tracks]),
        character=character,
        energy=style_energy + 0.18 * character[:, 1],
        duration_ms=np.array([track.duration_ms for track in tracks]),
        released_day=np.array(
            [(track.single[1] if track.single else catalogue.album_of(track).released).toordinal() for track in tracks]
        ),
        playable=np.array([not track.never_played for track in tracks]),
        popularity=np.array([catalogue.artist_of(track).popularity for track in tracks]),
    )


class Taste:
    """How much one listener likes each track, as log weights, on each day of their history (day 0 is the first)."""

    def __init__(self, listener: Listener, town: Town, params: TownParams, days: int) -> None:
        rng = stream(params.seed, "taste", listener.handle)
        self._days = days
        self._town = town
        self._early = _style_weights(listener.tastes)
        self._late = _style_weights(listener.later)
        ear = rng.normal(0, 0.55, 4)
        artist_love = rng.normal(0, 0.7, int(town.artist.max()) + 1)
        track_love = rng.normal(0, 0.45, len(town.artist))
        self.lasting: Array = (
            0.45 * (town.character @ ear) + artist_love[town.artist] + 0.5 * np.log(town.popularity) + track_love
        )
        self.spells = _make_spells(rng, listener, town, self.lasting, days)

    def on_day(self, day: int) -> Array:
        """Log weights on a day: style of that time of life + lasting love + the spells of the moment."""
        progress = 1 / (1 + np.exp(-7 * (day / self._days - 0.5)))
        weights = self._early * (1 - 0.55 * progress) + self._late * progress
        liking: Array = 1.3 * np.log(weights + 0.04)[self._town.style] + self.lasting
        for spell in self.spells:
            if spell.first <= day <= spell.last:
                liking = liking + spell.strength * spell.wanted
        return liking


def _style_weights(tastes: dict[str, float]) -> Array:
    return np.array([tastes.get(key, 0.0) for key in STYLE_KEYS])


def _make_spells(
    rng: np.random.Generator, listener: Listener, town: Town, lasting: Array, days: int
) -> tuple[Spell, ...]:
    """Phases of a style (weeks), obsessions with an artist (days), with a song (days), and artists who come back."""
    spells = []
    styles = [STYLE_KEYS.index(key) for key in {**listener.tastes, **listener.later}]
    day = int(rng.integers(10, 60))
    while day < days:
        kind = rng.random()
        if kind < 0.35:
            style = int(rng.choice(styles)) if rng.random() < 0.8 else int(rng.integers(0, len(STYLE_KEYS)))
            last = day + int(rng.integers(14, 50))
            spells.append(Spell(day, last, town.style == style, 1.3, f"phase:{STYLE_KEYS[style]}"))
        elif kind < 0.7:
            artist = _liked(rng, lasting, town, styles, town.artist)
            last = day + int(rng.integers(6, 20))
            spells.append(Spell(day, last, town.artist == artist, 2.4, f"artist:{artist}"))
        else:
            track = _liked(rng, lasting, town, styles, np.arange(len(town.artist)))
            last = day + int(rng.integers(4, 13))
            spells.append(Spell(day, last, np.arange(len(town.artist)) == track, 4.0, f"track:{track}"))
        day += int(rng.integers(12, 45))
    return tuple(spells)


def _liked(rng: np.random.Generator, lasting: Array, town: Town, styles: list[int], of: NDArray[np.int64]) -> int:
    weights = np.exp(lasting) * np.isin(town.style, styles) * town.playable
    return int(of[int(rng.choice(len(weights), p=weights / weights.sum()))])
