"""From the exported table of plays to one sequence per listener, and the moments that part training from measuring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modeling.plays import Plays, reason_code
from training.jobs import NothingToLearn
from training.params import SplitParams

DAY_S = 86400.0


@dataclass(frozen=True)
class Listener:
    """One listener's whole history. All listeners of one call share the code tables of `plays`."""

    key: str
    zone: ZoneInfo
    plays: Plays


@dataclass(frozen=True)
class Spans:
    """One global split in time, in seconds since 1970. Training ends; after a pause validation, then test."""

    train_end: float
    validation_begin: float
    validation_end: float
    test_begin: float
    test_end: float

    def told(self) -> dict[str, str]:
        """The edges in ISO 8601, as a bundle and its version tell them."""
        return {
            name: datetime.fromtimestamp(each, UTC).isoformat(timespec="seconds") for name, each in vars(self).items()
        }


def listeners(table: pa.Table) -> list[Listener]:
    """One sequence per listener from a table of `PLAYS`, oldest play first, listeners in the order of their keys."""
    order = pc.sort_indices(table, [("user_key", "ascending"), ("ended_at", "ascending"), ("track_key", "ascending")])
    table = table.take(order)
    track_keys, track = _codes(table["track_key"])
    artist_keys, artist = _codes(table["artist_key"])
    user_keys, user = _codes(table["user_key"])
    everything = Plays(
        track_keys, artist_keys, track, artist, _seconds(table["started_at"]), _seconds(table["ended_at"]),
        table["ms_played"].to_numpy().astype(np.float64), _flags(table["skipped"]), _flags(table["shuffle"]),
        _reasons(table["reason_start"]), _reasons(table["reason_end"]),
    )  # fmt: skip
    edges = np.concatenate([[0], np.flatnonzero(np.diff(user)) + 1, [len(user)]]) if len(user) else np.array([0])
    zones = table["time_zone"]
    return [
        Listener(user_keys[user[begin]], ZoneInfo(zones[int(begin)].as_py()), everything.part(slice(begin, end)))
        for begin, end in pairwise(edges)
    ]


def spans(everyone: Sequence[Listener], split: SplitParams) -> Spans:
    """The split, counted back from the last play of all. Raises NothingToLearn when there is no play."""
    if not everyone:
        raise NothingToLearn("no plays may train a model: import a history and allow training in the settings first")
    end = max(float(listener.plays.ended[-1]) for listener in everyone) + 1
    validation_end = end - split.test_days * DAY_S
    train_end = validation_end - split.validation_days * DAY_S
    pause = split.gap_minutes * 60
    return Spans(train_end, train_end + pause, validation_end, validation_end + pause, end)


def played_before(listener: Listener, moment: float) -> int:
    """How many of a listener's plays had ended by then."""
    return int(np.searchsorted(listener.plays.ended, moment, side="right"))


def _codes(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int32]]]:
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int32)


def _seconds(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(column.cast(pa.int64()).to_numpy() / 1e6, dtype=np.float64)


def _flags(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    return np.asarray(pc.fill_null(pc.cast(column, pa.int8()), -1).to_numpy(), dtype=np.int8)


def _reasons(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    encoded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    codes = np.array([reason_code(reason) for reason in encoded.dictionary.to_pylist()], dtype=np.int8)
    return codes[encoded.indices.to_numpy()] if len(codes) else np.empty(0, dtype=np.int8)
