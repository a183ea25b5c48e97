"""The audio library is heard once per version, whatever interrupts it."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from platform_api.core.settings import Settings
from platform_api.crud import jobs, sound, sound_sources
from platform_api.db.session import Sessions
from platform_api.models import Artist, Job, SoundSource, Track, TrackEmbedding, TrackGenre
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable
from platform_api.services.jobs import JobContext, enqueue
from platform_api.services.sound.hearing import KIND, embed_library
from platform_api.services.sound.library import MISNAMED, fingerprint
from platform_api.services.sound.watch import notice_unheard_audio
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import ModelServer, answer, answering, write_manifest
from tests.support.stored_history import put_catalogue, song
from tests.support.surroundings import served_models

AddFile = Callable[..., Path]


def unit_vector(body: bytes) -> list[float]:
    """An embedding that tells which bytes were heard."""
    vector = [0.0] * 128
    vector[hashlib.sha256(body).digest()[0] % 128] = 1.0
    return vector


def embed(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    content = {"model": "audio_embedder", "bundle": "x", "embedding": unit_vector(body), "segments": [], "seconds": 0.5}
    answer(handler, 200, json.dumps(content).encode())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, audio_embedder="1") as (inference, server):
        server.usual = embed
        yield inference, server


@pytest.fixture
def inference(served: tuple[InferenceClient, ModelServer]) -> InferenceClient:
    return served[0]


@pytest.fixture
def server(served: tuple[InferenceClient, ModelServer]) -> ModelServer:
    return served[1]


@pytest.fixture
def library_settings(settings: Settings, library: Path) -> Settings:
    return settings.model_copy(update={"audio": settings.audio.model_copy(update={"library_dir": library})})


@pytest.fixture
def hear(library_settings: Settings, sessions: Sessions, inference: InferenceClient) -> Callable[[], None]:
    """Claims a fresh `embed_library` job and does it, as the worker would."""

    def do() -> None:
        with sessions.begin() as session:
            enqueue(session, KIND)
            job = jobs.claim(session, "test", [KIND], 60)
        assert job is not None
        cache = Cache(library_settings.redis.url.get_secret_value())
        try:
            embed_library(JobContext(job, library_settings, sessions, inference, cache))
        finally:
            cache.close()
            with sessions.begin() as session:
                jobs.finish(session, job)

    return do


def heard_names(sessions: Sessions, version: str) -> list[str]:
    with sessions() as session:
        heard = (
            select(Track.name)
            .join(TrackEmbedding, TrackEmbedding.track_id == Track.id)
            .where(TrackEmbedding.model_version == version)
            .order_by(Track.name, Track.id)
        )
        return list(session.scalars(heard))


def test_files_are_matched_by_their_tags_and_unknown_ones_join_the_catalogue(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt")])
        (artist,) = session.scalars(select(Artist)).all()
        again = Track(key="spotify:track:again", name="Salt", name_key="salt", artist_id=artist.id)
        session.add(again)
    add_file("1.flac", artist="GREY  Harbour", title="salt")
    add_file("deep/2.flac", artist="Nobody Yet", title="Unplayed", pitch=300)
    add_file("3.flac", artist=None, title="No artist", pitch=200)
    (add_file("4.flac", artist="x", title="y")).write_bytes(b"not audio at all")
    hear()
    assert heard_names(sessions, "1") == ["Salt", "Salt", "Unplayed"]
    assert len(server.calls) == 2
    with sessions() as session:
        assert session.scalars(select(Artist.key).order_by(Artist.key)).all() == [
            "artist:grey harbour",
            "artist:nobody yet",
        ]


def test_nothing_is_heard_twice_by_the_same_version(
    hear: Callable[[], None], add_file: AddFile, server: ModelServer
) -> None:
    add_file("1.flac", artist="A", title="One")
    add_file("2.flac", artist="A", title="Two", pitch=300)
    hear()
    hear()
    assert len(server.calls) == 2
    add_file("3.flac", artist="A", title="Three", pitch=350)
    hear()
    assert len(server.calls) == 3
    add_file("1.flac", artist="A", title="One", pitch=500)
    hear()
    assert len(server.calls) == 4, "other bytes under the same name are heard again"


def test_a_file_takes_the_place_of_an_upload_and_of_another_file_however_old_it_is(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer
) -> None:
    """What was heard of an upload after the file was written stayed; so did what was heard of the file it replaced."""
    path = add_file("1.flac", artist="A", title="One")
    os.utime(path, (0, 0))
    with sessions.begin() as session:
        (one,) = put_catalogue(session, [song("A", "One")])
        digest = hashlib.sha256(b"an upload").hexdigest()
        sound.keep_embedding(session, [one], "1", unit_vector(b"an upload"), digest, "upload")

    def kept() -> tuple[str, str]:
        with sessions() as session:
            row = session.get_one(TrackEmbedding, (one, "1"))
            return row.source, row.audio_sha256

    hear()
    assert kept() == ("library", hashlib.sha256(path.read_bytes()).hexdigest())
    path = add_file("1.flac", artist="A", title="One", pitch=500)
    os.utime(path, (0, 0))
    hear()
    assert kept() == ("library", hashlib.sha256(path.read_bytes()).hexdigest())
    hear()
    assert len(server.calls) == 2


def test_a_library_may_hold_more_files_than_a_statement_takes_values(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for name in ("9.flac", "gone.flac"):
            sound_sources.note(session, "library", name, "heard")
        sound_sources.forget_missing_files(session, [f"{number}.flac" for number in range(70_000)])
        assert session.scalars(select(SoundSource.name)).all() == ["9.flac"]
        sound_sources.forget_missing_files(session, [])
        assert session.scalars(select(SoundSource.name)).all() == []


def test_the_same_audio_under_a_new_track_is_not_sent_again(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer
) -> None:
    add_file("1.flac", artist="A", title="One")
    hear()
    with sessions.begin() as session:
        artist = session.scalars(select(Artist)).one()
        session.add(Track(key="spotify:track:later", name="One", name_key="one", artist_id=artist.id))
    hear()
    assert heard_names(sessions, "1") == ["One", "One"]
    assert len(server.calls) == 1


def test_a_new_version_hears_everything_again_and_the_old_ears_are_kept(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer, tmp_path: Path
) -> None:
    add_file("1.flac", artist="A", title="One")
    hear()
    write_manifest(tmp_path / "manifest.json", {"audio_embedder": "2"})
    hear()
    assert server.calls == ["/predictions/audio_embedder/1", "/predictions/audio_embedder/2"]
    assert heard_names(sessions, "1") == heard_names(sessions, "2") == ["One"]


def test_it_goes_on_where_the_server_went_away(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer
) -> None:
    for number in range(4):
        add_file(f"{number}.flac", artist="A", title=f"Track {number}", pitch=200 + 50 * number)
    away = answering({"code": 500}, status=500)
    server.behaviours = [embed, embed, away, away]
    with pytest.raises(ModelUnavailable):
        hear()
    assert heard_names(sessions, "1") == ["Track 0", "Track 1"]
    hear()
    assert heard_names(sessions, "1") == ["Track 0", "Track 1", "Track 2", "Track 3"]


def test_genres_are_read_before_any_model_is_there(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer, tmp_path: Path
) -> None:
    with sessions.begin() as session:
        (one,) = put_catalogue(session, [song("A", "One")])
    add_file("1.flac", artist="A", title="One", genre="Dub")
    add_file("2.flac", artist="A", title="Two", genre="Dub")
    write_manifest(tmp_path / "manifest.json", {})
    hear()
    with sessions() as session:
        assert [(row.track_id, row.genre) for row in session.scalars(select(TrackGenre))] == [(one, "Dub")]
    assert server.calls == []
    write_manifest(tmp_path / "manifest.json", {"audio_embedder": "1"})
    hear()
    with sessions() as session:
        assert len(session.scalars(select(TrackGenre)).all()) == 2, "the second became a track"


@pytest.mark.parametrize(
    "trouble",
    [
        answering({"detail": "There is nothing to hear."}, status=422),
        answering({"embedding": [float("nan")] * 128, "seconds": 1.0}),
        answering({"embedding": [0.5] * 128, "seconds": 1.0}),
        answering({"embedding": [1.0], "seconds": 1.0}),
    ],
    ids=["refused", "NaN", "not of unit length", "too short"],
)
def test_one_file_that_cannot_be_heard_does_not_stop_the_others(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions, server: ModelServer, trouble: object
) -> None:
    add_file("1.flac", artist="A", title="Silence")
    add_file("2.flac", artist="A", title="Sound", pitch=300)

    def only_the_first(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        troubled = body == first
        (trouble if troubled else embed)(handler, body)  # type: ignore[operator]

    first = (add_file("1.flac", artist="A", title="Silence")).read_bytes()
    server.usual = only_the_first
    hear()
    assert heard_names(sessions, "1") == ["Sound"]


def test_a_change_is_noticed_once(
    hear: Callable[[], None],
    add_file: AddFile,
    sessions: Sessions,
    library_settings: Settings,
    inference: InferenceClient,
    tmp_path: Path,
) -> None:
    def notice() -> int:
        with sessions.begin() as session:
            notice_unheard_audio(session, library_settings, inference)
        with sessions.begin() as session:
            waiting = session.scalars(select(Job).where(Job.kind == KIND, Job.state == "queued")).all()
            for job in waiting:
                job.state = "done"
            return len(waiting)

    assert notice() == 0, "there is no file"
    add_file("1.flac", artist="A", title="One")
    assert [notice(), notice()] == [1, 0]
    hear()
    assert [notice(), notice()] == [1, 0], "the catalogue grew by that file"
    write_manifest(tmp_path / "manifest.json", {"audio_embedder": "2"})
    assert [notice(), notice()] == [1, 0]
    write_manifest(tmp_path / "manifest.json", {"audio_embedder": "1"})
    assert [notice(), notice()] == [1, 0], "what was so before is a change, too"
    with sessions.begin() as session:
        enqueue(session, KIND)
    assert [notice(), notice()] == [1, 0], "an import's own look tells no state"
    add_file("2.flac", artist="A", title="Two")
    assert [notice(), notice()] == [1, 0]


def test_a_catalogue_that_grows_all_day_does_not_keep_the_library_busy(
    add_file: AddFile, sessions: Sessions, library_settings: Settings, inference: InferenceClient, tmp_path: Path
) -> None:
    def notice(ended_ago: float, took: float = 1) -> int:
        """How many are queued where the last one ended and took so many minutes."""
        with sessions.begin() as session:
            for job in session.scalars(select(Job).where(Job.kind == KIND)):
                job.state, job.finished_at = "done", datetime.now(UTC) - timedelta(minutes=ended_ago)
                job.created_at = job.finished_at - timedelta(minutes=took)
            put_catalogue(session, [song("Nina", f"New {next(numbers)}")])
        with sessions.begin() as session:
            notice_unheard_audio(session, library_settings, inference)
        with sessions.begin() as session:
            return len(session.scalars(select(Job).where(Job.kind == KIND, Job.state == "queued")).all())

    numbers = count()
    add_file("1.flac", artist="A", title="One")
    assert notice(0) == 1
    assert notice(9) == 0
    assert notice(11) == 1
    assert notice(59, took=600) == 0
    assert notice(61, took=600) == 1, "no rest is longer than an hour"
    assert notice(-30) == 1, "a clock that went back keeps nothing waiting"
    add_file("2.flac", artist="A", title="Two")
    assert notice(9) == 1, "a new file is heard at once"
    write_manifest(tmp_path / "manifest.json", {"audio_embedder": "2"})
    assert notice(9) == 1, "and so is a new ear"


def test_every_file_of_the_library_gets_a_verdict(
    hear: Callable[[], None], add_file: AddFile, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt"), song("Nina", "Fog")])
    add_file("tagged.flac", artist="Grey Harbour", title="Salt")
    add_file("Nina - Fog.flac", artist=None, title=None, pitch=300)
    add_file("Nobody - Unknown.flac", artist=None, title=None, pitch=350)
    add_file("nameless.flac", artist=None, title=None, pitch=400)
    add_file("broken.flac", artist="A", title="B").write_bytes(b"no audio")
    hear()

    def told() -> dict[str, tuple[str, str | None]]:
        with sessions() as session:
            return {row.name: (row.outcome, row.matched_by) for row in session.scalars(select(SoundSource))}

    assert told() == {
        "tagged.flac": ("heard", "tags"),
        "Nina - Fog.flac": ("heard", "names"),
        "Nobody - Unknown.flac": ("unmatched", None),
        "nameless.flac": ("refused", None),
        "broken.flac": ("refused", None),
    }
    (add_file("nameless.flac", artist=None, title=None)).unlink()
    hear()
    assert "nameless.flac" not in told()


def test_a_name_that_is_not_utf8_costs_at_most_its_file(
    library: Path, add_file: AddFile, hear: Callable[[], None], sessions: Sessions
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt"), song("Nina", "Fog")])
    add_file("salt.flac", artist="Grey Harbour", title="Salt")
    for artist, title, name in (("Nina", "Fog", b"Caf\xe9.flac"), (None, None, b"Nina - Caf\xe9.flac")):
        add_file("x.flac", artist=artist, title=title).rename(Path(os.fsdecode(bytes(library) + b"/" + name)))
    assert fingerprint(library), "the watch can still tell what lies there"
    hear()
    with sessions() as session:
        told = {row.name: (row.outcome, row.detail) for row in session.scalars(select(SoundSource))}
    assert told == {
        "salt.flac": ("heard", None),
        "Caf\\xe9.flac": ("heard", None),
        "Nina - Caf\\xe9.flac": ("refused", MISNAMED),
    }
