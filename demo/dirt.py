"""The dirt of real exports, counted, so that an importer's ledger can be checked against what was put in."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from demo.export_rows import Row, as_timestamp


@dataclass
class Dirt:
    """How many rows of each kind were added to or spoiled in one export."""

    exact_duplicates: int = 0
    zero_ms: int = 0
    names_missing: int = 0
    nothing_named: int = 0
    reasons_missing: int = 0

    def counts(self) -> dict[str, int]:
        """By name."""
        return asdict(self)


NAMES = (
    "master_metadata_track_name",
    "master_metadata_album_artist_name",
    "master_metadata_album_album_name",
)


def _earlier(timestamp: str, milliseconds: int) -> str:
    ended = datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return as_timestamp(int(ended.timestamp() * 1000) - milliseconds)


def spoil(rng: np.random.Generator, rows: list[Row]) -> tuple[list[Row], Dirt]:
    """The rows with dirt among them: repeated rows, plays of 0 ms, lost names, local files, lost reasons."""
    dirt = Dirt()
    spoiled: list[Row] = []
    for row in rows:
        is_track = row["spotify_track_uri"] is not None
        chance = rng.random()
        if is_track and chance < 0.0015:
            row = row | dict.fromkeys(NAMES)  # noqa: PLW2901 - the row as exported
            dirt.names_missing += 1
        elif is_track and chance < 0.0022:
            row = row | dict.fromkeys((*NAMES, "spotify_track_uri"))  # noqa: PLW2901
            dirt.nothing_named += 1
        elif chance < 0.0045:
            row = row | {"reason_start": "unknown" if rng.random() < 0.5 else "", "reason_end": "unknown"}  # noqa: PLW2901
            dirt.reasons_missing += 1
        elif is_track and chance < 0.012 and not row["offline"]:
            began = _earlier(row["ts"], row["ms_played"] + 1000)
            failed = row | {"ts": began, "ms_played": 0, "reason_end": "trackerror" if rng.random() < 0.4 else "fwdbtn"}
            spoiled.append(failed)
            dirt.zero_ms += 1
        spoiled.append(row)
        if 0.5 < chance < 0.504:
            spoiled.append(dict(row))
            dirt.exact_duplicates += 1
    return spoiled, dirt
