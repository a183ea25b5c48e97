"""What the ledger shows of a row that did not become a play: never the address, never the user name."""

from typing import Any, NamedTuple

from platform_api.services.importing.verdicts import PlayFacts

REJECTS_KEPT = 50
"""Rows kept per file and reason; all are counted."""
LONGEST_SHOWN = 300
SHOWN_FIELDS = frozenset({
    "ts", "endTime", "ms_played", "msPlayed", "master_metadata_track_name", "master_metadata_album_artist_name",
    "master_metadata_album_album_name", "spotify_track_uri", "episode_name", "episode_show_name", "spotify_episode_uri",
    "audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title", "artistName", "trackName",
    "podcastName", "episodeName", "audiobookName", "authorName", "chapterName", "reason_start", "reason_end", "shuffle",
    "skipped", "offline", "offline_timestamp", "incognito_mode", "listened_at", "track_name", "artist_name",
    "release_name", "artist", "artists", "track", "title", "name", "album", "uts", "utc_time", "date", "time",
    "timestamp", "duration",
})  # fmt: skip
"""Named one by one, so that a field nobody has seen yet cannot bring a private thing along."""


NESTED = ("track_metadata", "track")


class Reject(NamedTuple):
    position: int
    verdict: str
    reason: str
    detail: dict[str, Any]


def row_detail(row: object) -> dict[str, Any]:
    """The harmless fields of a row, long texts cut; what is not a row shows nothing."""
    if not isinstance(row, dict):
        return {}
    # scrobbles tell names one level deeper
    inner = {
        **row,
        **{field: value for name in NESTED if isinstance(row.get(name), dict) for field, value in row[name].items()},
    }
    return {field: _shown(value) for field, value in inner.items() if field in SHOWN_FIELDS and value is not None}


def play_detail(play: PlayFacts, standing: dict[str, Any] | None = None) -> dict[str, Any]:
    """`standing` is the play that stands for a duplicate (`crud/standing.py`)."""
    detail: dict[str, Any] = {
        "title": _shown(play.item.title),
        "artist": _shown(play.item.artist),
        "started_at": play.started_at.isoformat(),
        "ended_at": play.ended_at.isoformat(),
        "ms_played": play.ms_played,
    }
    return detail if standing is None else {**detail, "same_as": standing}


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str):
        return value.replace("\0", "")[:LONGEST_SHOWN]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _shown(", ".join(value))
    return f"({type(value).__name__})"
