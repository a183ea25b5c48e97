"""Which files of an upload are read, told by their name AND by what is in them.

How the rows lie in a file (`layouts.py`) is another question than what a row says: both are told from its beginning.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from platform_api.services.importing import own_export, scrobble_files, scrobbles, verdicts
from platform_api.services.importing.archive import Archive, ArchiveRefused, Entry
from platform_api.services.importing.layouts import read_rows
from platform_api.services.importing.rows import NotAListOfRows
from platform_api.services.keepsakes.formats import KEEPSAKE_BY_NAME, KEEPSAKES, KeepsakeFormat

Row: TypeAlias = dict[str, object]
PEEK_BYTES = 64 * 1024
SAMPLE_ROWS = 50
READ = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class HistoryFormat:
    """One shape of history file. `marker` is a field that every row has: counting it counts the rows of a JSON list."""

    name: str
    source: str
    file_names: re.Pattern[str]
    fields: tuple[frozenset[str], ...]
    marker: str
    judge: Callable[[Row, verdicts.Moment], verdicts.Verdict]

    def fits(self, row: object) -> bool:
        return isinstance(row, dict) and any(fields <= row.keys() for fields in self.fields)


@dataclass(frozen=True)
class OwnFormat(HistoryFormat):
    """What Tonearm itself exported: a file for each source, so that plays stay where they came from."""

    def fits(self, row: object) -> bool:
        told = row.get("tonearm") if isinstance(row, dict) else None
        return isinstance(told, dict) and told.get("source") == self.source


OWN = tuple(
    OwnFormat(
        name=f"tonearm_{source}",
        source=source,
        file_names=re.compile(rf"Streaming_History_Tonearm_{source}_\d+\.json"),
        fields=(),
        marker="precision_s",
        judge=own_export.judge_tonearm,
    )
    for source in own_export.SOURCES
)
FORMATS = (
    *OWN,
    HistoryFormat(
        name="extended",
        source="spotify_export",
        file_names=re.compile(r"(Streaming_History_(Audio|Video)|endsong).*\.json", re.IGNORECASE),
        fields=(frozenset({"ts", "ms_played"}),),
        marker="ts",
        judge=verdicts.judge_extended,
    ),
    HistoryFormat(
        name="account_podcast",
        source="spotify_export",
        file_names=re.compile(r"StreamingHistory_podcast_?\d*\.json", re.IGNORECASE),
        fields=(frozenset({"endTime", "msPlayed", "episodeName"}),),
        marker="endTime",
        judge=verdicts.judge_account_podcast,
    ),
    HistoryFormat(
        name="account_audiobook",
        source="spotify_export",
        file_names=re.compile(r"StreamingHistory_audiobook_?\d*\.json", re.IGNORECASE),
        fields=(frozenset({"endTime", "msPlayed", "chapterName"}), frozenset({"endTime", "msPlayed", "audiobookName"})),
        marker="endTime",
        judge=verdicts.judge_account_audiobook,
    ),
    HistoryFormat(
        name="account_music",
        source="spotify_export",
        file_names=re.compile(r"StreamingHistory(_music_)?\d*\.json", re.IGNORECASE),
        fields=(frozenset({"endTime", "msPlayed", "trackName"}),),
        marker="endTime",
        judge=verdicts.judge_account_music,
    ),
    HistoryFormat(
        name="listenbrainz",
        source="listenbrainz",
        file_names=re.compile(r"listens?.*\.jsonl?", re.IGNORECASE),
        fields=(frozenset({"listened_at", "track_metadata"}),),
        marker="listened_at",
        judge=scrobbles.judge_listen,
    ),
    HistoryFormat(
        name="maloja",
        source="maloja",
        file_names=re.compile(r"maloja_export.*\.json", re.IGNORECASE),
        fields=(frozenset({"time", "track", "duration"}), frozenset({"time", "track", "origin"})),
        marker="time",
        judge=scrobble_files.judge_maloja,
    ),
    HistoryFormat(
        name="lastfm_api",
        source="lastfm",
        file_names=re.compile(r"recent_?tracks.*\.json", re.IGNORECASE),
        fields=(frozenset({"artist", "name", "date", "url"}), frozenset({"artist", "name", "@attr", "url"})),
        marker="streamable",
        judge=scrobble_files.judge_recent_track,
    ),
    HistoryFormat(
        name="scrobbles",
        source="lastfm",
        file_names=re.compile(r"(lastfm|scrobbles|recenttracks).*\.(csv|tsv|txt)", re.IGNORECASE),
        fields=tuple(
            frozenset({"artist", title, moment})
            for title in ("track", "title")
            for moment in ("uts", "utc_time", "timestamp", "date")
        ),
        marker="artist",
        judge=scrobble_files.judge_scrobble_row,
    ),
)
BY_NAME = {each.name: each for each in FORMATS}


@dataclass(frozen=True)
class FoundFile:
    """A file of the upload. Without a format it is left alone; `state` and `error` then say why."""

    entry: Entry
    format: HistoryFormat | KeepsakeFormat | None
    state: Literal["queued", "ignored", "broken"]
    error: str | None = None


def find_history(archive: Archive) -> list[FoundFile]:
    """Looks at the beginning of every file that may be history. Raises ArchiveRefused where nothing is."""
    is_history = own_export.history_of(entry.name for entry in archive.entries)
    found = [
        _look_at(archive, entry) if is_history(entry.name) else FoundFile(entry, None, "ignored")
        for entry in archive.entries
    ]
    if not any(file.format for file in found):
        raise ArchiveRefused(
            "There is no listening history in it. Tonearm reads Spotify's Streaming_History_Audio_….json, "
            "endsong_….json and StreamingHistory….json, ListenBrainz exports, Last.fm scrobbles as CSV or JSON, and "
            "Maloja exports."
        )
    return sorted(found, key=lambda file: (_turn(file), _natural(file.entry.name)))


def source_of(format_name: str) -> str:
    """Where what such a file brings comes from."""
    return (BY_NAME.get(format_name) or KEEPSAKE_BY_NAME[format_name]).source


def _turn(file: FoundFile) -> int:
    """Plays are turn 0; what an export tells beside them comes before or behind."""
    if not isinstance(file.format, KeepsakeFormat):
        return 0
    return KEEPSAKES.index(file.format) + (1 if file.format.behind_plays else -len(KEEPSAKES))


def _look_at(archive: Archive, entry: Entry) -> FoundFile:
    may_be = entry.is_bare or entry.name.lower().endswith(READ)
    if not may_be or entry.base_name.startswith("._"):
        return FoundFile(entry, None, "ignored")
    by_name = next((each for each in FORMATS if each.file_names.fullmatch(entry.base_name)), None)
    with archive.open(entry) as stream:
        start = stream.read(PEEK_BYTES)
    kept = next((each for each in KEEPSAKES if each.is_called(entry.base_name)), None)
    if kept is not None and kept.begins(start):
        return FoundFile(entry, kept, "queued")
    sample = _first_rows(start)
    by_shape = next((each for each in FORMATS if any(each.fits(row) for row in sample or [])), None)
    if by_shape or (by_name and sample is not None):
        return FoundFile(entry, by_shape or by_name, "queued")
    if by_name:
        return FoundFile(entry, by_name, "broken", "It does not hold a list of plays.")
    return FoundFile(entry, None, "ignored")


def _first_rows(start: bytes) -> list[object] | None:
    """Rows that lie in the first bytes, the last of them perhaps cut off; None where they do not begin any layout."""
    try:
        return [row for piece in read_rows(io.BytesIO(start)) for row in piece][:SAMPLE_ROWS]
    except NotAListOfRows:
        return None


def _natural(name: str) -> list[tuple[int, str]]:
    """`endsong_10` after `endsong_9`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
