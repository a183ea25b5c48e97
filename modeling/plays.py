"""A listener's raw plays as columns: read from the wire or built from Parquet, the same from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from modeling.errors import RequestError

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Flags = NDArray[np.int8]

SESSION_GAP_S = 1800.0
"""A longer pause than half an hour ends a session: Yambda's rule and that of the music-session literature."""
SHORT_PLAY_MS = 30_000
MAX_PLAYS = 50_000
MAX_SESSIONS = 20_000
LATEST_S = 4e9
"""The year 2096: what lies later is no instant of a history."""

REASONS = (
    "", "trackdone", "fwdbtn", "backbtn", "clickrow", "clickside", "endplay", "playbtn", "remote", "logout", "popup",
    "appload", "trackerror", "unexpected-exit", "unexpected-exit-while-paused", "unknown",
)  # fmt: skip
"""The reasons of Spotify's export; any other one is read as unknown."""
_REASON_CODE = {reason: code for code, reason in enumerate(REASONS)}
_UNKNOWN_REASON = _REASON_CODE["unknown"]
_FORWARD = _REASON_CODE["fwdbtn"]


@dataclass(frozen=True)
class Plays:
    """n plays of one listener, oldest first. Times are seconds since 1970 UTC."""

    track_keys: Sequence[str]
    artist_keys: Sequence[str]
    track: Codes
    """(n,) index into `track_keys`."""
    artist: Codes
    """(n,) index into `artist_keys`."""
    started: Floats
    ended: Floats
    ms_played: Floats
    skipped: Flags
    """(n,) 1 yes, 0 no, -1 not recorded; so is `shuffle`."""
    shuffle: Flags
    reason_start: Flags
    """(n,) index into REASONS; so is `reason_end`."""
    reason_end: Flags

    def __len__(self) -> int:
        return len(self.track)

    def part(self, chosen: slice) -> "Plays":
        """The plays of a slice, with the same code tables."""
        return Plays(
            self.track_keys, self.artist_keys, self.track[chosen], self.artist[chosen], self.started[chosen],
            self.ended[chosen], self.ms_played[chosen], self.skipped[chosen], self.shuffle[chosen],
            self.reason_start[chosen], self.reason_end[chosen],
        )  # fmt: skip


@dataclass(frozen=True)
class Sessions:
    """n stretches of music of one listener, oldest first, each after the end of the one before. Seconds since 1970."""

    started: Floats
    ended: Floats

    def __len__(self) -> int:
        return len(self.started)


NO_SESSIONS = Sessions(np.empty(0), np.empty(0))


def was_skipped(plays: Plays) -> NDArray[np.bool_]:
    """(n,) What the models take for a skip: as recorded; else ended by the forward button, as the product says. Where
    no reason was recorded either, the product says nothing; here a play of less than 30 seconds is one."""
    by_reason = np.where(plays.reason_end == 0, plays.ms_played < SHORT_PLAY_MS, plays.reason_end == _FORWARD)
    return np.asarray(np.where(plays.skipped >= 0, plays.skipped == 1, by_reason), dtype=np.bool_)


def begins_session(plays: Plays, gap_s: float = SESSION_GAP_S) -> NDArray[np.bool_]:
    """(n,) True where a play comes more than `gap_s` after everything before it has ended."""
    begins = np.ones(len(plays), dtype=np.bool_)
    if len(plays) > 1:
        begins[1:] = plays.started[1:] - np.maximum.accumulate(plays.ended)[:-1] > gap_s
    return begins


def previous_place(codes: Codes, within: int) -> NDArray[np.int64]:
    """(n,) The latest of the `within` places before each one that has the same code, or -1."""
    order = np.argsort(codes, kind="stable")
    previous = np.full(len(codes), -1, dtype=np.int64)
    same = codes[order][1:] == codes[order][:-1]
    previous[order[1:][same]] = order[:-1][same]
    return np.where(previous >= np.arange(len(codes)) - within, previous, -1)


def sum_before(codes: Codes, values: Floats, within: int) -> Floats:
    """(n,) The sum of `values` at those of the `within` places before each one that have the same code."""
    count, place = len(codes), np.arange(len(codes))
    order = np.argsort(codes, kind="stable")
    first_of_code = codes.astype(np.int64) * count
    row = (first_of_code + place)[order]
    summed = np.concatenate([[0.0], np.cumsum(values[order])])
    begin = np.searchsorted(row, first_of_code + np.maximum(place - within, 0))
    return np.asarray(summed[np.searchsorted(row, first_of_code + place)] - summed[begin])


def sessions_of(plays: Plays) -> Sessions:
    """The sessions that the plays make up."""
    opens = np.flatnonzero(begins_session(plays))
    closes = np.append(opens[1:], len(plays))[: len(opens)] - 1
    return Sessions(plays.started[opens], np.maximum.accumulate(plays.ended)[closes])


def continued(earlier: Sessions, later: Sessions) -> Sessions:
    """Both in one row; what follows within the gap of a session goes on with it."""
    if not len(earlier) or not len(later):
        return later if not len(earlier) else earlier
    if later.started[0] - earlier.ended[-1] > SESSION_GAP_S:
        return Sessions(np.concatenate([earlier.started, later.started]), np.concatenate([earlier.ended, later.ended]))
    ended = np.append(np.maximum(later.ended[:1], earlier.ended[-1]), later.ended[1:])
    return Sessions(np.concatenate([earlier.started, later.started[1:]]), np.concatenate([earlier.ended[:-1], ended]))


def hours_of_week(seconds: Floats, zone: tzinfo) -> Floats:
    """Local time as hours since Monday 00:00, in [0, 168), of any shape."""
    # 1970-01-01 was a Thursday: three days after a Monday.
    return np.asarray(((seconds + offsets_s(seconds, zone)) / 3600 + 72) % 168)


def offsets_s(seconds: Floats, zone: tzinfo) -> Floats:
    """Seconds to add to UTC for local time, of any shape. A day with a change of offset is looked at by the quarter
    hour, any other day once, since asking a zone for one instant costs more than all the rest of a feature."""
    days, inverse = np.unique(np.floor(seconds / 86400).astype(np.int64), return_inverse=True)
    begins = np.array([_offset_s(int(day) * 86400, zone) for day in days], dtype=np.float64)
    ends = np.array([_offset_s(int(day + 1) * 86400, zone) for day in days], dtype=np.float64)
    offsets = begins[inverse].reshape(np.shape(seconds))
    changed = (begins != ends)[inverse].reshape(np.shape(seconds))
    if changed.any():
        quarters = np.floor(np.asarray(seconds)[changed] / 900).astype(np.int64)
        offsets[changed] = [_offset_s(int(quarter) * 900, zone) for quarter in quarters]
    return offsets


@lru_cache(maxsize=1 << 17)
def _offset_s(seconds: int, zone: tzinfo) -> float:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def read_zone(name: object) -> ZoneInfo:
    """An IANA time zone. RequestError 422 for anything else."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RequestError(422, f"time_zone {name!r} is not an IANA time zone.") from error


def read_instant(value: object, name: str) -> float:
    """An ISO 8601 instant with an offset, as seconds since 1970. RequestError 422 for anything else."""
    try:
        instant = datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise RequestError(422, f"{name} must be an ISO 8601 instant, not {value!r}.") from error
    if instant.tzinfo is None:
        raise RequestError(422, f"{name} must say its offset from UTC: {value!r}.")
    return instant.timestamp()


def read_keys(value: object, name: str) -> list[str]:
    """A list of keys. RequestError 422 for anything else."""
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise RequestError(422, f"{name} must be a list of keys.")
    return value


def read_plays(rows: object) -> Plays:
    """Plays from the wire; put in order of their ends, oldest first.

    Required per row: `track`, `artist`, `ended_at`, `ms_played`. Optional: `started_at` (else the end minus the time
    played), `skipped`, `shuffle`, `reason_start`, `reason_end`. RequestError 422 names the row that makes no sense.
    """
    if not isinstance(rows, list) or len(rows) > MAX_PLAYS:
        raise RequestError(422, f"plays must be a list of at most {MAX_PLAYS} plays.")
    tracks: dict[str, int] = {}
    artists: dict[str, int] = {}
    columns: list[tuple[int, int, float, float, float, int, int, int, int]] = []
    for index, row in enumerate(rows):
        try:
            columns.append(_read_row(row, tracks, artists))
        except (KeyError, TypeError, ValueError) as error:
            raise RequestError(422, f"plays[{index}] makes no sense: {error!r}") from error
    columns.sort(key=lambda column: column[3])
    track, artist, started, ended, ms, skipped, shuffle, start, end = (
        zip(*columns, strict=True) if columns else [()] * 9
    )
    return Plays(
        list(tracks), list(artists), np.array(track, np.int32), np.array(artist, np.int32),
        np.array(started, np.float64), np.array(ended, np.float64), np.array(ms, np.float64),
        np.array(skipped, np.int8), np.array(shuffle, np.int8), np.array(start, np.int8), np.array(end, np.int8),
    )  # fmt: skip


def read_sessions(rows: object) -> Sessions:
    """Sessions from the wire, [[begin, end], …] in seconds since 1970, oldest first. RequestError 422 otherwise."""
    message = f"earlier must be a list of at most {MAX_SESSIONS} sessions [begin, end], oldest first."
    if not isinstance(rows, list) or len(rows) > MAX_SESSIONS:
        raise RequestError(422, message)
    if not rows:
        return NO_SESSIONS
    if not all(isinstance(row, list) and len(row) == 2 and all(type(each) is int for each in row) for row in rows):
        raise RequestError(422, message)
    try:
        instants = np.array(rows, dtype=np.float64)
    except OverflowError as error:
        raise RequestError(422, message) from error
    if instants.min() < 0 or instants.max() > LATEST_S or (np.diff(instants.ravel()) < 0).any():
        raise RequestError(422, message)
    return Sessions(instants[:, 0], instants[:, 1])


def _read_row(
    row: dict[str, Any], tracks: dict[str, int], artists: dict[str, int]
) -> tuple[int, int, float, float, float, int, int, int, int]:
    track, artist, ms_played = row["track"], row["artist"], float(row["ms_played"])
    if not isinstance(track, str) or not isinstance(artist, str) or not 0 <= ms_played < 1e9:
        raise ValueError("track and artist are keys, ms_played is a time in ms")
    ended = datetime.fromisoformat(row["ended_at"])
    start = row.get("started_at")
    started = datetime.fromisoformat(start) if start is not None else None
    if ended.tzinfo is None or (started is not None and started.tzinfo is None):
        raise ValueError("an instant must say its offset from UTC")
    ended_s = ended.timestamp()
    return (
        tracks.setdefault(track, len(tracks)),
        artists.setdefault(artist, len(artists)),
        started.timestamp() if started is not None else ended_s - ms_played / 1000,
        ended_s,
        ms_played,
        _flag(row.get("skipped")),
        _flag(row.get("shuffle")),
        reason_code(row.get("reason_start")),
        reason_code(row.get("reason_end")),
    )


def _flag(value: object) -> int:
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{value!r} is not true, false or null")
    return -1 if value is None else int(value)


def reason_code(reason: str | None) -> int:
    """Index into REASONS; none recorded is 0."""
    return _REASON_CODE.get(reason or "", _UNKNOWN_REASON)
