"""Made-up exports of scrobbles, in the shapes that the services and their exporters write."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.support.histories import FIRST_DAY


class Heard(NamedTuple):
    """One scrobble, whoever writes it down."""

    at: datetime
    track: int = 1
    title: str = ""

    @property
    def seconds(self) -> int:
        return int(self.at.timestamp())

    @property
    def name(self) -> str:
        return self.title or f"Song {self.track}"

    @property
    def artist(self) -> str:
        return f"Artist {self.track // 10}"

    @property
    def album(self) -> str:
        return f"Album {self.track // 5}"

    @property
    def minute(self) -> str:
        return self.at.astimezone(UTC).strftime("%d %b %Y, %H:%M")


def recent_track(heard: Heard) -> dict[str, Any]:
    """As user.getRecentTracks tells it, pictures left out."""
    return {
        "artist": {"mbid": "", "#text": heard.artist},
        "streamable": "0",
        "image": [{"size": "small", "#text": "https://lastfm.freetls.fastly.net/i/u/34s/x.png"}],
        "mbid": "",
        "album": {"mbid": "", "#text": heard.album},
        "name": heard.name,
        "url": "https://www.last.fm/music/x",
        "date": {"uts": str(heard.seconds), "#text": heard.minute},
    }


def page(rows: Sequence[object], number: int = 1) -> dict[str, Any]:
    attributes = {"user": "somebody", "page": str(number), "perPage": "200", "totalPages": "9", "total": "1700"}
    return {"recenttracks": {"track": rows, "@attr": attributes}}


def maloja_scrobble(heard: Heard, duration: int | None = None) -> dict[str, Any]:
    return {
        "time": heard.seconds,
        "track": {
            "artists": [heard.artist, "Somebody Else"],
            "title": heard.name,
            "album": {"artists": [heard.artist], "albumtitle": heard.album},
            "length": None,
        },
        "duration": duration,
        "origin": "client:default",
    }


def maloja_file(rows: Sequence[object]) -> bytes:
    return json.dumps({"maloja": {"export_time": 1_700_000_000}, "scrobbles": rows}, indent=3).encode()


def listen_line(heard: Heard) -> dict[str, Any]:
    """As ListenBrainz exports it, with what it found out about the recording."""
    return {
        "listened_at": float(heard.seconds),
        "inserted_at": float(heard.seconds + 300),
        "track_metadata": {
            "track_name": heard.name,
            "artist_name": f"{heard.artist} feat. Somebody Else",
            "release_name": heard.album,
            "recording_msid": "4269ddbc-9241-46da-935d-4fa9e0f7f371",
            "additional_info": {"artist_names": [heard.artist, "Somebody Else"], "media_player": "Navidrome"},
            "mbid_mapping": {"artists": [{"artist_credit_name": heard.artist, "join_phrase": ""}]},
        },
    }


def lines(rows: Sequence[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def table(rows: Sequence[Sequence[object]], separator: str = ",", **how: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, **how).writerows(rows)
    return written.getvalue().encode()


def _full_table(history: Sequence[Heard]) -> bytes:
    columns = ["uts", "utc_time", "artist", "artist_mbid", "album", "album_mbid", "track", "track_mbid"]
    told = [[h.seconds, h.minute, h.artist, "", h.album, "", h.name, ""] for h in history]
    return table([columns, *told], quoting=csv.QUOTE_ALL)


def _stats_table(history: Sequence[Heard]) -> bytes:
    columns = ["Artist", "Album", "AlbumId", "Track", "Date#somebody"]
    return b"\xef\xbb\xbf" + table(
        [columns, *([h.artist, h.album, "", h.name, h.seconds * 1000] for h in history)], ";"
    )


def _stats_json(history: Sequence[Heard]) -> bytes:
    rows = [
        {"track": h.name, "artist": h.artist, "album": h.album, "albumId": "", "date": h.seconds * 1000}
        for h in history
    ]
    return json.dumps({"username": "somebody", "scrobbles": rows}).encode()


Writer = Callable[[Sequence[Heard]], bytes]
TO_THE_SECOND: Mapping[str, tuple[str, str, Writer]] = {
    # what it is: (file name, source, writer)
    "ListenBrainz, lines": ("listens/2024/3.jsonl", "listenbrainz", lambda h: lines([listen_line(each) for each in h])),
    "ListenBrainz, list": (
        "listens.json", "listenbrainz", lambda h: json.dumps([listen_line(each) for each in h]).encode(),
    ),
    "Maloja": (
        "maloja_export_2024.json", "maloja", lambda h: maloja_file([maloja_scrobble(each) for each in h]),
    ),
    "Last.fm, one page": (
        "recenttracks.json", "lastfm", lambda h: json.dumps(page([recent_track(each) for each in h])).encode(),
    ),
    "Last.fm, pages": (
        "recenttracks.json", "lastfm",
        lambda h: json.dumps([page([recent_track(each)], at) for at, each in enumerate(h)], indent=1).encode(),
    ),
    "Last.fm, lists": (
        "scrobbles.json", "lastfm", lambda h: json.dumps([[recent_track(each)] for each in h]).encode(),
    ),
    "Last.fm, list": (
        "scrobbles.json", "lastfm", lambda h: json.dumps([recent_track(each) for each in h]).encode(),
    ),
    "Last.fm, all columns": ("scrobbles-somebody.csv", "lastfm", _full_table),
    "lastfmstats, table": ("lastfmstats-somebody.csv", "lastfm", _stats_table),
    "lastfmstats, JSON": ("lastfmstats-somebody.json", "lastfm", _stats_json),
    "table saved as Unicode": (
        "scrobbles.csv", "lastfm", lambda h: _full_table(h).decode().encode("utf-16"),
    ),
}  # fmt: skip
TO_THE_MINUTE: Mapping[str, tuple[str, str, Writer]] = {
    "lastfm-to-csv, no header": (
        "somebody.csv", "lastfm",
        lambda h: table([[each.artist, each.album, each.name, each.minute.replace(",", "")] for each in h]),
    ),
}  # fmt: skip
EVERY_SHAPE = {**TO_THE_SECOND, **TO_THE_MINUTE}


def some_scrobbles(count: int) -> list[Heard]:
    return [Heard(FIRST_DAY + timedelta(minutes=4 * at), at % 7) for at in range(count)]
