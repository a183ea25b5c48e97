"""What the recommender knows about the world: tracks, artists, sounds, and what all listeners do after what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modeling.bundle import Bundle
from modeling.errors import BundleError
from modeling.plays import Plays

VOCABULARY = "vocabulary.json"
CATALOGUE = "catalogue.safetensors"

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Catalogue:
    """N tracks by A artists. Arrays are in the order of `tracks`."""

    tracks: list[str]
    artists: list[str]
    artist_of: Indices
    """(N,) index into `artists`."""
    learned: NDArray[np.bool_]
    """(N,) False: nobody played it in the training span."""
    audio: NDArray[np.float32]
    """(N, audio size) of length 1; zeros where no sound is known."""
    sound_group: NDArray[np.integer[Any]]
    """(N,) which of G groups of like sound each track is in; -1 where no sound is known."""
    popularity: Numbers
    """(N,) share of the training listeners who listened to it in the last 90 days of the span."""
    next_start: Indices
    """(N + 1,) where each track's followers begin in the two arrays below."""
    next_track: NDArray[np.integer[Any]]
    next_share: NDArray[np.floating[Any]]
    """How much of what followed the track in a session, over all listeners, was `next_track`."""
    together_start: Indices
    """(N + 1,) where each track's companions begin in the two arrays below."""
    together_track: NDArray[np.integer[Any]]
    together_weight: NDArray[np.floating[Any]]
    """How much a listen of the track speaks for `together_track`, by the sessions of all listeners (EASE)."""

    @cached_property
    def track_index(self) -> Mapping[str, int]:
        return {key: index for index, key in enumerate(self.tracks)}

    @cached_property
    def artist_index(self) -> Mapping[str, int]:
        return {key: index for index, key in enumerate(self.artists)}

    @cached_property
    def artist_sizes(self) -> Indices:
        """(A,) tracks per artist."""
        return np.bincount(self.artist_of, minlength=len(self.artists))

    @cached_property
    def sound_sizes(self) -> Indices:
        """(G,) tracks per group of like sound."""
        return np.bincount(self.sound_group[self.sound_group >= 0])

    def followers(self, track: int) -> tuple[Indices, Numbers]:
        """Tracks that followed `track` and their shares; empty for a track that the catalogue lacks."""
        if track >= len(self.tracks):
            return np.empty(0, np.int64), np.empty(0)
        part = slice(int(self.next_start[track]), int(self.next_start[track + 1]))
        return self.next_track[part].astype(np.int64), self.next_share[part].astype(np.float64)

    def companions(self, tracks: Indices) -> Numbers:
        """(N,) How much the given tracks of the catalogue speak for each track, summed."""
        begin = self.together_start[tracks]
        count = self.together_start[tracks + 1] - begin
        where = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(int(count.sum()))
        return np.bincount(
            self.together_track[where], weights=self.together_weight[where], minlength=len(self.tracks)
        ).astype(np.float64)

    def tensors(self) -> dict[str, Tensor]:
        """What goes into `catalogue.safetensors`."""
        return {
            "artist_of": torch.from_numpy(self.artist_of.astype(np.int32)),
            "learned": torch.from_numpy(self.learned.astype(np.uint8)),
            "audio": torch.from_numpy(self.audio.astype(np.float32)),
            "sound_group": torch.from_numpy(self.sound_group.astype(np.int32)),
            "popularity": torch.from_numpy(self.popularity.astype(np.float32)),
            "next_start": torch.from_numpy(self.next_start.astype(np.int64)),
            "next_track": torch.from_numpy(self.next_track.astype(np.int32)),
            "next_share": torch.from_numpy(self.next_share.astype(np.float32)),
            "together_start": torch.from_numpy(self.together_start.astype(np.int64)),
            "together_track": torch.from_numpy(self.together_track.astype(np.int32)),
            "together_weight": torch.from_numpy(self.together_weight.astype(np.float32)),
        }

    @classmethod
    def read(cls, bundle: Bundle) -> "Catalogue":
        """From a verified bundle. Raises BundleError where its parts do not fit together."""
        words, arrays = bundle.json(VOCABULARY), {name: t.numpy() for name, t in bundle.tensors(CATALOGUE).items()}
        if set(words) != {"tracks", "artists"} or len(arrays["artist_of"]) != len(words["tracks"]):
            raise BundleError(f"{VOCABULARY} and {CATALOGUE} do not fit together")
        return cls(
            words["tracks"],
            words["artists"],
            arrays["artist_of"].astype(np.int64),
            arrays["learned"].astype(np.bool_),
            arrays["audio"],
            arrays["sound_group"],
            arrays["popularity"].astype(np.float64),
            arrays["next_start"],
            arrays["next_track"],
            arrays["next_share"],
            arrays["together_start"],
            arrays["together_track"],
            arrays["together_weight"],
        )


@dataclass(frozen=True)
class Heard:
    """A listener's history in the catalogue's terms. Tracks that it lacks are numbered from N on, artists from A on."""

    item: Indices
    """(n,) track of each play."""
    artist_of: Indices
    """(N + extra,) artist of every track, the unknown ones included."""
    extra_tracks: list[str]
    plays: Plays

    @property
    def tracks(self) -> int:
        """How many tracks there are to rank: N + extra."""
        return len(self.artist_of)


def heard(plays: Plays, catalogue: Catalogue) -> Heard:
    """Put plays into the catalogue's terms."""
    known, size = catalogue.track_index, len(catalogue.tracks)
    extra: list[str] = []
    codes = np.empty(len(plays.track_keys), dtype=np.int64)
    # Listeners of one training set share their tables of keys: only the keys that were played are looked at.
    for code in np.unique(plays.track):
        key = plays.track_keys[code]
        index = known.get(key)
        if index is None:
            index = size + len(extra)
            extra.append(key)
        codes[code] = index
    artists, artist_count = catalogue.artist_index, len(catalogue.artists)
    artist_codes = np.empty(len(plays.artist_keys), dtype=np.int64)
    strangers = 0
    for code in np.unique(plays.artist):
        artist = artists.get(plays.artist_keys[code])
        artist_codes[code] = artist_count + strangers if artist is None else artist
        strangers += artist is None
    item = codes[plays.track] if len(plays) else np.empty(0, dtype=np.int64)
    artist_of = np.concatenate([catalogue.artist_of, np.full(len(extra), artist_count, dtype=np.int64)])
    outside = item >= size
    artist_of[item[outside]] = artist_codes[plays.artist[outside]]
    return Heard(item, artist_of, extra, plays)
