"""A listening history written straight into the database, for tests that are about what is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, sound_sources, users
from platform_api.models import Play
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.importing.verdicts import Item


@dataclass(frozen=True)
class Heard:
    """One play of a song."""

    artist: str
    title: str
    started_at: datetime
    seconds: int = 200
    skipped: bool = False
    incognito: bool = False
    album: str | None = None
    source: str = "spotify_export"


def song(artist: str, title: str, album: str | None = None) -> Item:
    return Item(kind="song", uri=None, title=title, artist=artist, album=album)


def put_catalogue(session: Session, songs: Sequence[Item]) -> list[int]:
    """Adds songs that need no plays; their ids in the same order."""
    entries = [catalogue_entry(each) for each in songs]
    catalogue.add_missing_tracks(session, entries)
    known = catalogue.tracks_by_key(session, [entry.key for entry in entries])
    return [known[entry.key].id for entry in entries]


def put_library(session: Session, songs: Sequence[Item]) -> list[int]:
    """The same, and a file of the operator's library is each: everybody may be told of them."""
    ids = put_catalogue(session, songs)
    for track_id in ids:
        sound_sources.note(session, "library", f"{track_id}.flac", "heard", track_id=track_id)
    return ids


def put_history(session: Session, user_id: int, plays: Sequence[Heard]) -> dict[str, int]:
    """Stores the plays, as an import would; title → track id."""
    ids = put_catalogue(session, [song(play.artist, play.title, play.album) for play in plays])
    for track_id, play in zip(ids, plays, strict=True):
        session.add(
            Play(
                user_id=user_id,
                track_id=track_id,
                started_at=play.started_at,
                ended_at=play.started_at + timedelta(seconds=play.seconds),
                ms_played=play.seconds * 1000,
                source=play.source,
                reason_start="trackdone",
                reason_end="fwdbtn" if play.skipped else "trackdone",
                shuffle=False,
                skipped=play.skipped,
                incognito=play.incognito,
            )
        )
    session.flush()
    users.bump_data_version(session, user_id)
    return {play.title: track_id for track_id, play in zip(ids, plays, strict=True)}
