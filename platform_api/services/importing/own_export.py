"""Reading back what Tonearm exported: plays that Spotify's shape alone cannot tell (see services/export/plays.py)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TypeGuard

from platform_api.models.listening import EARLIEST_PLAY, LONGEST_PLAY_MS
from platform_api.services.importing.scrobbles import CLOCK_SKEW
from platform_api.services.importing.verdicts import (
    Broken,
    Circumstances,
    Item,
    Moment,
    PlayFacts,
    Row,
    Skipped,
    Verdict,
    flag,
    moment,
    word,
)

MARK = "tonearm-export.json"
"""A file of this name says that an archive is an export of ours: then only some of its folders are read."""
PLAYS, YOURS = "plays", "yours"
SOURCES = ("spotify_export", "spotify_api", "listenbrainz", "lastfm", "maloja", "manual", "demo")
"""Sources of plays (`play_sources`). A file of another one is left alone."""
KINDS = {"song", "episode", "chapter"}
LARGEST_PRECISION_S = 32_767
LONGEST = timedelta(milliseconds=LONGEST_PLAY_MS, minutes=1)


def history_of(names: Iterable[str]) -> Callable[[str], bool]:
    """Which files of an archive may be read: all, or in an export of ours those of plays and of what was made and said
    beside them. It tells the same plays three times, for people and for other programs; they are read once.
    """
    is_ours = any(PurePosixPath(name).name == MARK for name in names)
    return lambda name: not is_ours or PurePosixPath(name).parent.name in (PLAYS, YOURS)


def judge_tonearm(row: Row, now: Moment) -> Verdict:
    told = row.get("tonearm")
    if not isinstance(told, dict):
        return Broken("not_a_row")
    started_at, ended_at = moment(told.get("started_at")), moment(told.get("ended_at"))
    if started_at is None or ended_at is None:
        return Broken("bad_time")
    if not EARLIEST_PLAY <= started_at <= ended_at or started_at > now + CLOCK_SKEW or ended_at - started_at > LONGEST:
        return Broken("impossible_time")
    ms_played, precision_s = row.get("ms_played"), told.get("precision_s")
    if not _is_between(ms_played, 0, LONGEST_PLAY_MS) or not _is_between(precision_s, 1, LARGEST_PRECISION_S):
        return Broken("bad_duration")
    item = Item(str(told.get("kind")), *(word(told.get(name)) for name in ("uri", "title", "artist", "album")))
    if item.kind not in KINDS or not (item.title or item.uri):
        return Skipped("nothing_named")
    how = Circumstances(
        word(row.get("reason_start")), word(row.get("reason_end")), flag(row.get("shuffle")), flag(row.get("skipped")),
        flag(row.get("offline")), flag(row.get("incognito_mode")), word(row.get("platform")),
        word(row.get("conn_country")),
    )  # fmt: skip
    return PlayFacts(item, ended_at, started_at, ms_played, precision_s, _or_none(told.get("offline_timestamp")), how)


def _is_between(value: object, least: int, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _or_none(value: object) -> datetime | None:
    return moment(value) if value is not None else None
