"""Plays as rows of Spotify's extended streaming history, with the circumstances that the export tells of.

Field names and their oddities follow what real exports hold: `ts` is when a play ended (for offline plays, when it was
synced), `offline_timestamp` is 0, seconds or milliseconds, and the album field doubles a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from demo.catalogue import Catalogue
from demo.history import History, Play
from demo.listeners import ANDROID, IPHONE, LINUX, MAC, SPEAKER, WEB, WINDOWS
from demo.names import AUDIOBOOK, PODCASTS
from demo.params import TownParams
from demo.randomness import base62
from demo.sessions import Session

Row = dict[str, Any]

OLD_PLATFORMS = {
    IPHONE: "iOS 15.6.1 (iPhone12,8)",
    ANDROID: "Android OS 11 API 30 (Fairphone, FP3)",
    MAC: "OS X 12.4.0 [arm 2]",
    WINDOWS: "Windows 10 (10.0.19044; x64; AppX)",
    WEB: "web_player windows 10;firefox 102.0;desktop",
    SPEAKER: "Partner google cast_tv;Speaker;;cast",
    LINUX: "Linux [x86-64 0]",
}
DETAILED_UNTIL_YEARS = 3.0
"""Exports used to say the device in full; that many years before the end they became short."""
MILLISECONDS_UNTIL_YEARS = 2.4
"""So long ago, `offline_timestamp` was in milliseconds, and 0 for plays that were online."""


@dataclass(frozen=True)
class Circumstances:
    """What all plays of one session share."""

    platform: str
    country: str
    address: str
    offline: bool
    incognito: bool
    synced_ms: int | None


def circumstances(
    rng: np.random.Generator, history: History, session: Session, ended_ms: int, params: TownParams
) -> Circumstances:
    """Device, country, connection and privacy of a session."""
    listener = history.listener
    platform = listener.platforms[0] if session.mobile or rng.random() < 0.3 else str(rng.choice(listener.platforms))
    if session.starts_at < params.end_instant - timedelta(days=365.25 * DETAILED_UNTIL_YEARS):
        platform = OLD_PLATFORMS[platform]
    offline = bool(rng.random() < (0.3 if session.away else 0.14 if session.mobile else 0.01))
    # Addresses of RFC 5737, which nobody has.
    network = ("192.0.2", "198.51.100", "203.0.113")[int(rng.integers(0, 3))]
    return Circumstances(
        platform=platform,
        country=listener.holiday_country if session.away else listener.country,
        address=f"{network}.{int(rng.integers(1, 255))}",
        offline=offline,
        incognito=bool(rng.random() < 0.012),
        synced_ms=ended_ms + int(rng.integers(60_000, 5_400_000)) if offline else None,
    )


def empty_row(around: Circumstances, ended_ms: int, ms_played: int, params: TownParams) -> Row:
    """A row that names nothing yet."""
    old = ended_ms < _years_before_end(params, MILLISECONDS_UNTIL_YEARS)
    started = ended_ms - ms_played
    stamp = started if around.offline else 0
    if not old:
        stamp = started // 1000
    return {
        "ts": as_timestamp(around.synced_ms if around.synced_ms is not None else ended_ms),
        "platform": around.platform,
        "ms_played": ms_played,
        "conn_country": around.country,
        "ip_addr": around.address,
        "master_metadata_track_name": None,
        "master_metadata_album_artist_name": None,
        "master_metadata_album_album_name": None,
        "spotify_track_uri": None,
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "clickrow",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": around.offline,
        "offline_timestamp": stamp,
        "incognito_mode": around.incognito,
    }


def track_row(
    rng: np.random.Generator, catalogue: Catalogue, play: Play, around: Circumstances, params: TownParams
) -> Row:
    """One play of a track. Before its album was out, a single is the only way to play it; later it is rare."""
    track = catalogue.tracks[play.track]
    album = catalogue.album_of(track)
    row = empty_row(around, play.ended_ms, play.ms_played, params)
    row["master_metadata_track_name"] = track.name
    row["master_metadata_album_artist_name"] = catalogue.artist_of(track).name
    row["master_metadata_album_album_name"] = album.name
    row["spotify_track_uri"] = track.uri
    if track.single is not None:
        day = datetime.fromtimestamp(play.started_ms / 1000, UTC).date()
        if day < album.released or rng.random() < 0.1:
            row["spotify_track_uri"], row["master_metadata_album_album_name"] = track.single[0], track.name
    row["reason_start"], row["reason_end"], row["shuffle"] = play.reason_start, play.reason_end, play.shuffle
    old = play.ended_ms < _years_before_end(params, DETAILED_UNTIL_YEARS)
    row["skipped"] = None if old else play.reason_end in ("fwdbtn", "backbtn")
    return row


def spoken_rows(rng: np.random.Generator, history: History, params: TownParams) -> Iterator[Row]:
    """Podcast episodes after some commutes, and for one season an audiobook at night."""
    seed, sessions = params.seed, history.sessions
    last_play = {play.session: play.ended_ms for play in history.plays}
    book_from, book_until = (_years_before_end(params, years) for years in (1.4, 1.1))
    title, chapters = AUDIOBOOK
    for number, session in enumerate(sessions[:-1]):
        if number not in last_play:
            continue
        free = int(sessions[number + 1].starts_at.timestamp() * 1000) - last_play[number]
        listened = int(rng.uniform(3, 42) * 60_000)
        if free < listened + 120_000:
            continue
        ended = last_play[number] + 25_000 + listened
        around = circumstances(rng, history, session, ended, params)
        row = empty_row(around, ended, listened, params)
        if session.doing == "winddown" and book_from < ended < book_until:
            chapter = int(len(chapters) * (ended - book_from) / (book_until - book_from))
            row["audiobook_title"] = title
            row["audiobook_uri"] = "spotify:show:" + base62(seed, "audiobook", title)
            row["audiobook_chapter_title"] = chapters[chapter]
            row["audiobook_chapter_uri"] = "spotify:episode:" + base62(seed, "chapter", chapters[chapter])
        elif session.doing == "commute" and rng.random() < 0.16:
            show = str(rng.choice(list(PODCASTS)))
            episode = str(rng.choice(PODCASTS[show]))
            row["episode_name"], row["episode_show_name"] = episode, show
            row["spotify_episode_uri"] = "spotify:episode:" + base62(seed, "episode", show, episode)
        else:
            continue
        row["reason_end"] = "trackdone" if rng.random() < 0.5 else "endplay"
        yield row


def as_timestamp(milliseconds: int) -> str:
    """`2024-05-17T08:30:00Z`, cut to the second as the export does."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _years_before_end(params: TownParams, years: float) -> int:
    return int((params.end_instant - timedelta(days=365.25 * years)).timestamp() * 1000)
