"""What a listen says, whoever wrote it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platform_api.crud.listens import ListenRow
from platform_api.services.importing.scrobbles import judge_listen, spotify_uri
from platform_api.services.importing.verdicts import Broken, PlayFacts, Skipped
from platform_api.services.scrobbling.reading import as_scrobble

NOW = datetime(2024, 6, 1, tzinfo=UTC)
AT = 1_709_280_000


def facts(more: dict[str, Any], **told: Any) -> PlayFacts:
    track = {"track_name": "Song", "artist_name": "A feat. B", "additional_info": more, **told}
    verdict = judge_listen({"listened_at": AT, "track_metadata": track}, NOW)
    assert isinstance(verdict, PlayFacts)
    return verdict


@pytest.mark.parametrize(
    ("more", "ms_played", "precision_s"),
    [
        ({}, 30_000, 600),
        ({"duration_ms": 215_000}, 215_000, 120),
        ({"duration_ms": "215000"}, 215_000, 120),
        ({"duration": 215}, 215_000, 120),
        ({"duration": 215.4}, 215_400, 120),
        ({"duration": 215, "duration_played": 120}, 120_000, 120),
        ({"duration": 0}, 30_000, 600),
        ({"duration": "long"}, 30_000, 600),
        ({"duration": True}, 30_000, 600),
    ],
)
def test_how_long(more: dict[str, Any], ms_played: int, precision_s: int) -> None:
    play = facts(more)
    assert (play.ms_played, play.precision_s) == (ms_played, precision_s)
    assert play.started_at == datetime.fromtimestamp(AT, UTC)
    assert (play.ended_at - play.started_at).total_seconds() * 1000 == ms_played


@pytest.mark.parametrize(
    ("more", "artist"),
    [
        ({}, "A feat. B"),
        ({"artist_names": ["A", "B"]}, "A"),
        ({"artist_names": []}, "A feat. B"),
        ({"artist_names": "A"}, "A feat. B"),
        ({"release_artist_name": "A"}, "A"),
        ({"release_artist_name": "Various Artists"}, "A feat. B"),
    ],
)
def test_whose_song(more: dict[str, Any], artist: str) -> None:
    assert facts(more).item.artist == artist


@pytest.mark.parametrize(
    ("ms_played", "precision_s", "track_ms", "told"),
    [
        (60_400, 1, 200_000, {"duration_ms": 200_000, "duration_played": 60}),
        (200_000, 1, 200_000, {"duration_ms": 200_000}),
        (201_500, 1, 200_000, {"duration_ms": 201_500}),
        (60_400, 1, None, {"duration_ms": 60_400}),
        (30_000, 600, 200_000, {}),
    ],
)
def test_a_listen_left_early_does_not_make_its_track_shorter(
    ms_played: int, precision_s: int, track_ms: int | None, told: dict[str, int]
) -> None:
    """Told and read again, it was heard for as long as before."""
    started_at = datetime.fromtimestamp(AT, UTC)
    ended_at = started_at + timedelta(milliseconds=ms_played)
    row = ListenRow(started_at, ended_at, ms_played, precision_s, None, 1, "song:a:b", "B", "A", None, track_ms)
    listen = as_scrobble(row)
    assert listen["track_metadata"]["additional_info"] == told
    again = judge_listen(listen, NOW)
    assert isinstance(again, PlayFacts)
    assert again.ms_played // 1000 == ms_played // 1000


def test_which_player() -> None:
    assert facts({"media_player": "mpv", "submission_client": "x"}).circumstances.platform == "mpv"
    assert facts({"music_service_name": "Spotify", "submission_client": "x"}).circumstances.platform == "Spotify"
    assert facts({}).circumstances.platform is None


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://open.spotify.com/track/0000000000000000000001?si=x", True),
        ("http://open.spotify.com/intl-de/track/0000000000000000000001", True),
        ("spotify:track:0000000000000000000001", True),
        ("https://open.spotify.com/album/0000000000000000000001", False),
        ("https://evil.example/track/0000000000000000000001", False),
        (7, False),
    ],
)
def test_spotify_addresses(address: object, known: bool) -> None:
    assert spotify_uri(address) == ("spotify:track:0000000000000000000001" if known else None)


def test_no_play() -> None:
    assert judge_listen({"listened_at": AT, "track_metadata": {}}, NOW) == Skipped("nothing_named")
    assert judge_listen({"listened_at": AT}, NOW) == Skipped("nothing_named")
    assert judge_listen({"track_metadata": {"track_name": "x"}}, NOW) == Broken("bad_time")
    assert judge_listen({"listened_at": 7, "track_metadata": {"track_name": "x"}}, NOW) == Broken("impossible_time")
    assert judge_listen({"listened_at": 1e300, "track_metadata": {"track_name": "x"}}, NOW) == Broken("bad_time")


@pytest.mark.parametrize(("precision_s", "is_told"), [(1, True), (60, True), (120, True), (600, False), (660, False)])
def test_a_length_that_nobody_told_is_not_told_on(precision_s: int, is_told: bool) -> None:
    at = datetime.fromtimestamp(AT, UTC)
    row = ListenRow(at, at, 30_000, precision_s, None, 1, "song\0a", "Song", "A", None, None)
    assert ("duration_ms" in as_scrobble(row)["track_metadata"]["additional_info"]) is is_told
