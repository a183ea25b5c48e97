"""Which files of an upload are listening history, told by their name AND by what is in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import orjson

from platform_api.services.importing import rows, scrobbles, verdicts
from platform_api.services.importing.archive import Archive, ArchiveRefused, Entry

Row: TypeAlias = dict[str, object]
PEEK_BYTES = 64 * 1024


@dataclass(frozen=True)
class HistoryFormat:
    """One shape of history file. `marker` is a field that every row has: counting it counts the rows."""

    name: str
    source: str
    file_names: re.Pattern[str]
    fields: tuple[frozenset[str], ...]
    marker: str
    judge: Callable[[Row, verdicts.Moment], verdicts.Verdict]

    def fits(self, row: object) -> bool:
        return isinstance(row, dict) and any(fields <= row.keys() for fields in self.fields)


FORMATS = (
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
        file_names=re.compile(r"listens?.*\.json", re.IGNORECASE),
        fields=(frozenset({"listened_at", "track_metadata"}),),
        marker="listened_at",
        judge=scrobbles.judge_listen,
    ),
)
BY_NAME = {each.name: each for each in FORMATS}


@dataclass(frozen=True)
class FoundFile:
    """A file of the upload. Without a format it is left alone; `state` and `error` then say why."""

    entry: Entry
    format: HistoryFormat | None
    state: Literal["queued", "ignored", "broken"]
    error: str | None = None


def find_history(archive: Archive) -> list[FoundFile]:
    """Looks at every JSON file's first bytes. Raises ArchiveRefused where nothing is listening history."""
    found = [_look_at(archive, entry) for entry in archive.entries]
    if not any(file.format for file in found):
        raise ArchiveRefused(
            "There is no listening history in it. Spotify's files are called Streaming_History_Audio_…json, "
            "endsong_….json or StreamingHistory….json."
        )
    return sorted(found, key=lambda file: _natural(file.entry.name))


def _look_at(archive: Archive, entry: Entry) -> FoundFile:
    is_json = entry.is_bare or entry.name.lower().endswith(".json")
    if not is_json or entry.base_name.startswith("._"):
        return FoundFile(entry, None, "ignored")
    by_name = next((each for each in FORMATS if each.file_names.fullmatch(entry.base_name)), None)
    with archive.open(entry) as stream:
        start = stream.read(PEEK_BYTES)
    sample = _first_rows(start)
    by_shape = next((each for each in FORMATS if any(each.fits(row) for row in sample or [])), None)
    if by_shape or (by_name and sample is not None):
        return FoundFile(entry, by_shape or by_name, "queued")
    if by_name:
        return FoundFile(entry, by_name, "broken", "It does not hold a list of plays.")
    return FoundFile(entry, None, "ignored")


def _first_rows(start: bytes) -> list[object] | None:
    """The rows that lie whole in the first bytes, or None where they do not begin a list."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"["):
        return None
    whole = text[: text.rfind(b"}") + 1] or b"["
    try:
        parsed = orjson.loads(whole + b"]")
    except orjson.JSONDecodeError:
        return rows.salvage(whole[1:])[:20]
    return list(parsed)[:20]


def _natural(name: str) -> list[tuple[int, str]]:
    """`endsong_10` after `endsong_9`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
