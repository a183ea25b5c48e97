"""What audio is matched to, what listeners bring, and the report of all of it."""

import doctest
from pathlib import PurePosixPath

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from platform_api.models import Track
from platform_api.services.sound import matching
from platform_api.services.sound.matching import Named, match, named_by_path
from tests.support.stored_history import put_catalogue, song


def test_names_by_example() -> None:
    assert doctest.testmod(matching).failed == 0


@pytest.mark.parametrize(
    ("artist", "title", "seconds", "expected"),
    [
        ("GREY  harbour", "salt", None, ("Salt", "tags")),
        ("Grey Harbour feat. Nina", "Salt (feat. Nina)", None, ("Salt", "names")),
        ("Grey Harbour", "Sált! - Remastered 2011", 180, ("Salt", "names")),
        ("Grey Harbour", "Salt", 400, ("Salt", "tags")),
        ("Grey Harbour", "Undertow - Live", 181, ("Undertow", "duration")),
        ("Grey Harbour", "Undertow (Live)", 300, None),
        ("Grey Harbour", "Undertow (Live)", None, None),
        ("Nobody", "Salt", 180, None),
    ],
)
def test_tags_then_names_then_length(
    session: Session, artist: str, title: str, seconds: int | None, expected: tuple[str, str] | None
) -> None:
    names = ["Salt", "Undertow"]
    ids = put_catalogue(session, [song("Grey Harbour", name) for name in names])
    session.execute(update(Track).where(Track.id.in_(ids)).values(duration_ms=180_000))
    found = match(session, Named(artist, title, seconds * 1000 if seconds else None, from_tags=True))
    told = (names[ids.index(found.track_ids[0])], found.by) if found else None
    assert told == expected


def test_a_path_may_say_the_name() -> None:
    for path in (
        "Nina/Mist/03 Fog.flac",
        "Nina - Fog.mp3",
        "x/01 - Nina - Fog.mp3",
        "Nina_-_Fog.ogg",
        "Nina/Mist/1-03 - Fog.mp3",
    ):
        named = named_by_path(PurePosixPath(path))
        assert named is not None, path
        assert (named.artist, named.title) == ("Nina", "Fog"), path
