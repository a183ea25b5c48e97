"""Something in every table that can name a listener."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import (
    ApiToken,
    Artist,
    Block,
    Comment,
    DeletedPlay,
    Follow,
    Groove,
    HiddenArtist,
    Import,
    ImportFile,
    ImportReject,
    Job,
    KeptAnswer,
    MergeRefusal,
    Narrative,
    Notification,
    Play,
    PlayChange,
    Playlist,
    PlaylistTrack,
    Post,
    Reaction,
    RecommendationFeedback,
    RecommendationShown,
    RetoldPlay,
    Share,
    SoundSource,
    SpotifyAuthorisation,
    SpotifyLink,
    Track,
    TrackGenre,
    TrackMerge,
)  # fmt: skip

NOW = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)
_numbers = count()


def a_track(session: Session, name: str = "One", artist_name: str = "Nina") -> int:
    """The id of a track in the catalogue, made where it is missing."""
    session.execute(
        insert(Artist).values(key=f"artist:{artist_name.casefold()}", name=artist_name).on_conflict_do_nothing()
    )
    artist = session.query(Artist).filter_by(key=f"artist:{artist_name.casefold()}").one()
    key = f"spotify:track:{name}"
    session.execute(
        insert(Track).values(key=key, name=name, name_key=name.casefold(), artist_id=artist.id).on_conflict_do_nothing()
    )
    return session.query(Track).filter_by(key=key).one().id


def fill_every_table(session: Session, user_id: int, other_id: int) -> list[str]:
    """Rows of `user_id`, partly about `other_id`. Returns the names of the uploads."""
    number = next(_numbers)
    track_id = a_track(session)
    twin_id = a_track(session, "One (remastered)")
    hidden_id = session.get_one(Track, a_track(session, "Nothing", "Nobody")).artist_id
    upload = Import(user_id=user_id, file_name="a.zip", stored_name=f"upload-{number}", bytes=9, sha256="0")
    post = Post(author_id=user_id, text="hello")
    playlist = Playlist(user_id=user_id, name="mine")
    change = PlayChange(user_id=user_id, kind="deleted", plays=1)
    session.add_all([upload, post, playlist, change])
    session.flush()
    file = ImportFile(import_id=upload.id, name="a.json")
    session.add(file)
    session.flush()
    session.add_all([
        Play(user_id=user_id, track_id=track_id, ended_at=NOW, started_at=NOW - timedelta(minutes=3), ms_played=180_000,
             source="spotify_export", import_file_id=file.id),
        RetoldPlay(user_id=user_id, track_id=track_id, ended_at=NOW, started_at=NOW, ms_played=0, kind="song",
                   source="spotify_export", precision_s=1, import_file_id=file.id),
        Groove(user_id=user_id, month=date(2024, 4, 1)),
        TrackMerge(user_id=user_id, track_id=twin_id, merged_into=track_id, counted_as=track_id, why="name"),
        MergeRefusal(user_id=user_id, track_id=track_id, other_id=twin_id),
        HiddenArtist(user_id=user_id, artist_id=hidden_id),
        DeletedPlay(user_id=user_id, track_id=track_id, ended_at=NOW, started_at=NOW, ms_played=1, precision_s=1,
                    play={"user_id": user_id, "track_id": track_id, "ended_at": NOW.isoformat(), "kind": "song",
                          "started_at": NOW.isoformat(), "ms_played": 1, "precision_s": 1, "source": "demo"},
                    change_id=change.id),
        ImportReject(import_file_id=file.id, row=1, verdict="broken", reason="no_time", detail={}),
        Job(kind="import", user_id=user_id, payload={}),
        KeptAnswer(user_id=user_id, key_sha256=b"key", request_sha256=b"request", answer_encrypted=b"x"),
        ApiToken(user_id=user_id, name="phone", token_sha256=f"token {number}".encode(), import_id=upload.id),
        SpotifyLink(user_id=user_id, account_id=f"a{number}", refresh_token_encrypted=b"x", consented_at=NOW),
        SpotifyAuthorisation(user_id=user_id, state_sha256=f"state {number}".encode(), verifier_encrypted=b"x",
                             expires_at=NOW),
        Follow(follower_id=user_id, followed_id=other_id),
        Block(blocker_id=user_id, blocked_id=other_id),
        Comment(post_id=post.id, author_id=user_id, text="me"),
        Comment(post_id=post.id, author_id=other_id, text="you"),
        Reaction(post_id=post.id, user_id=user_id, kind="like"),
        Reaction(post_id=post.id, user_id=other_id, kind="like"),
        Share(user_id=user_id, token=f"share-{number}", span="2024", wrap={}, expires_at=NOW),
        Notification(user_id=user_id, kind="followed", payload={"actor_id": other_id}),
        Notification(user_id=other_id, kind="followed", payload={"actor_id": user_id}),
        PlaylistTrack(playlist_id=playlist.id, position=0, track_id=track_id),
        RecommendationShown(user_id=user_id, track_id=track_id, wish="comfort", rank=1, model="recommender",
                            model_version="1", reasons=[]),
        RecommendationFeedback(user_id=user_id, track_id=track_id, verdict="love"),
        SoundSource(source="upload", user_id=user_id, name="a.mp3", outcome="waiting", stored_name=f"sound-{number}"),
        TrackGenre(track_id=track_id, user_id=user_id, genre="Dub", genre_key="dub"),
        Narrative(user_id=user_id, span="2024", data_version=1, facts={}, text="t", model="narrator",
                  model_version="1", is_fallback=True),
    ])  # fmt: skip
    session.flush()
    return [upload.stored_name, f"sound-{number}"]
