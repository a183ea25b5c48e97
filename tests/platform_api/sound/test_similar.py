from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from platform_api.crud import catalogue, hiding, incoming, recordings, sound
from platform_api.models import Artist, Track
from platform_api.services.jobs import enqueue
from platform_api.services.sound import details
from platform_api.services.sound.details import artist_detail, track_detail
from platform_api.services.sound.hearing import KIND
from platform_api.services.sound.similar import NOT_AGAIN, STILL_LISTENING, similar_tracks
from tests.support.stored_history import Heard, put_history, put_library, song
from tests.support.surroundings import new_user

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def pointing(*numbers: float) -> list[float]:
    length = sum(number * number for number in numbers) ** 0.5
    return [number / length for number in numbers] + [0.0] * (128 - len(numbers))


@pytest.fixture
def tracks(session: Session) -> dict[str, int]:
    names = ["Seed", "Near", "Nearer", "Far", "Unheard"]
    ids = put_library(session, [song("Grey Harbour", name) for name in names])
    return dict(zip(names, ids, strict=True))


@pytest.fixture
def listener(session: Session) -> int:
    return new_user(session).id


def row(session: Session, track_id: int) -> catalogue.TrackRow:
    found = catalogue.track_row(session, track_id)
    assert found is not None
    return found


def hear(session: Session, tracks: dict[str, int], version: str = "2") -> None:
    for name, vector in (
        ("Seed", pointing(1, 0)),
        ("Near", pointing(1, 0.5)),
        ("Nearer", pointing(1, 0.1)),
        ("Far", pointing(-1, 0.2)),
    ):
        sound.keep_embedding(session, [tracks[name]], version, vector, "0" * 64)


def test_nearest_first_by_the_served_version(session: Session, tracks: dict[str, int], listener: int) -> None:
    hear(session, tracks)
    sound.keep_embedding(session, [tracks["Far"]], "1", pointing(1, 0), "0" * 64)
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 3)
    assert [item.track.name for item in answered.items] == ["Nearer", "Near", "Far"]
    assert answered.items[0].similarity == pytest.approx(1 / (1.01**0.5), abs=1e-5)
    assert (answered.model.name, answered.model.version, answered.model.is_fallback) == ("audio_embedder", "2", False)
    assert all(item.track.has_sound for item in answered.items)


def test_ties_are_told_in_the_same_order_every_time(session: Session, tracks: dict[str, int], listener: int) -> None:
    for name in ("Seed", "Near", "Nearer", "Far"):
        sound.keep_embedding(session, [tracks[name]], "2", pointing(1, 1), "0" * 64)
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 10)
    assert [item.track.id for item in answered.items] == sorted(tracks[name] for name in ("Near", "Nearer", "Far"))


def test_the_same_recording_on_another_album_is_not_similar(
    session: Session, tracks: dict[str, int], listener: int
) -> None:
    hear(session, tracks)
    artist = session.query(Artist).filter_by(key="artist:grey harbour").one()
    twins = [
        Track(key="spotify:track:seed", name="Seed", name_key="seed", artist_id=artist.id),
        Track(key="spotify:track:near", name="Near", name_key="near", artist_id=artist.id),
    ]
    session.add_all(twins)
    session.flush()
    sound.keep_embedding(session, [twins[0].id], "2", pointing(1, 0), "0" * 64)
    sound.keep_embedding(session, [twins[1].id], "2", pointing(1, 0.5), "0" * 64)
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 10)
    assert [item.track.name for item in answered.items] == ["Nearer", "Near", "Far"]


def test_what_is_hidden_or_counts_as_this_one_is_not_similar(
    session: Session, tracks: dict[str, int], listener: int
) -> None:
    """Under a favourite stood its own remaster, merged long ago, and the music of somebody left out."""
    hear(session, tracks)
    (lullaby,) = put_library(session, [song("Lullabies", "Moon")])
    sound.keep_embedding(session, [lullaby], "2", pointing(1, 0.01), "0" * 64)
    incoming.hold_history(session, listener)
    recordings.merge(session, listener, [(tracks["Nearer"], tracks["Seed"])], "by_hand")
    hiding.hide(session, listener, row(session, lullaby).artist_id)
    for name in ("Seed", "Nearer"):
        answered = similar_tracks(session, listener, row(session, tracks[name]), "2", 10)
        assert [item.track.name for item in answered.items] == ["Near", "Far"]


def test_while_a_new_version_listens_the_one_before_answers(
    session: Session, tracks: dict[str, int], listener: int
) -> None:
    """It had heard this track and one that is far, so only that one sounded alike."""
    hear(session, tracks, "1")
    job = enqueue(session, KIND)
    for name, vector in (("Seed", pointing(1, 0)), ("Far", pointing(-1, 0.2))):
        sound.keep_embedding(session, [tracks[name]], "2", vector, "0" * 64)
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 3)
    assert (answered.model.version, answered.model.detail) == ("1", STILL_LISTENING)
    assert [item.track.name for item in answered.items] == ["Nearer", "Near", "Far"]
    hear(session, tracks, "2")
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 3)
    assert (answered.model.version, answered.model.detail) == ("2", None), "it has heard as many"
    sound.keep_embedding(session, [tracks["Unheard"]], "1", pointing(1, 0.3), "0" * 64, "upload")
    assert job is not None
    job.state = "done"
    session.flush()
    answered = similar_tracks(session, listener, row(session, tracks["Unheard"]), "2", 3)
    assert (answered.model.version, answered.model.detail) == ("1", NOT_AGAIN), "an upload is gone, and not heard again"
    answered = similar_tracks(session, listener, row(session, tracks["Seed"]), "2", 3)
    assert answered.model.version == "2"


def test_a_track_that_was_never_heard_says_so(session: Session, tracks: dict[str, int], listener: int) -> None:
    hear(session, tracks)
    answered = similar_tracks(session, listener, row(session, tracks["Unheard"]), "2", 2)
    assert answered.model.is_fallback
    assert len(answered.items) == 2
    assert all(item.similarity is None for item in answered.items)
    assert tracks["Unheard"] not in [item.track.id for item in answered.items]


def test_details_tell_the_listeners_own_story(session: Session, tracks: dict[str, int]) -> None:
    user, other = new_user(session), new_user(session)
    put_history(session, user.id, [Heard("Grey Harbour", "Near", NOW - timedelta(days=day)) for day in (1, 2, 40)])
    put_history(session, other.id, [Heard("Grey Harbour", "Near", NOW)])
    hear(session, tracks)
    detail = track_detail(session, user.id, row(session, tracks["Near"]))
    assert (detail.plays, detail.listens, detail.has_sound, detail.artist.name) == (3, 3, True, "Grey Harbour")
    assert [(month.month.isoformat(), month.listens) for month in detail.months] == [
        ("2024-04-01", 1),
        ("2024-05-01", 2),
    ]
    assert detail.last_played_at == NOW - timedelta(days=1)
    unheard = track_detail(session, user.id, row(session, tracks["Unheard"]))
    assert (unheard.plays, unheard.first_played_at, unheard.months, unheard.has_sound) == (0, None, [], False)
    artist = session.get_one(Artist, detail.artist.id)
    page = artist_detail(session, user.id, artist)
    assert (page.plays, page.tracks[0].track.name, page.tracks[0].listens) == (3, "Near", 3)
    assert len(page.tracks) == 5


def test_the_most_listened_to_come_first_among_many(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A podcast's thousand episodes were cut by name, and the ones that were heard were not among them."""
    monkeypatch.setattr(details, "MOST_TRACKS", 3)
    user = new_user(session)
    put_library(session, [song("Grey Harbour", name) for name in ("A", "B", "C", "D")])
    put_history(session, user.id, [Heard("Grey Harbour", name, NOW) for name in ("Z", "Y")])
    put_history(session, user.id, [Heard("Grey Harbour", "Z", NOW - timedelta(days=1))])
    artist = session.query(Artist).filter_by(key="artist:grey harbour").one()
    page = artist_detail(session, user.id, artist)
    assert [each.track.name for each in page.tracks] == ["Z", "Y", "A"]
