"""Training sequences in memory-mapped files, and batches of windows cut from them a whole batch at a time.

All histories lie end to end, so a batch is a handful of array look-ups, whatever its size, and a set larger than the
memory is read by the operating system as it is needed. Windows of like length share a batch: little is padded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from modeling.recommender.network import MOMENT_FEATURES, PLAY_FEATURES

Arrays = Mapping[str, np.ndarray]
COLUMNS = {
    "items": (np.int32, ()),
    "targets": (np.int32, ()),
    "plays": (np.float16, (PLAY_FEATURES,)),
    "moments": (np.float16, (MOMENT_FEATURES,)),
}
"""Per play: the track; the same, or -1 where it should not be learned to be suggested; what is known of the play; the
moment at which it began."""
ROUND_TO = 8
"""Lengths of batches are multiples of this, or the longest window."""


@dataclass(frozen=True)
class Sequences:
    """Histories of at least two plays."""

    start: NDArray[np.int64]
    """(listeners + 1,) where each history begins."""
    columns: Arrays

    @classmethod
    def write(cls, folder: Path, histories: Iterable[Arrays]) -> "Sequences":
        """Append one history after the other to the files of an empty or absent folder, and map them."""
        folder.mkdir(parents=True, exist_ok=True)
        lengths = [0]
        files = {name: (folder / f"{name}.bin").open("wb") for name in COLUMNS}
        for history in histories:
            if len(history["items"]) < 2:
                continue
            lengths.append(len(history["items"]))
            for name, (kind, _) in COLUMNS.items():
                files[name].write(np.ascontiguousarray(history[name], dtype=kind).tobytes())
        for file in files.values():
            file.close()
        np.save(folder / "start.npy", np.cumsum(lengths))
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "Sequences":
        """Map the files of a folder that `write` has filled."""
        start = np.load(folder / "start.npy")
        columns = {
            name: np.memmap(folder / f"{name}.bin", dtype=kind, mode="r", shape=(int(start[-1]), *shape))
            for name, (kind, shape) in COLUMNS.items()
            if start[-1]
        }
        return cls(start, columns)

    @property
    def hold_anything(self) -> bool:
        return len(self.start) > 1

    def windows(self, longest: int, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(windows,) begins and lengths that hold every play once; a long history is cut elsewhere each time."""
        sizes = np.diff(self.start)
        pieces = -(-sizes // longest)
        slack = np.minimum(pieces * longest - sizes, longest - 1)
        first = longest - np.where(pieces > 1, (random.random(len(sizes)) * (slack + 1)).astype(np.int64), 0)
        owner = np.repeat(np.arange(len(sizes)), pieces)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        offset = np.where(place > 0, first[owner] + (place - 1) * longest, 0)
        end = np.minimum(first[owner] + place * longest, sizes[owner])
        return self.start[owner] + offset, end - offset

    def batches(self, longest: int, plays: int, random: np.random.Generator) -> Iterator[dict[str, torch.Tensor]]:
        """Batches of about `plays` plays, pass after pass, without end. See `_gather` for what is in one."""
        if not self.hold_anything:
            raise ValueError("no listener has two plays in the training span")
        while True:
            begin, length = self.windows(longest, random)
            order = np.lexsort((random.random(len(begin)), length))
            groups: list[NDArray[np.int64]] = []
            last = len(order)
            while last > 0:  # from the longest down, so that the length of a batch is known before its rows
                rows = max(1, plays // int(length[order[last - 1]]))
                groups.append(order[max(0, last - rows) : last])
                last -= rows
            for group in random.permutation(len(groups)):
                yield self._gather(begin[groups[group]], length[groups[group]], longest)

    def _gather(self, begin: NDArray[np.int64], length: NDArray[np.int64], limit: int) -> dict[str, torch.Tensor]:
        """targets and moments: (rows, n) of plays begin … begin + n - 1; items and plays: (rows, n - 1), what had been
        played before each of them within the window. Targets are -1 behind a window's end."""
        longest = min(limit, -(-int(length.max()) // ROUND_TO) * ROUND_TO)
        place = np.arange(longest)
        inside = place < length[:, None]
        where = begin[:, None] + np.where(inside, place, 0)
        columns = self.columns
        before = where[:, :-1]
        return {
            "items": torch.from_numpy(columns["items"][before].astype(np.int64)),
            "plays": torch.from_numpy(columns["plays"][before].astype(np.float32)),
            "moments": torch.from_numpy(columns["moments"][where].astype(np.float32)),
            "targets": torch.from_numpy(np.where(inside, columns["targets"][where], -1).astype(np.int64)),
        }
