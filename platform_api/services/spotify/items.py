"""Reading what Spotify's Web API answers. Pure: an answer goes in, plays and details come out, or why not."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from platform_api.crud.captured import SHORTEST_PLAY_MS
from platform_api.crud.enrichment import Credit, Details
from platform_api.models.listening import SPOTIFY_BEGAN
from platform_api.services.importing.verdicts import Item
from platform_api.services.spotify.troubles import Unreadable
from platform_api.utils.text import name_key

LONGEST_TEXT = 1000
LONGEST_TRACK_MS = 24 * 3600 * 1000
CLOCK_SLACK = timedelta(hours=1)
COVER_WIDTH = 300
COVER_HOST = re.compile(r"https://[a-z0-9-]+\.(?:scdn\.co|spotifycdn\.com)/[A-Za-z0-9/_.-]+")
ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
DATE_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}

Json = Mapping[str, Any]


class Captured(NamedTuple):
    """One play as the interface tells it: a moment of it, and the track."""

    played_at: datetime
    item: Item
    details: Details


class Page(NamedTuple):
    """`unreadable` counts entries that are not what they used to be, `entries` all that were told."""

    plays: list[Captured]
    unreadable: int
    entries: int


def read_page(answer: Json, now: datetime, pictures_from: str | None = None) -> Page:
    """Recently played, oldest first, each play once. Raises Unreadable where there is no list of entries.

    `pictures_from`: a server besides Spotify's own whose pictures may be shown (the stand-in's).
    """
    entries = answer.get("items")
    if not isinstance(entries, list):
        raise Unreadable("recently played without items")
    plays: list[Captured] = []
    unreadable = 0
    for entry in entries:
        try:
            plays.append(_captured(entry, now, pictures_from))
        except (Unreadable, AttributeError, KeyError, TypeError, ValueError):
            unreadable += 1
    return Page(_each_once(sorted(plays, key=lambda play: play.played_at)), unreadable, len(entries))


def read_track(answer: Json, pictures_from: str | None = None) -> Details:
    """Raises Unreadable for an answer that describes no track."""
    try:
        return _details(answer, pictures_from)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("not a track") from error


def _captured(entry: Json, now: datetime, pictures_from: str | None) -> Captured:
    played_at = datetime.fromisoformat(entry["played_at"])
    if played_at.tzinfo is None:
        played_at = played_at.replace(tzinfo=UTC)
    played_at = played_at.astimezone(UTC)
    if not SPOTIFY_BEGAN <= played_at <= now + CLOCK_SLACK:
        raise Unreadable("impossible time")
    track = entry["track"]
    album = track.get("album") or {}
    artists = album.get("artists") or track["artists"]
    uri = track.get("uri")
    title = _text(track["name"])
    if not title and not uri:
        raise Unreadable("nothing named")
    # exports name the album's artist, so this is how the same track is found there
    item = Item("song", _text(uri), title, _text(artists[0]["name"]), _text(album.get("name")))
    return Captured(played_at, item, _details(track, pictures_from))


def _details(track: Json, pictures_from: str | None) -> Details:
    duration = track["duration_ms"]
    if not isinstance(duration, int) or not 0 < duration <= LONGEST_TRACK_MS:
        raise Unreadable("no duration")
    album = track.get("album") or {}
    isrc = str((track.get("external_ids") or {}).get("isrc") or "").replace("-", "").upper()
    released, precision = _release(album.get("release_date"), album.get("release_date_precision"))
    return Details(
        duration_ms=duration,
        isrc=isrc if ISRC.fullmatch(isrc) else None,
        album_name_key=name_key(_text(album.get("name")) or "") or None,
        album_spotify_id=_text(album.get("id")),
        cover_url=_cover(album.get("images") or (), pictures_from),
        release_date=released,
        release_precision=precision,
        credits=_credits(track.get("artists") or ()),
    )


def _credits(artists: Sequence[Json]) -> list[Credit]:
    credits: dict[str, Credit] = {}
    for artist in artists:
        name = _text(artist.get("name"))
        if name and name_key(name):
            key = f"artist:{name_key(name)}"
            credits.setdefault(key, Credit(key, name, _text(artist.get("id"))))
    return list(credits.values())


def _cover(images: Sequence[Json], pictures_from: str | None) -> str | None:
    """The picture whose width is nearest to COVER_WIDTH: a page will load it, so only from servers that we know."""
    own = f"{pictures_from.rstrip('/')}/covers/" if pictures_from else None

    safe = [
        (abs(int(image.get("width") or 0) - COVER_WIDTH), str(image["url"]))
        for image in images
        if COVER_HOST.fullmatch(str(image.get("url"))) or (own and str(image.get("url")).startswith(own))
    ]
    return min(safe)[1] if safe else None


def _release(told: Any, precision: Any) -> tuple[date | None, str | None]:
    if precision not in DATE_FORMATS or not isinstance(told, str):
        return None, None
    try:
        return datetime.strptime(told, DATE_FORMATS[precision]).date(), str(precision)
    except ValueError:  # Spotify knows albums of the year 0000
        return None, None


def _each_once(plays: Sequence[Captured]) -> list[Captured]:
    """Two moments of one song that lie closer than the shortest play are one play."""
    kept: list[Captured] = []
    last: dict[tuple[str, str], datetime] = {}
    for play in plays:
        song = (name_key(play.item.artist or ""), name_key(play.item.title or ""))
        before = last.get(song)
        if before is None or play.played_at - before >= timedelta(milliseconds=SHORTEST_PLAY_MS):
            kept.append(play)
            last[song] = play.played_at
    return kept


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    value = value.replace("\0", "")
    return value[:LONGEST_TEXT] if value and not value.isspace() else None
