"""Audio that listeners bring: matched, heard, deleted; bad files are refused at the door or told of in a sentence."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from platform_api.core.settings import Settings
from platform_api.crud import jobs, sound_sources
from platform_api.db.session import Sessions
from platform_api.models import Job, Track, TrackEmbedding, TrackGenre
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import JobContext
from platform_api.services.left_over_uploads import forget_left_over_uploads
from platform_api.services.sound import uploads
from platform_api.services.sound.uploads import KIND, hear_upload
from platform_api.utils.cache import Cache
from platform_api.worker import MOST_ATTEMPTS, Worker
from tests.platform_api.inference.model_server import ModelServer, answering
from tests.platform_api.sound.test_hearing import AddFile, embed
from tests.support.people import Emulator, Listener
from tests.support.stored_history import Heard, put_catalogue, put_history, song
from tests.support.surroundings import served_models, settings_without_sign_in


@pytest.fixture
def settings(fresh_database: str, redis_url: str, emulator: Emulator, tmp_path: Path) -> Settings:
    plain = settings_without_sign_in(fresh_database, redis_url, tmp_path)
    firebase = plain.firebase.model_copy(update={"auth_emulator_host": emulator.host})
    folder = plain.uploads.model_copy(update={"dir": tmp_path / "uploads"})
    return plain.model_copy(update={"firebase": firebase, "uploads": folder})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, audio_embedder="1") as (inference, server):
        server.usual = embed
        yield inference, server


@pytest.fixture
def hear_next(
    settings: Settings, sessions: Sessions, served: tuple[InferenceClient, ModelServer]
) -> Iterator[Callable[[], None]]:
    cache = Cache(settings.redis.url.get_secret_value())

    def do() -> None:
        with sessions.begin() as session:
            job = jobs.claim(session, "test", [KIND], 60)
        assert job is not None
        hear_upload(JobContext(job, settings, sessions, served[0], cache))
        with sessions.begin() as session:
            jobs.finish(session, job)

    yield do
    cache.close()


def bring(listener: Listener, body: bytes, name: str = "a.flac", **query: object) -> dict[str, object]:
    answered = listener.post("/sound/uploads", params={"file_name": name, **query}, content=body)
    assert answered.status_code == 202, answered.text
    content: dict[str, object] = answered.json()
    return content


def test_an_upload_is_heard_and_forgotten(
    listener: Listener, settings: Settings, sessions: Sessions, add_file: AddFile, hear_next: Callable[[], None]
) -> None:
    with sessions.begin() as session:
        (salt,) = put_catalogue(session, [song("Grey Harbour", "Salt")])
        (fog,) = put_history(session, listener.id, [Heard("Nina", "Fog", datetime(2024, 5, 17, tzinfo=UTC))]).values()
    body = add_file("x.flac", artist="Grey Harbour", title="Salt", genre="Sea shanty; (52)").read_bytes()
    assert bring(listener, body, "../../etc/Salt.flac")["name"] == "Salt.flac"
    bring(listener, add_file("y.flac", artist=None, title=None, pitch=300).read_bytes(), "recording.flac", track_id=fog)
    bring(listener, add_file("z.flac", artist="X", title="Y", pitch=350).read_bytes(), "z.flac")
    for _ in range(3):
        hear_next()
    report = listener.get("/sound/sources").json()
    told = {
        item["name"]: (item["outcome"], item["matched_by"], (item["track"] or {}).get("id")) for item in report["items"]
    }
    assert told == {
        "Salt.flac": ("heard", "tags", salt),
        "recording.flac": ("heard", "listener", fog),
        "z.flac": ("unmatched", None, None),
    }
    assert report["heard_tracks"] == 2
    with sessions() as session:
        said = [(row.track_id, row.user_id, row.genre) for row in session.scalars(select(TrackGenre))]
    assert said == [(salt, listener.id, "Sea shanty")]
    assert listener.get(f"/tracks/{fog}").json()["heard_from"] == "upload"
    assert listener.get(f"/tracks/{fog}/similar").json()["heard_from"] == "upload"
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()], "the sound is not kept"


def test_what_lies_in_the_library_and_what_others_play_is_not_told(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        salt, fog = put_catalogue(session, [song("Grey Harbour", "Salt"), song("Nina", "Fog")])
        put_history(session, listener.id, [Heard("Mira Sol", "Rain", datetime(2024, 5, 17, 12, tzinfo=UTC))])
        (rain,) = put_catalogue(session, [song("Mira Sol", "Rain")])
        note = partial(sound_sources.note, session)
        note("library", "private/Salt.flac", "heard", track_id=salt, matched_by="tags")
        note("library", "private/diary.wav", "unmatched")
        note("deezer", "name:fog", "heard", track_id=fog, matched_by="names")
        note("deezer", "name:rain", "heard", track_id=rain, matched_by="names")
    answer = listener.get("/sound/sources")
    assert "private" not in answer.text
    told = {(item["source"], item["name"], item["track"]["name"]) for item in answer.json()["items"]}
    assert told == {("library", None, "Salt"), ("deezer", None, "Rain")}
    counts = {(each["source"], each["outcome"]): each["count"] for each in answer.json()["counts"]}
    assert counts == {("library", "heard"): 1, ("library", "unmatched"): 1, ("deezer", "heard"): 2}


def test_what_cannot_be_heard_is_told_in_a_sentence(
    listener: Listener,
    sessions: Sessions,
    add_file: AddFile,
    hear_next: Callable[[], None],
    served: tuple[InferenceClient, ModelServer],
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt")])
    served[1].usual = answering({"status": 422, "detail": "The audio file is silent."}, status=422)
    bring(listener, add_file("x.flac", artist="Grey Harbour", title="Salt").read_bytes())
    hear_next()
    (item,) = listener.get("/sound/sources", params={"outcome": "refused"}).json()["items"]
    assert item["detail"] == "The audio file is silent."
    assert listener.delete(f"/sound/uploads/{item['id']}").status_code == 204
    assert listener.get("/sound/sources").json()["items"] == []


def test_bad_uploads_are_refused_at_the_door(listener: Listener, settings: Settings, sessions: Sessions) -> None:
    with sessions.begin() as session:
        (not_met,) = put_catalogue(session, [song("Grey Harbour", "Salt")])

    def status(body: bytes, **query: object) -> int:
        return listener.post("/sound/uploads", params=query, content=body).status_code

    assert status(b"x", file_name="a.exe") == 422
    assert status(b"", file_name="a.mp3") == 422
    assert status(b"x", file_name="a.mp3", track_id=999_999) == 404
    assert status(b"x", file_name="a.mp3", track_id=not_met) == 404
    assert status(bytes(61 * 1024 * 1024), file_name="a.mp3") == 413
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()]


def test_a_file_for_which_there_is_no_room_is_refused_before_it_is_taken_in(
    listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        for number in range(uploads.MOST_WAITING):
            sound_sources.note(session, "upload", f"{number}.mp3", "waiting", user_id=listener.id)
    query = {"file_name": "a.mp3"}
    answer = listener.post("/sound/uploads", params=query, content=b"")
    assert (answer.status_code, answer.json()["title"]) == (409, uploads.TooManyWaiting.title), (
        "not told that it is empty"
    )
    assert not uploads.audio_folder(settings).exists()
    with sessions.begin() as session:
        sound_sources.note(session, "upload", "0.mp3", "heard", user_id=listener.id)
    assert listener.post("/sound/uploads", params=query, content=b"x").status_code == 202


def test_the_same_name_again_replaces_what_waits(
    listener: Listener, settings: Settings, sessions: Sessions, add_file: AddFile, hear_next: Callable[[], None]
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt"), song("Grey Harbour", "Fog")])
    bring(listener, add_file("x.flac", artist="Grey Harbour", title="Salt").read_bytes())
    bring(listener, add_file("x.flac", artist="Grey Harbour", title="Fog", pitch=300).read_bytes())
    hear_next()
    hear_next()
    with sessions() as session:
        heard = session.scalars(select(Track.name).join(TrackEmbedding, TrackEmbedding.track_id == Track.id)).all()
    assert heard == ["Fog"]
    assert not [path for path in uploads.audio_folder(settings).rglob("*") if path.is_file()]


def test_a_file_that_was_given_up_says_so_and_is_gone(
    listener: Listener, settings: Settings, sessions: Sessions, add_file: AddFile
) -> None:
    bring(listener, add_file("x.flac", artist="Grey Harbour", title="Salt").read_bytes())
    with sessions.begin() as session:
        session.execute(update(Job).values(attempts=MOST_ATTEMPTS))
    Worker(settings).do_one()
    (item,) = listener.get("/sound/sources").json()["items"]
    assert (item["outcome"], item["detail"]) == ("refused", uploads.GAVE_UP)
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()]


def test_a_file_that_waits_for_days_is_heard_and_one_that_is_lost_is_said(
    listener: Listener,
    settings: Settings,
    sessions: Sessions,
    add_file: AddFile,
    hear_next: Callable[[], None],
    served: tuple[InferenceClient, ModelServer],
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt")])
    folder = uploads.audio_folder(settings)

    def files() -> list[Path]:
        return [path for path in folder.rglob("*") if path.is_file()]

    def tidy() -> list[tuple[str, str]]:
        for path in files():
            os.utime(path, (0, 0))
        with sessions.begin() as session:
            forget_left_over_uploads(session, settings, served[0])
        return [(each["name"], each["outcome"]) for each in listener.get("/sound/sources").json()["items"]]

    bring(listener, add_file("x.flac", artist="Grey Harbour", title="Salt").read_bytes())
    (folder / "left by a request that died").write_bytes(b"x")
    assert tidy() == [("a.flac", "waiting")]
    assert len(files()) == 1, "what nobody names is deleted"
    hear_next()
    assert tidy() == [("a.flac", "heard")]

    for name in ("lost.flac", "heard too late.flac"):
        bring(listener, add_file("y.flac", artist="Grey Harbour", title="Salt").read_bytes(), name)
        for path in files():
            path.unlink()
        if name == "lost.flac":
            assert tidy()[0] == (name, "refused")
        hear_next()
    item = listener.get("/sound/sources").json()["items"][0]
    assert (item["name"], item["outcome"], item["detail"]) == ("heard too late.flac", "refused", uploads.GONE)
