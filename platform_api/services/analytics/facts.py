"""What the catalogue knows about the tracks of a history, as columns beside `History.track_ids`."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.services.analytics.history import History


@dataclass(frozen=True)
class Facts:
    """One entry a track of the history. `artist` and `album` count into the ids; −1 stands for none, 0 for unknown."""

    artist: npt.NDArray[np.int64]
    artist_ids: npt.NDArray[np.int64]
    album: npt.NDArray[np.int64]
    album_ids: npt.NDArray[np.int64]
    duration_ms: npt.NDArray[np.int64]
    release_year: npt.NDArray[np.int64]


def facts_of(session: Session, history: History) -> Facts:
    """Read once for all questions of a session about the same history."""
    kept: tuple[History, Facts] | None = session.info.get("facts")
    if kept is None or kept[0] is not history:
        kept = history, _read(session, history.track_ids)
        session.info["facts"] = kept
    return kept[1]


def _read(session: Session, track_ids: npt.NDArray[np.int64]) -> Facts:
    packed = analytics.track_facts(session, track_ids.tolist())
    columns = np.frombuffer(packed, dtype=">i8").astype(np.int64).reshape(-1, len(analytics.FACTS))
    known = np.zeros((len(track_ids), len(analytics.FACTS)), dtype=np.int64)
    known[np.searchsorted(track_ids, columns[:, 0])] = columns
    artist_ids, artist = _numbered(known[:, 1])
    album_ids, album = _numbered(known[:, 2])
    return Facts(artist, artist_ids, album, album_ids, known[:, 3], known[:, 4])


def _numbered(ids: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different ids without 0, and the place of each id among them, −1 for 0."""
    different = np.unique(ids)
    different = different[different > 0]
    return different, np.where(ids > 0, np.searchsorted(different, ids), -1)
