"""Rows of scrobble files as `scrobbles.py` understands them: Last.fm in the shapes its exporters write, and Maloja."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from platform_api.services.importing.scrobbles import Scrobble, judge_scrobble, spotify_uri
from platform_api.services.importing.verdicts import Broken, Moment, Row, Skipped, Verdict, word

MILLISECONDS_FROM = 100_000_000_000
"""A number from here on counts milliseconds: as seconds it would be the year 5138."""
_TIME_COLUMNS = ("uts", "timestamp", "unix_timestamp", "unixtime", "utc_time", "date", "time", "played_at", "datetime")
_TITLE_COLUMNS = ("track", "title", "song", "track_name", "name")
_ARTIST_COLUMNS = ("artist", "artist_name", "artists")
_ALBUM_COLUMNS = ("album", "album_name", "release")
_DIGITS = re.compile(r"\d{1,16}(\.\d+)?")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_WRITTEN = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?")


def judge_recent_track(row: Row, now: Moment) -> Verdict:
    """A track as Last.fm's user.getRecentTracks tells it: `{"artist": {"#text": …}, "name": …, "date": {"uts": …}}`."""
    attributes = row.get("@attr")
    if isinstance(attributes, dict) and attributes.get("nowplaying") in ("true", True):
        return Skipped("now_playing")
    date = row.get("date")
    found = moment(date.get("uts") or date.get("#text")) if isinstance(date, dict) else moment(date)
    if found is None:
        return Broken("bad_time")
    title, artist, album = word(row.get("name")), _named(row.get("artist")), _named(row.get("album"))
    return judge_scrobble(Scrobble(found.started_at, title, artist, album, to_the_minute=found.to_the_minute), now)


def judge_scrobble_row(row: Row, now: Moment) -> Verdict:
    """A row of a table, or a flat object: artist, track, perhaps album, and a time in one of many spellings."""
    found = next((found for found in map(moment, map(row.get, _TIME_COLUMNS)) if found), None)
    if found is None:
        return Broken("bad_time")
    title, artist, album = (
        next((found for found in map(word, map(row.get, names)) if found), None)
        for names in (_TITLE_COLUMNS, _ARTIST_COLUMNS, _ALBUM_COLUMNS)
    )
    return judge_scrobble(Scrobble(found.started_at, title, artist, album, to_the_minute=found.to_the_minute), now)


def judge_maloja(row: Row, now: Moment) -> Verdict:
    """A scrobble of Maloja's own export: `time` is its start, `duration` how long it was heard, both in seconds."""
    found = moment(row.get("time"))
    if found is None:
        return Broken("bad_time")
    track = row.get("track")
    if not isinstance(track, dict):
        return Skipped("nothing_named")
    artists, album = track.get("artists"), track.get("album")
    return judge_scrobble(
        Scrobble(
            found.started_at,
            title=word(track.get("title")),
            # the first of several, as Spotify's exports name it
            artist=word(artists[0]) if isinstance(artists, list) and artists else word(artists),
            album=_named(album, "albumtitle", "name"),
            spotify_uri=spotify_uri(row.get("origin")),
            played_ms=_milliseconds(row.get("duration")),
            length_ms=_milliseconds(track.get("length")),
        ),
        now,
    )


class Told(NamedTuple):
    started_at: datetime
    to_the_minute: bool


def moment(value: object) -> Told | None:
    """Seconds or milliseconds since 1970, `15 Jan 2023, 12:34`, or ISO 8601; without a zone it is UTC."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if isinstance(value, str):
            text = value.strip()
            if not _DIGITS.fullmatch(text):
                return _written(text)
            value = float(text)
        seconds = value / 1000 if value >= MILLISECONDS_FROM else value
        return Told(datetime.fromtimestamp(seconds, UTC).replace(microsecond=0), to_the_minute=False)
    except (ValueError, OverflowError, OSError):
        return None


def _written(text: str) -> Told | None:
    if told := _WRITTEN.fullmatch(text):
        day, month, year, hour, minute, second = told.groups()
        of_year = _MONTHS.get(month.lower(), 0)
        found = datetime(int(year), of_year, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        return Told(found, to_the_minute=second is None)
    found = datetime.fromisoformat(text).replace(microsecond=0)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return Told(found, to_the_minute=text.count(":") == 1 and found.second == 0)


def _named(value: object, *fields: str) -> str | None:
    """A name that stands bare, or inside an object under one of these fields or those of Last.fm."""
    if isinstance(value, dict):
        names = map(word, map(value.get, (*fields, "#text", "name")))
        return next((name for name in names if name), None)
    return word(value)


def _milliseconds(seconds: object) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e9:
        return None
    return round(seconds * 1000)
