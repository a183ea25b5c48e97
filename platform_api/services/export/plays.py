"""Plays as files: in Spotify's own shape where that loses nothing, in ours where it would, as a table, as scrobbles.

Whether Spotify's shape loses anything is not argued here but tried, row by row: a row is written in it only if reading
it back gives the same play of the same track. Every other row carries a `tonearm` object with what is missing.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from platform_api.crud.export import PlayRow
from platform_api.services.importing.identity import SPOTIFY_URI, catalogue_entry
from platform_api.services.importing.verdicts import Circumstances, Item, PlayFacts, judge_extended
from platform_api.services.scrobbling.reading import as_scrobble

Row = dict[str, Any]
T = TypeVar("T")

ROWS_PER_FILE = 50_000
TABLE_ROWS_PER_FILE = 1_000_000
PIECE_ROWS = 500
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
KNOWN_TRACKS = 65_536
TABLE = (
    "started_at", "started_local", "ended_at", "ms_played", "is_listen", "kind", "title", "artist", "album",
    "track_key", "source", "precision_s", "reason_start", "reason_end", "shuffle", "skipped", "offline", "incognito",
    "platform", "country",
)  # fmt: skip


def spotify_row(play: PlayRow) -> Row | None:
    """The play as a row of extended streaming history, or None where such a row would be another play."""
    if play.source != "spotify_export":
        return None
    row, item = _in_spotifys_shape(play), _item(*_names(play))
    if item is None:
        return None
    told = judge_extended(row, FOREVER)
    return row if told == _facts(play, item) else None


def own_row(play: PlayRow) -> Row:
    """The same shape, for tools that read Spotify's, with everything that it cannot say beside it."""
    kind, uri, title, artist, album = _as_read(play)
    told = {
        "source": play.source,
        "kind": kind,
        "uri": uri,
        "title": title,
        "artist": artist,
        "album": album,
        "started_at": play.started_at.isoformat(),
        "ended_at": play.ended_at.isoformat(),
        "precision_s": play.precision_s,
        "offline_timestamp": play.offline_timestamp.isoformat() if play.offline_timestamp else None,
    }
    return {**_in_spotifys_shape(play), "tonearm": told}


def json_lists(rows: Iterable[Row]) -> Iterator[Iterator[bytes]]:
    """The rows as JSON lists of at most ROWS_PER_FILE, each in pieces; none where there are no rows."""
    for part in _parts(rows, ROWS_PER_FILE):
        yield _json_list(part)


def _json_list(rows: Iterable[Row]) -> Iterator[bytes]:
    start = b"["
    for piece in _chunks(rows, PIECE_ROWS):
        yield start + b",\n".join(orjson.dumps(row) for row in piece)
        start = b",\n"
    yield b"]" if start != b"[" else b"[]"


def tables(plays: Iterable[PlayRow], zone: ZoneInfo) -> Iterator[Iterator[bytes]]:
    """CSV files of at most TABLE_ROWS_PER_FILE plays."""
    for part in _parts(plays, TABLE_ROWS_PER_FILE):
        yield _table(part, zone)


def _table(plays: Iterable[PlayRow], zone: ZoneInfo) -> Iterator[bytes]:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(TABLE)
    for piece in _chunks(plays, PIECE_ROWS):
        for play in piece:
            local = play.started_at.astimezone(zone)
            told = {"started_at": play.started_at.isoformat(), "started_local": local.isoformat(),
                    "ended_at": play.ended_at.isoformat()}  # fmt: skip
            writer.writerow(_plain(told.get(column) or getattr(play, column)) for column in TABLE)
        yield written.getvalue().encode()
        written.seek(0)
        written.truncate()


def scrobbles(plays: Iterable[PlayRow]) -> Iterator[Iterator[bytes]]:
    """What counts as a listen, a line each, as ListenBrainz writes its own exports."""
    listens = (play for play in plays if play.is_listen and play.kind == "song")
    for part in _parts(listens, TABLE_ROWS_PER_FILE):
        yield (
            b"".join(orjson.dumps(as_scrobble(play), option=orjson.OPT_APPEND_NEWLINE) for play in piece)
            for piece in _chunks(part, PIECE_ROWS)
        )


def _plain(value: object) -> object:
    return {True: "true", False: "false", None: ""}[value] if value is None or isinstance(value, bool) else value


def _names(play: PlayRow) -> tuple[str, str, str, str, str, str, str | None, str | None]:
    return (
        play.kind, play.track_key, play.title, play.title_key, play.artist, play.artist_key, play.album, play.album_key
    )  # fmt: skip


def _facts(play: PlayRow, item: Item) -> PlayFacts:
    how = Circumstances(
        play.reason_start, play.reason_end, play.shuffle, play.skipped, play.offline, play.incognito, play.platform,
        play.country,
    )  # fmt: skip
    return PlayFacts(
        item, play.ended_at, play.started_at, play.ms_played, play.precision_s, play.offline_timestamp, how
    )


def _as_read(play: PlayRow) -> Item:
    """The track as an export would name it."""
    kind, key, title, title_key, artist, _, album, _ = _names(play)
    return Item(kind, None if key.startswith("name:") else key, title if title_key else None, artist, album)


@lru_cache(maxsize=KNOWN_TRACKS)
def _item(
    kind: str, key: str, title: str, title_key: str, artist: str, artist_key: str, album: str | None,
    album_key: str | None,
) -> Item | None:  # fmt: skip
    """The track as an export names it, if reading that finds the same track, artist and album again."""
    item = Item(kind, None if key.startswith("name:") else key, title if title_key else None, artist, album)
    if item.uri is not None and not SPOTIFY_URI.fullmatch(item.uri) and title_key:
        return None
    entry = catalogue_entry(item)
    same = (entry.key, entry.name_key, entry.artist_key, entry.album_name_key) == (
        key,
        title_key,
        artist_key,
        album_key,
    )
    return item if same else None


def _in_spotifys_shape(play: PlayRow) -> Row:
    kind, uri, title, artist, album = _as_read(play)
    song, episode, chapter = kind == "song", kind == "episode", kind == "chapter"
    return {
        "ts": play.ended_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": play.platform,
        "ms_played": play.ms_played,
        "conn_country": play.country,
        "master_metadata_track_name": title if song else None,
        "master_metadata_album_artist_name": artist if song else None,
        "master_metadata_album_album_name": album if song else None,
        "spotify_track_uri": uri if song else None,
        "episode_name": title if episode else None,
        "episode_show_name": artist if episode else None,
        "spotify_episode_uri": uri if episode else None,
        "audiobook_title": artist if chapter else None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": uri if chapter else None,
        "audiobook_chapter_title": title if chapter else None,
        "reason_start": play.reason_start,
        "reason_end": play.reason_end,
        "shuffle": play.shuffle,
        "skipped": play.skipped,
        "offline": play.offline,
        "offline_timestamp": int(play.offline_timestamp.timestamp()) if play.offline_timestamp else None,
        "incognito_mode": play.incognito,
    }


def _parts(items: Iterable[T], size: int) -> Iterator[Iterator[T]]:
    """Consecutive parts of `size`, each read to its end before the next is asked for."""
    waiting = iter(items)
    for first in waiting:
        yield _joined(first, islice(waiting, size - 1))


def _joined(first: T, others: Iterable[T]) -> Iterator[T]:
    yield first
    yield from others


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
