"""Public sets and real exports as the product's own listeners, with the moments that are asked about.

Sets without times are given some: a play every four minutes, ending together, so that leaving out each history's end is
a split at one moment, and the product's training and counting run on them unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from benchmarks.real_history import export_folder
from modeling.plays import Plays
from modeling.recommender.catalogue import Catalogue
from modeling.recommender.spec import Wish
from training.data.catalogue import build_catalogue
from training.data.export_folder import TRACKS
from training.data.sequences import Listener, Spans, listeners, played_before

STEP_S = 240.0
END = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""The end of every history without times."""


@dataclass(frozen=True)
class Asked:
    """The next play of a listener, asked for after the first `upto` plays."""

    listener: int
    upto: int


@dataclass(frozen=True)
class Set:
    """Listeners, the one moment that parts training from the rest, and what is asked."""

    name: str
    everyone: list[Listener]
    when: Spans
    asked: list[Asked]
    wish: Wish
    """`discover` where what was rated before may not be answered."""
    artists: dict[str, str]
    """Track key → artist key; where a set has no artists, all tracks are by one."""

    def catalogue(self, end: float) -> Catalogue:
        """Counted on the plays that ended before `end`."""
        rows = [
            {"track_key": track, "kind": "song", "title": track, "artist_key": artist, "artist_name": artist,
             "album_name": None, "duration_ms": None, "isrc": None}
            for track, artist in self.artists.items()
        ]  # fmt: skip
        table = pa.Table.from_pylist(rows, schema=TRACKS)
        return build_catalogue(table, ([], np.empty((0, 1), np.float32)), self.everyone, end)

    def target(self, asked: Asked) -> str:
        plays = self.everyone[asked.listener].plays
        return str(plays.track_keys[plays.track[asked.upto]])


def ml1m(folder: Path, held_out: int = 1500) -> Set:
    """MovieLens-1M with the published validation: what 512 users rated next, all they rated before left out.

    The last film of `held_out` other users is the validation span, which the fusion is fitted on. The last film of the
    512 users' input lies between the spans: it is history when they are asked, and trained on by nobody.
    """
    train = [line.split() for line in (folder / "train/input.txt").read_text().splitlines()]
    inputs = [line.split() for line in (folder / "val/input.txt").read_text().splitlines()]
    outputs = (folder / "val/output.txt").read_text().split()
    place = {tuple(history): index for index, history in enumerate(train)}
    rated = {place[tuple(history[:-1])]: [*history, output] for history, output in zip(inputs, outputs, strict=True)}
    others = [index for index in range(len(train)) if index not in rated]
    tuned = set(np.random.default_rng(0).choice(others, size=held_out, replace=False).tolist())
    # Slots count back from the end of all: 0 is asked about, 1 is the pause, 2 is validation, 3 and more train.
    histories = [rated.get(index, history) for index, history in enumerate(train)]
    last_slots = [0 if index in rated else 2 if index in tuned else 3 for index in range(len(train))]
    # For the 512, the slots of the asked and of the last input film are 0 and 1, so their training ends in slot 3.
    slots = [
        np.r_[np.arange(len(history) - 2, 0, -1) + 2, 1, 0] if last == 0 else np.arange(len(history))[::-1] + last
        for history, last in zip(histories, last_slots, strict=True)
    ]
    everyone = _listeners(histories, slots)
    asked = [Asked(index, len(histories[index]) - 1) for index in sorted(rated)]
    return Set("ml1m", everyone, _slot_spans(), asked, "discover", _one_artist(histories))


def lastfm(folder: Path) -> Set:
    """LastFM as S3-Rec uses it, leave-one-out: the last artist is asked for, the one before is the validation."""
    histories = [line.split()[1:] for line in (folder / "LastFM.txt").read_text().splitlines()]
    slots = [np.r_[np.arange(len(history) - 2, 0, -1) + 2, 2, 0] for history in histories]
    everyone = _listeners(histories, slots)
    asked = [Asked(index, len(history) - 1) for index, history in enumerate(histories)]
    return Set("lastfm", everyone, _slot_spans(), asked, "discover", _one_artist(histories))


def history(
    folder: Path, files: str = "*StreamingHistory*.json", zone: str = "UTC", validation_share: float = 0.1
) -> Set:
    """One real listener's files, account data or extended: the first 80 % train (the last eighth of that validates);
    every later play is asked for."""
    chosen = sorted(folder.glob(files))
    if not chosen:
        raise SystemExit(f"No file in {folder} is named {files}: --files says which are the listener's.")
    with TemporaryDirectory() as made:
        data = export_folder(chosen, zone, Path(made) / "export")
        (listener,) = listeners(data.songs())
    plays, count = listener.plays, len(listener.plays)
    artists = {
        plays.track_keys[track]: plays.artist_keys[artist]
        for track, artist in zip(plays.track, plays.artist, strict=True)
    }
    train, validated = int(count * (0.8 - validation_share)), int(count * 0.8)
    edge = [float(plays.ended[place - 1]) for place in (train, train, validated, validated)]
    when = Spans(edge[0], edge[1], edge[2], edge[3], float(plays.ended[-1]) + 1)
    begin = played_before(listener, when.test_begin)
    return Set("one real history", [listener], when, [Asked(0, at) for at in range(begin, count)], "comfort", artists)


def _listeners(histories: Sequence[Sequence[str]], slots: Sequence[np.ndarray]) -> list[Listener]:
    keys = sorted({key for history in histories for key in history})
    code = {key: index for index, key in enumerate(keys)}
    zone = ZoneInfo("UTC")
    made = []
    for number, (history, slot) in enumerate(zip(histories, slots, strict=True)):
        track = np.array([code[key] for key in history])
        ended = END - slot * STEP_S
        plays = _plays(keys, ["everybody"], track, np.zeros_like(track), ended, np.full(len(track), 180_000.0))
        made.append(Listener(f"{number:06d}", zone, plays))
    return made


def _plays(
    tracks: list[str], artists: list[str], track: np.ndarray, artist: np.ndarray, ended: np.ndarray, ms: np.ndarray
) -> Plays:
    unknown = np.full(len(track), -1, np.int8)
    none = np.zeros(len(track), np.int8)
    return Plays(
        tracks, artists, track.astype(np.int32), artist.astype(np.int32), ended - ms / 1000, ended, ms, unknown,
        unknown, none, none,
    )  # fmt: skip


def _slot_spans() -> Spans:
    """Training up to slot 3, validation in slot 2, slot 1 in between, the test in slot 0."""
    edge = [END - (slot + 0.5) * STEP_S for slot in (2, 2, 1, 0)]
    return Spans(edge[0], edge[1], edge[2], edge[3], END + 1)


def _one_artist(histories: Sequence[Sequence[str]]) -> dict[str, str]:
    return {key: "everybody" for history in histories for key in history}
