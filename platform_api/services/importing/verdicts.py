"""What becomes of one row of an export. Pure: no database, no clock, nothing but the row.

A verdict is a play, or the reason why there is none. Duplicates are decided later: that takes the plays already known.
The address and the user name of a row are never looked at, so they cannot be stored.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from platform_api.models.listening import LONGEST_PLAY_MS, MINUTE_S, SPOTIFY_BEGAN
from platform_api.services.importing.salvage import Unreadable

Moment: TypeAlias = datetime
Row: TypeAlias = dict[str, object]

MILLISECOND = timedelta(milliseconds=1)
MILLISECONDS_FROM = 100_000_000_000
"""An offline timestamp from here on counts milliseconds: as seconds it would be the year 5138."""
CLOCK_SLACK = timedelta(minutes=1)
LONGEST_TEXT = 1000
CACHED = 65_536

_SONG_FIELDS = (
    "master_metadata_track_name", "master_metadata_album_artist_name", "master_metadata_album_album_name",
    "spotify_track_uri",
)  # fmt: skip
_CIRCUMSTANCE_FIELDS = (
    "reason_start", "reason_end", "shuffle", "skipped", "offline", "incognito_mode", "platform", "conn_country",
)  # fmt: skip
_all_circumstances, _all_of_song = itemgetter(*_CIRCUMSTANCE_FIELDS), itemgetter(*_SONG_FIELDS)


class Item(NamedTuple):
    """What was played, as the export names it."""

    kind: str
    uri: str | None
    title: str | None
    artist: str | None
    album: str | None


class Circumstances(NamedTuple):
    """How a play began, ended and where. The fields are those of table `plays`."""

    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    incognito: bool | None = None
    platform: str | None = None
    country: str | None = None


NOT_TOLD = Circumstances()


class PlayFacts(NamedTuple):
    """One play, times in UTC. The fields are those of table `plays`."""

    item: Item
    ended_at: datetime
    started_at: datetime
    ms_played: int
    precision_s: int
    offline_timestamp: datetime | None = None
    circumstances: Circumstances = NOT_TOLD


class Skipped(NamedTuple):
    """A sound row that names nothing one could count."""

    reason: str


class Broken(NamedTuple):
    """A row that cannot be understood."""

    reason: str


Verdict: TypeAlias = PlayFacts | Skipped | Broken


def judge(row: object, of_format: Callable[[Row, Moment], Verdict], now: Moment) -> Verdict:
    """The verdict on anything that may stand in a list of plays."""
    if isinstance(row, dict):
        return of_format(row, now)
    return Broken(row.reason) if isinstance(row, Unreadable) else Broken("not_a_row")


def judge_extended(row: Row, now: Moment) -> Verdict:
    """Extended streaming history, now and old (`Streaming_History_Audio_*`, `endsong_*`)."""
    ended_at = moment(row.get("ts"))
    if ended_at is None or not SPOTIFY_BEGAN <= ended_at <= now:
        return Broken("bad_time" if ended_at is None else "impossible_time")
    ms_played = _duration(row.get("ms_played"))
    if ms_played is None:
        return Broken("bad_duration")
    item, circumstances = _names_and_circumstances(row)
    if item is None:
        return Skipped("nothing_named")
    offline_timestamp = _offline_moment(row.get("offline_timestamp"))
    started_at = ended_at - ms_played * MILLISECOND
    if (
        offline_timestamp is not None
        and circumstances.offline
        and _is_plausible_start(offline_timestamp, ms_played, ended_at)
    ):
        started_at = offline_timestamp
        ended_at = started_at + ms_played * MILLISECOND
    return PlayFacts(item, ended_at, started_at, ms_played, 1, offline_timestamp, circumstances)


def _names_and_circumstances(row: Row) -> tuple[Item | None, Circumstances]:
    values: Iterable[Any]
    names: Iterable[Any]
    try:
        values, names = _all_circumstances(row), _all_of_song(row)
    except KeyError:  # exports of some years lack some of them
        values, names = tuple(map(row.get, _CIRCUMSTANCE_FIELDS)), tuple(map(row.get, _SONG_FIELDS))
    try:
        circumstances = _circumstances(*values)
        item = _song(*names)
    except TypeError:  # a list or an object where a text belongs cannot be looked up, but can be judged
        circumstances = _circumstances.__wrapped__(*values)
        item = _song.__wrapped__(*names)
    return item or _spoken(row), circumstances


# A history repeats itself: the same tracks, devices and reasons come thousands of times. `typed` tells 1 from True.
@lru_cache(maxsize=CACHED)
def _song(title: object, artist: object, album: object, uri: object) -> Item | None:
    title, uri = word(title), word(uri)
    return Item("song", uri, title, word(artist), word(album)) if title or uri else None


@lru_cache(maxsize=CACHED, typed=True)
def _circumstances(
    reason_start: object, reason_end: object, shuffle: object, skipped: object, offline: object, incognito: object,
    platform: object, country: object,
) -> Circumstances:  # fmt: skip
    return Circumstances(
        word(reason_start), word(reason_end), flag(shuffle), flag(skipped), flag(offline), flag(incognito),
        word(platform), word(country),
    )  # fmt: skip


def _spoken(row: Row) -> Item | None:
    get = row.get
    title, uri = word(get("episode_name")), word(get("spotify_episode_uri"))
    if title or uri:
        return Item("episode", uri, title, word(get("episode_show_name")), None)
    title, uri = word(get("audiobook_chapter_title")), word(get("audiobook_chapter_uri"))
    book = word(get("audiobook_title"))
    if title or uri or book:
        # The export names the book but not its author, so the book stands where the author would.
        return Item("chapter", uri, title or book, book, book)
    return None


def judge_account_music(row: Row, now: Moment) -> Verdict:
    """Account data, music (`StreamingHistory_music_*`, `StreamingHistory*`): whole minutes, names only."""
    return _judge_account(row, now, "song", row.get("trackName"), row.get("artistName"), None)


def judge_account_podcast(row: Row, now: Moment) -> Verdict:
    return _judge_account(row, now, "episode", row.get("episodeName"), row.get("podcastName"), None)


def judge_account_audiobook(row: Row, now: Moment) -> Verdict:
    """Names the author as well, but the extended history does not: a chapter is of its book in both."""
    book = row.get("audiobookName") or row.get("bookName")
    return _judge_account(row, now, "chapter", row.get("chapterName") or book, book or row.get("authorName"), book)


def _judge_account(row: Row, now: Moment, kind: str, title: object, artist: object, album: object) -> Verdict:
    minute = moment(row.get("endTime"))
    if minute is None or not SPOTIFY_BEGAN <= minute <= now:
        return Broken("bad_time" if minute is None else "impossible_time")
    ms_played = _duration(row.get("msPlayed"))
    if ms_played is None:
        return Broken("bad_duration")
    name = word(title)
    if name is None:
        return Skipped("nothing_named")
    # Several plays of one track may end in one minute. The second is unknown, so the fraction of the first second is
    # free to tell plays of different length apart, the same way in whatever order they arrive.
    ended_at = minute + timedelta(microseconds=ms_played % 1_000_000)
    started_at = minute - ms_played * MILLISECOND
    return PlayFacts(Item(kind, None, name, word(artist), word(album)), ended_at, started_at, ms_played, MINUTE_S)


def moment(value: object) -> datetime | None:
    """`YYYY-MM-DDTHH:MM:SSZ` or `YYYY-MM-DD HH:MM`, always UTC. A leap second is the second after it."""
    if not isinstance(value, str):
        return None
    try:
        told = datetime.fromisoformat(value)
        if told.tzinfo is UTC:
            return told
    except ValueError:
        if ":60" not in value:
            return None
        try:
            told = datetime.fromisoformat(value.replace(":60", ":59", 1)) + timedelta(seconds=1)
        except (ValueError, OverflowError):
            return None
    try:
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except OverflowError:
        return None


def _duration(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST_PLAY_MS:
        return None
    return value


def _offline_moment(value: object) -> datetime | None:
    """Whole seconds, so that the same play told in seconds and in milliseconds has one start."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return None
    seconds = value // 1000 if value >= MILLISECONDS_FROM else value
    return datetime.fromtimestamp(seconds, UTC) if seconds < MILLISECONDS_FROM else None


def _is_plausible_start(start: datetime, ms_played: int, synced_at: datetime) -> bool:
    return start >= SPOTIFY_BEGAN and start + ms_played * MILLISECOND <= synced_at + CLOCK_SLACK


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def word(value: object) -> str | None:
    """A text without NUL (PostgreSQL cannot hold it), or None where there is nothing to read."""
    if not isinstance(value, str):
        return None
    if "\0" in value:
        value = value.replace("\0", "")
    return value[:LONGEST_TEXT] if value and not value.isspace() else None
