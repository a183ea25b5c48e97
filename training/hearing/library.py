"""The audio files that belong to catalogue tracks, and which tracks are played together."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modeling.plays import begins_session
from training.data.export_folder import ExportFolder
from training.data.sequences import Listener, played_before

HELD_OUT_OF = 5
"""Every fifth track is never trained on: what is measured is how tracks that the network never heard are placed."""


@dataclass(frozen=True)
class AudioFile:
    """One file of the library that was matched to a catalogue track."""

    track_key: str
    artist_key: str
    album: tuple[str, str] | None
    """Artist key and album name; None when the catalogue does not know the album."""
    path: Path

    @property
    def is_held_out(self) -> bool:
        """Decided by the key alone, so that the same track is held out in every export."""
        return is_held_out(self.track_key)


def is_held_out(track_key: str) -> bool:
    """Whether a track is only measured on."""
    return hashlib.sha256(track_key.encode()).digest()[0] % HELD_OUT_OF == 0


def audio_files(data: ExportFolder) -> list[AudioFile]:
    """The library's matched files in the order of their track keys, each recording once.

    The same file may belong to a single and to an album; as two tracks it would find itself.
    """
    tracks = data.tracks().select(["track_key", "artist_key", "album_name"]).to_pylist()
    known = {track["track_key"]: track for track in tracks}
    found: list[AudioFile] = []
    seen: set[str] = set()
    for row in data.audio().sort_by("track_key").to_pylist():
        if row["sha256"] in seen:
            continue
        seen.add(row["sha256"])
        track = known[row["track_key"]]
        album = (track["artist_key"], track["album_name"]) if track["album_name"] else None
        found.append(AudioFile(row["track_key"], track["artist_key"], album, Path(row["path"])))
    return found


def companions(everyone: list[Listener], keys: list[str], end: float, at_most: int) -> list[list[int]]:
    """For each of `keys`, the indices of those that follow or precede it unusually often in sessions before `end`.

    Ranked by how much more often than chance the two are neighbours (pointwise mutual information), seen three times
    at least.
    """
    index = {key: place for place, key in enumerate(keys)}
    together = np.zeros((len(keys), len(keys)), dtype=np.float64)
    for listener in everyone:
        plays = listener.plays.part(slice(0, played_before(listener, end)))
        codes = np.array([index.get(key, -1) for key in plays.track_keys], dtype=np.int64)
        items = codes[plays.track]
        neighbours = (items[:-1] >= 0) & (items[1:] >= 0) & (items[:-1] != items[1:]) & ~begins_session(plays)[1:]
        np.add.at(together, (items[:-1][neighbours], items[1:][neighbours]), 1.0)
    together += together.T
    often = together.sum(axis=1)
    chance = np.outer(often, often) / max(float(often.sum()), 1.0)
    lift = np.where((together >= 3) & (together > chance), together / np.maximum(chance, 1e-9), 0.0)
    best = np.argsort(-lift, axis=1, kind="stable")[:, :at_most]
    return [[int(other) for other in row if lift[place, other] > 0] for place, row in enumerate(best)]
