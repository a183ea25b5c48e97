"""Look-ups of tracks: the most played first, within the budget, from where they stopped, gone at the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from demo.spotify.faults import Fault, broken, quota, too_many
from platform_api.crud.enrichment import told_about
from platform_api.models import Track, User
from platform_api.services.sound.references import track_refs
from platform_api.services.spotify import linking
from platform_api.services.spotify.enriching import AT_ONCE, enrich
from platform_api.services.spotify.jobs import forget_spotify
from platform_api.services.spotify.page import page
from tests.support.histories import extended_row, write_rows
from tests.support.spotify import NOW, Surroundings, settings_with
from tests.support.surroundings import new_user

NO_FAULT = Fault(change=lambda answer: answer)


@pytest.fixture
def heard(around: Surroundings, user_id: int) -> list[int]:
    """Thirty tracks of the town from an export, the first the most played; their numbers."""
    tracks = [track.number for track in around.stand_in.music.catalogue.tracks[:30]]
    rows, at = [], NOW - timedelta(days=30)
    for place, track in enumerate(tracks):
        for _ in range(30 - place):
            at += timedelta(minutes=5)
            rows.append(around.stand_in.export_row(at, track, 100_000))
    rows.append(extended_row(NOW - timedelta(days=1), track=5))  # Spotify does not know this one any more
    with around.sessions.begin() as session:
        write_rows(session, user_id, rows)
    around.connect(user_id, around.stand_in.account())
    return tracks


def known(around: Surroundings) -> list[str]:
    with around.sessions() as session:
        return list(session.scalars(text("SELECT key FROM tracks WHERE duration_ms IS NOT NULL ORDER BY key")))


def uris(around: Surroundings, tracks: list[int]) -> list[str]:
    return sorted(around.stand_in.music.catalogue.tracks[track].uri for track in tracks)


def test_the_most_played_come_first_and_all_that_is_told_is_kept(
    around: Surroundings, user_id: int, heard: list[int]
) -> None:
    around.run(enrich, user_id)
    assert known(around) == uris(around, heard[:AT_ONCE])
    around.stand_in.clock.move(minutes=1)
    around.run(enrich, user_id)
    assert known(around) == uris(around, heard)
    around.run(enrich, user_id)
    assert around.stand_in.faults.calls["tracks"] == 31  # each once, the one that is gone too
    with around.sessions() as session:
        shown = page(session, around.settings, user_id, around.now).connection
        albums = session.execute(text("SELECT count(*), count(cover_url), count(release_date) FROM albums")).one()
        credits = session.execute(
            text("""
                SELECT array_agg(artists.name ORDER BY position) FROM track_artists
                JOIN artists ON artists.id = artist_id JOIN tracks ON tracks.id = track_id
                WHERE tracks.key = :key
            """),
            {"key": uris(around, [heard[7]])[0]},
        ).scalar_one()
    assert shown is not None
    assert (shown.enrichment.known, shown.enrichment.total) == (31, 31)
    assert albums[0] - 1 == albums[1] == albums[2]
    catalogue = around.stand_in.music.catalogue
    maker = catalogue.tracks[heard[7]].artist
    with around.sessions() as session:
        track_id = session.scalars(
            text("SELECT id FROM tracks WHERE key = :key"), {"key": uris(around, [heard[7]])[0]}
        ).one()
        told = told_about(session, track_id)
    assert told.released == catalogue.album_of(catalogue.tracks[heard[7]]).released.isoformat()
    assert told.cover_url is not None
    assert [name for _, name in told.guests] == [catalogue.artists[maker + 1].name]
    assert credits == [catalogue.artists[maker].name, catalogue.artists[maker + 1].name]


@pytest.mark.parametrize(
    ("faults", "wait"),
    [
        ([too_many("3600")], timedelta(hours=1)),
        ([quota()], timedelta(hours=1)),
        ([broken(), broken()], timedelta(minutes=30)),
    ],
    ids=["429", "quota", "503 twice"],
)
def test_it_goes_on_where_it_stopped(
    around: Surroundings, user_id: int, heard: list[int], faults: list[Fault], wait: timedelta
) -> None:
    around.stand_in.faults.put("api", *[NO_FAULT] * 4, *faults)
    around.run(enrich, user_id)
    assert known(around) == uris(around, heard[:4])
    assert around.link(user_id).next_enrich_at == NOW + wait
    around.stand_in.clock.move(seconds=wait.total_seconds())
    around.run(enrich, user_id)
    assert known(around) == uris(around, heard[: 4 + AT_ONCE])
    assert around.stand_in.faults.calls["tracks"] == 4 + len(faults) + AT_ONCE


def test_one_that_cannot_be_had_keeps_no_other_waiting(around: Surroundings, user_id: int, heard: list[int]) -> None:
    around.stand_in.faults.put("api", NO_FAULT, broken())
    around.run(enrich, user_id)
    assert known(around) == uris(around, [heard[0], *heard[2:AT_ONCE]])
    assert around.link(user_id).next_enrich_at == NOW + timedelta(minutes=1)
    around.stand_in.faults.put("api", broken())
    around.run(enrich, user_id)
    assert known(around) == uris(around, [heard[0], *heard[2:]])
    around.stand_in.faults.put("api", broken())
    around.run(enrich, user_id)
    assert around.link(user_id).next_enrich_at == NOW + timedelta(minutes=30), "it is asked for alone, and not often"
    around.run(enrich, user_id)
    assert known(around) == uris(around, heard)


def test_looks_have_the_first_call_on_the_budget(around: Surroundings, user_id: int, heard: list[int]) -> None:
    """A look every 25 minutes is 58 a day, 7 more are kept for looks by hand, for five listeners although only one has
    connected so far: of 330 calls, one of them spent, 4 are left.
    """
    thrifty = settings_with(around.stand_in, around.settings, daily_calls=330)
    around.run(enrich, user_id, thrifty)
    assert known(around) == uris(around, heard[:4])
    assert around.link(user_id).next_enrich_at == NOW + timedelta(hours=24, minutes=1)


def test_it_can_be_switched_off_by_the_listener_and_by_the_operator(
    around: Surroundings, user_id: int, heard: list[int]
) -> None:
    assert heard
    around.run(enrich, user_id, settings_with(around.stand_in, around.settings, enrichment=False))
    linking.change(around.sessions, user_id, enrich=False, now=around.now)
    around.run(enrich, user_id)
    assert known(around) == []
    assert around.stand_in.faults.calls["tracks"] == 0
    linking.change(around.sessions, user_id, enrich=True, now=around.now)
    around.run(enrich, user_id)
    assert len(known(around)) == AT_ONCE


def test_the_last_one_to_leave_takes_what_spotify_told_along(
    around: Surroundings, user_id: int, heard: list[int]
) -> None:
    with around.sessions.begin() as session:  # known from elsewhere, so it stays
        session.execute(
            text("UPDATE tracks SET duration_ms = 1234 WHERE key = :key"), {"key": uris(around, [heard[0]])[0]}
        )
    before = catalogue_of(around)
    around.run(enrich, user_id)
    assert covers_in_lists(around)
    with around.sessions.begin() as session:
        other_id = new_user(session).id
    linking.disconnect(around.sessions, user_id, around.now, delete_now=True)
    around.run(lambda context, _: forget_spotify(context), user_id)
    assert catalogue_of(around) == before
    assert not covers_in_lists(around)
    with around.sessions() as session:
        assert session.get_one(User, other_id).data_version == 1, "nor in what was kept for anybody"
    assert known(around) == uris(around, [heard[0]])


def covers_in_lists(around: Surroundings) -> set[str]:
    with around.sessions() as session:
        refs = track_refs(session, session.scalars(select(Track.id)))
    return {ref.cover_url for ref in refs.values() if ref.cover_url}


def catalogue_of(around: Surroundings) -> list[list[object]]:
    asked = (
        "SELECT id, duration_ms, isrc, from_spotify, spotify_checked_at FROM tracks ORDER BY id",
        "SELECT id, cover_url, release_date, release_precision, spotify_id, from_spotify FROM albums ORDER BY id",
        "SELECT * FROM track_artists ORDER BY track_id, artist_id",
    )
    with around.sessions() as session:
        return [list(map(tuple, session.execute(text(each)).all())) for each in asked]
