"""What a listener may be told of the shared catalogue: what they have met, and what says nothing of one person."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from platform_api.crud import catalogue, hiding, incoming, playlists, recommendations, recordings, sound_sources, told
from platform_api.db.session import Sessions
from platform_api.models import (
    Artist,
    DeletedPlay,
    Play,
    PlayChange,
    RecommendationShown,
    RetoldPlay,
    Track,
    TrackArtist,
)
from platform_api.services.sound.details import artist_detail
from platform_api.services.sound.similar import similar_tracks
from platform_api.services.sound.stories import album_detail, track_story
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_catalogue, put_history, put_library, song
from tests.support.surroundings import new_user

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
Meet = Callable[[Session, int, int], object]


def heard(title: str, *, incognito: bool = False, album: str | None = "Tides") -> Heard:
    return Heard("Grey Harbour", title, NOW, incognito=incognito, album=album)


def shown(session: Session, user_id: int, track_id: int) -> None:
    session.add(
        RecommendationShown(
            user_id=user_id, track_id=track_id, wish="discover", rank=1, model="m", model_version="1", reasons=[]
        )
    )


def deleted(session: Session, user_id: int, track_id: int) -> None:
    change = PlayChange(user_id=user_id, kind="deleted", plays=1)
    session.add(change)
    session.flush()
    session.add(
        DeletedPlay(
            user_id=user_id, track_id=track_id, ended_at=NOW, started_at=NOW, ms_played=1, precision_s=1, play={},
            change_id=change.id,
        )
    )  # fmt: skip


def retold(session: Session, user_id: int, track_id: int) -> None:
    session.add(
        RetoldPlay(
            user_id=user_id, track_id=track_id, ended_at=NOW, started_at=NOW, ms_played=1, precision_s=1, kind="song",
            source="lastfm",
        )
    )  # fmt: skip


def in_a_playlist(session: Session, user_id: int, track_id: int) -> None:
    playlists.replace_tracks(session, playlists.add(session, user_id, "Evenings", "").id, [track_id])


def merged_away(session: Session, user_id: int, track_id: int) -> None:
    (other,) = put_catalogue(session, [song("Grey Harbour", "The same")])
    incoming.hold_history(session, user_id)
    recordings.merge(session, user_id, [(track_id, other)], "by_hand")


def merged_into(session: Session, user_id: int, track_id: int) -> None:
    (other,) = put_catalogue(session, [song("Grey Harbour", "The same")])
    incoming.hold_history(session, user_id)
    recordings.merge(session, user_id, [(other, track_id)], "by_hand")


def brought(session: Session, user_id: int, track_id: int) -> None:
    sound_sources.note(session, "upload", "x.flac", "heard", user_id=user_id, track_id=track_id)


WAYS: dict[str, Meet] = {
    "played": lambda session, user_id, _: put_history(session, user_id, [heard("Undertow")]),
    "played in private": lambda session, user_id, _: put_history(session, user_id, [heard("Undertow", incognito=True)]),
    "deleted": deleted,
    "retold": retold,
    "suggested": shown,
    "loved": partial(recommendations.give_feedback, verdict="love"),
    "hidden": partial(recommendations.give_feedback, verdict="hide"),
    "in a playlist": in_a_playlist,
    "counts as another": merged_away,
    "another counts as it": merged_into,
    "an own file": brought,
}


@pytest.mark.parametrize("way", WAYS)
def test_what_one_has_met_is_told_to_oneself_alone(session: Session, way: str) -> None:
    user, stranger = new_user(session), new_user(session)
    (track_id,) = put_catalogue(session, [song("Grey Harbour", "Undertow", "Tides")])
    row = session.get_one(Track, track_id)
    assert row.album_id is not None
    things = ((told.track, track_id), (told.artist, row.artist_id), (told.album, row.album_id))
    assert not any(of(session, user.id, id_) for of, id_ in things)
    WAYS[way](session, user.id, track_id)
    session.flush()
    assert all(of(session, user.id, id_) for of, id_ in things)
    assert not any(of(session, stranger.id, id_) for of, id_ in things)


def test_what_two_others_play_is_told_to_everybody_and_what_they_play_in_private_is_not(session: Session) -> None:
    reader, ada, ben, cleo = (new_user(session) for _ in range(4))
    (track_id,) = put_history(session, ada.id, [heard("Undertow")]).values()
    put_history(session, ben.id, [heard("Undertow", incognito=True)])
    for user in (reader, ben, cleo):
        assert told.tracks(session, user.id, [track_id]) == ({track_id} if user is ben else set())
    put_history(session, ben.id, [Heard("Grey Harbour", "Undertow", NOW + timedelta(hours=1))])
    assert told.tracks(session, reader.id, [track_id]) == {track_id}
    assert told.artist(session, reader.id, session.get_one(Track, track_id).artist_id) is not None
    session.query(Play).filter_by(user_id=ada.id).delete()
    assert told.tracks(session, reader.id, [track_id]) == set()


def test_what_the_library_holds_is_told_to_everybody(session: Session) -> None:
    (track_id,) = put_library(session, [song("Grey Harbour", "Undertow")])
    assert told.tracks(session, new_user(session).id, [track_id, track_id + 1]) == {track_id}


def test_a_guest_is_told_with_the_track_and_whoever_is_left_out_too(session: Session) -> None:
    user = new_user(session)
    (track_id,) = put_history(session, user.id, [heard("Undertow")]).values()
    guest, left_out = (Artist(key=f"artist:{name}", name=name) for name in ("Guest", "Left out"))
    session.add_all([guest, left_out])
    session.flush()
    assert told.artist(session, user.id, guest.id) is None
    session.add(TrackArtist(track_id=track_id, artist_id=guest.id, position=1))
    hiding.hide(session, user.id, left_out.id)
    assert told.artist(session, user.id, guest.id) is guest
    assert told.artist(session, user.id, left_out.id) is left_out


def test_pages_name_only_what_is_told(session: Session) -> None:
    """With two listeners an artist's page showed to each what the other plays, with 0 listens."""
    user, other = new_user(session), new_user(session)
    (own,) = put_history(session, user.id, [heard("Undertow")]).values()
    put_history(session, other.id, [heard("Undertow (Live)"), heard("Ebb", incognito=True), heard("Flow")])
    put_library(session, [song("Grey Harbour", "Undertow (Demo)", "Tides")])
    row = catalogue.track_row(session, own)
    assert row is not None
    assert row.album_id is not None
    seen = {"Undertow", "Undertow (Demo)"}
    artist = artist_detail(session, user.id, session.get_one(Artist, row.artist_id))
    assert {each.track.name for each in artist.tracks} == seen
    album = album_detail(session, user, catalogue.album_rows(session, [row.album_id])[row.album_id])
    assert {each.track.name for each in album.tracks} == seen
    assert album.tracks_known == len(seen)
    assert [each.track.name for each in track_story(session, user, row).other_versions] == ["Undertow (Demo)"]
    assert [each.track.name for each in similar_tracks(session, user.id, row, None, 10).items] == ["Undertow (Demo)"]


def test_nothing_can_be_done_with_what_is_not_told(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        own, same = put_history(session, listener.id, [heard("Undertow"), heard("Undertow (Remaster)")]).values()
        other = put_history(session, new_user(session).id, [heard("Ebb")])["Ebb"]
    at = (NOW - timedelta(days=1)).isoformat()
    for track_id, answered in ((other, 422), (10**9, 422), (same, 200)):
        pair = {"pairs": [{"track_id": own, "into": track_id}]}
        assert listener.post("/recordings/refusals", pair).status_code in {answered, answered + 4}
        assert listener.post("/recordings/merges", pair).status_code == answered
    assert listener.post("/plays", {"track_id": other, "started_at": at}).status_code == 422
    assert listener.post("/plays", {"track_id": own, "started_at": at}).status_code == 201
