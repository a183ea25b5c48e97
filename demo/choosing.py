"""What is put on next: segments of listening, each with its way of choosing tracks."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demo.tastes import Array, Town

WAYS: dict[str, dict[str, float]] = {
    "commute": {"favourites": 0.45, "playlist": 0.2, "album": 0.15, "radio": 0.2},
    "focus": {"favourites": 0.2, "playlist": 0.35, "album": 0.3, "radio": 0.15},
    "workout": {"favourites": 0.35, "playlist": 0.5, "album": 0.05, "radio": 0.1},
    "chores": {"favourites": 0.4, "playlist": 0.2, "album": 0.2, "radio": 0.2},
    "evening": {"favourites": 0.25, "playlist": 0.15, "album": 0.4, "radio": 0.2},
    "party": {"favourites": 0.4, "playlist": 0.4, "album": 0.0, "radio": 0.2},
    "night": {"favourites": 0.35, "playlist": 0.15, "album": 0.25, "radio": 0.25},
    "winddown": {"favourites": 0.2, "playlist": 0.4, "album": 0.35, "radio": 0.05},
}
PLAYLIST_TRACKS = 22
PLAYLIST_LASTS_DAYS = 50


@dataclass
class Segment:
    """Some plays in a row that were chosen in one way. `queue` where the order is given, else `log_weights`."""

    way: str
    shuffle: bool
    left: int
    queue: list[int] = field(default_factory=list)
    log_weights: Array | None = None


@dataclass
class Memory:
    """What a listener knows and has heard lately. Arrays are over tracks."""

    known: NDArray[np.bool_]
    recent: Array
    """Plays, each fading with a time constant of 6 days."""
    lately: Array
    """The same, 90 days."""
    grudge: Array
    """Grows with each skip of a track, shrinks with each listen."""
    playlists: dict[str, tuple[int, list[int]]] = field(default_factory=dict)
    """Per doing: the day it was made, and its tracks in order."""

    @classmethod
    def empty(cls, tracks: int) -> "Memory":
        """Nobody knows anything yet."""
        return cls(np.zeros(tracks, dtype=bool), np.zeros(tracks), np.zeros(tracks), np.zeros(tracks))

    def fade(self, days: float) -> None:
        """Let time pass."""
        self.recent *= np.exp(-days / 6)
        self.lately *= np.exp(-days / 90)

    def heard(self, track: int, skipped: bool) -> None:
        """Take note of a play."""
        self.known[track] = True
        amount = 0.25 if skipped else 1.0
        self.recent[track] += amount
        self.lately[track] += amount
        self.grudge[track] = max(0.0, self.grudge[track] * 0.97 + (0.22 if skipped else -0.15))

    def pull(self) -> Array:
        """How strongly habit draws to each track (log weight): what was played comes back, what was overplayed less."""
        return 0.3 * np.log1p(self.recent) + 0.75 * np.log1p(self.lately) - self.overplayed() - 0.5 * self.grudge

    def overplayed(self) -> Array:
        """Above about nine plays in a week a track wears out."""
        return np.maximum(0.0, 0.22 * (self.recent - 9.0))


def draw(rng: np.random.Generator, log_weights: Array, allowed: NDArray[np.bool_]) -> int | None:
    """One track by weight among the allowed, or None when there is none."""
    weights = np.where(allowed, np.exp(log_weights - log_weights.max()), 0.0)
    total = np.cumsum(weights)
    if total[-1] <= 0.0:
        return None
    return int(np.searchsorted(total, rng.random() * total[-1], side="right"))


def new_segment(
    rng: np.random.Generator, town: Town, memory: Memory, wanting: Array, doing: str, day: int, out: NDArray[np.bool_]
) -> Segment:
    """Begin a segment. `wanting` is taste + habit + what the doing asks for, `out` what is released and playable."""
    ways = WAYS[doing]
    way = str(rng.choice(list(ways), p=list(ways.values())))
    known = memory.known & out
    if way == "album":
        seed = draw(rng, wanting, known)
        if seed is not None:
            return _album(rng, town, seed, out)
    if way == "playlist":
        return _playlist(rng, memory, wanting, doing, day, known)
    length = int(rng.integers(4, 14))
    if way == "radio":
        seed = draw(rng, wanting, known)
        if seed is not None:
            distance = np.sum((town.character - town.character[seed]) ** 2, axis=1)
            near = wanting + 1.6 * (town.style == town.style[seed]) - 0.25 * distance
            return Segment("radio", shuffle=False, left=length, log_weights=near)
    return Segment("favourites", shuffle=bool(rng.random() < 0.75), left=length, log_weights=wanting)


def _album(rng: np.random.Generator, town: Town, seed: int, out: NDArray[np.bool_]) -> Segment:
    same = np.flatnonzero((town.album == town.album[seed]) & out)
    order = [int(track) for track in same[np.argsort(town.position[same])]]
    if rng.random() < 0.3:
        order = order[order.index(seed) :]
    if len(order) < 4 and rng.random() < 0.5:
        others = np.flatnonzero((town.artist == town.artist[seed]) & out & (town.album != town.album[seed]))
        order += [int(track) for track in others[np.lexsort((town.position[others], town.album[others]))]]
    return Segment("album", shuffle=False, left=len(order), queue=order)


def _playlist(
    rng: np.random.Generator, memory: Memory, wanting: Array, doing: str, day: int, known: NDArray[np.bool_]
) -> Segment:
    made, tracks = memory.playlists.get(doing, (-PLAYLIST_LASTS_DAYS, []))
    if day - made >= PLAYLIST_LASTS_DAYS:
        score = np.where(known, wanting + rng.gumbel(0, 0.8, len(wanting)), -np.inf)
        kept = [track for track in tracks if rng.random() < 0.5]
        fresh = [int(track) for track in np.argsort(-score)[:PLAYLIST_TRACKS] if np.isfinite(score[track])]
        tracks = list(dict.fromkeys(kept + fresh))[:PLAYLIST_TRACKS]
        memory.playlists[doing] = (day, tracks)
    shuffle = bool(rng.random() < 0.55)
    if shuffle:
        queue = [tracks[int(place)] for place in rng.permutation(len(tracks))]
    else:
        start = int(rng.integers(0, max(1, len(tracks)))) if rng.random() < 0.4 else 0
        queue = tracks[start:]
    return Segment("playlist", shuffle, left=len(queue), queue=queue)
