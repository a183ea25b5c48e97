"""What a scrobble is: the one definition for the live endpoint and for files of ListenBrainz, Last.fm and Maloja.

A scrobble says who heard what from when on, and that it was heard long enough to count: half of it or four minutes. It
is certain about its start, to the second, and seldom about its end:
* told how long it was played, it was played that long;
* told only how long the track is, it is taken as played to its end;
* told neither, it is counted with the least that a listen can be (30 s): never more than is known.
See docs/decisions/what-a-scrobble-is.md for how it meets a play of an export.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from platform_api.models.listening import (
    LENGTH_TOLD_S,
    LENGTH_UNKNOWN_S,
    LISTEN_MS,
    LONGEST_PLAY_MS,
    START_TO_THE_MINUTE_S,
)
from platform_api.services.importing.verdicts import (
    Broken,
    Circumstances,
    Item,
    Moment,
    PlayFacts,
    Row,
    Skipped,
    Verdict,
    word,
)

SCROBBLING_BEGAN = datetime(2002, 10, 1, tzinfo=UTC)
"""ListenBrainz refuses what is older: the first scrobbler is not."""
CLOCK_SKEW = timedelta(hours=1)
SPOTIFY_TRACK = re.compile(r"(?:spotify:track:|open\.spotify\.com/(?:[\w-]+/)?track/)([0-9A-Za-z]{22})\b")
PLAYERS = ("media_player", "music_service_name", "music_service", "submission_client", "listening_from")


class Scrobble(NamedTuple):
    """One scrobble, whoever tells it. `played_ms` is how long it was heard, `length_ms` how long the track is."""

    started_at: datetime
    title: str | None
    artist: str | None
    album: str | None = None
    spotify_uri: str | None = None
    played_ms: int | None = None
    length_ms: int | None = None
    player: str | None = None
    to_the_minute: bool = False


def judge_scrobble(scrobble: Scrobble, now: Moment) -> Verdict:
    if not SCROBBLING_BEGAN <= scrobble.started_at <= now + CLOCK_SKEW:
        return Broken("impossible_time")
    if scrobble.title is None:
        return Skipped("nothing_named")
    told = scrobble.played_ms or scrobble.length_ms or None
    ms_played = min(told, LONGEST_PLAY_MS) if told else LISTEN_MS
    return PlayFacts(
        Item("song", scrobble.spotify_uri, scrobble.title, scrobble.artist, scrobble.album),
        ended_at=scrobble.started_at + timedelta(milliseconds=ms_played),
        started_at=scrobble.started_at,
        ms_played=ms_played,
        precision_s=_precision(scrobble.to_the_minute, told is not None),
        circumstances=Circumstances(platform=scrobble.player),
    )


def _precision(to_the_minute: bool, has_length: bool) -> int:
    if to_the_minute:
        return START_TO_THE_MINUTE_S
    return LENGTH_TOLD_S if has_length else LENGTH_UNKNOWN_S


def judge_listen(row: Row, now: Moment) -> Verdict:
    """A listen as ListenBrainz writes it: `{"listened_at": seconds, "track_metadata": {…}}`."""
    started_at = second(row.get("listened_at"))
    if started_at is None:
        return Broken("bad_time")
    told = row.get("track_metadata")
    if not isinstance(told, dict):
        return Skipped("nothing_named")
    more = told.get("additional_info")
    more = more if isinstance(more, dict) else {}
    return judge_scrobble(
        Scrobble(
            started_at,
            title=word(told.get("track_name")),
            artist=_artist(told.get("artist_name"), more),
            album=word(told.get("release_name")),
            spotify_uri=spotify_uri(more.get("spotify_id")) or spotify_uri(more.get("origin_url")),
            played_ms=_milliseconds(more.get("duration_played"), 1000),
            length_ms=length_of_track(more),
            player=next((player for player in map(word, map(more.get, PLAYERS)) if player), None),
        ),
        now,
    )


def length_of_track(more: Row) -> int | None:
    """What a listen's `additional_info` says of it, in milliseconds."""
    return _milliseconds(more.get("duration_ms"), 1) or _milliseconds(more.get("duration"), 1000)


def second(value: object) -> datetime | None:
    """Seconds since 1970 as a number or its digits; None for anything else."""
    try:
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def spotify_uri(address: object) -> str | None:
    """The track that an address of Spotify's, in either spelling, points at."""
    found = SPOTIFY_TRACK.search(address) if isinstance(address, str) else None
    return f"spotify:track:{found[1]}" if found else None


def _artist(credited: object, more: Row) -> str | None:
    """The first of several: “A feat. B” is a song of A's, as it is in Spotify's exports."""
    names = more.get("artist_names")
    first = word(names[0]) if isinstance(names, list) and names else None
    if first is not None:
        return first
    credit, of_album = word(credited), word(more.get("release_artist_name"))
    if credit and of_album and credit.casefold().startswith(of_album.casefold()):
        return of_album
    return credit


def _milliseconds(value: object, factor: int) -> int | None:
    """A length in seconds (factor 1000) or milliseconds; clients send numbers and their digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        length = round(float(value) * factor)
    except (ValueError, OverflowError):
        return None
    return min(length, LONGEST_PLAY_MS) if length > 0 else None
