"""Half a minute from Deezer for tracks without a file: off unless allowed, at their pace, and nothing of it is kept."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlalchemy import select, update

from platform_api.core.settings import DeezerSettings, Settings
from platform_api.crud import jobs, sound
from platform_api.crud.sound_sources import Unheard
from platform_api.db.session import Sessions
from platform_api.models import Job, SoundSource, Track, TrackEmbedding
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import JobContext, enqueue
from platform_api.services.sound.deezer import Deezer, DeezerAway, Pace
from platform_api.services.sound.previews import KIND, hear_previews, notice_tracks_without_sound
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import ModelServer, answer, answering
from tests.platform_api.sound.deezer_server import QUOTA, DeezerServer, running_deezer
from tests.platform_api.sound.test_hearing import embed
from tests.support.stored_history import put_catalogue, song
from tests.support.surroundings import served_models


@pytest.fixture
def deezer() -> Iterator[DeezerServer]:
    with running_deezer() as server:
        yield server


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, audio_embedder="1") as (inference, server):
        server.usual = embed
        yield inference, server


@pytest.fixture
def allowed(settings: Settings, deezer: DeezerServer) -> Settings:
    return settings.model_copy(update={"deezer": DeezerSettings(previews=True, url=deezer.url)})


@pytest.fixture
def look(allowed: Settings, sessions: Sessions, served: tuple[InferenceClient, ModelServer]) -> Callable[[], None]:
    """Does a `hear_previews` job as the worker would."""

    def do() -> None:
        with sessions.begin() as session:
            enqueue(session, KIND)
            job = jobs.claim(session, "test", [KIND], 60)
        assert job is not None
        cache = Cache(allowed.redis.url.get_secret_value())
        try:
            hear_previews(JobContext(job, allowed, sessions, served[0], cache))
        finally:
            cache.close()
            with sessions.begin() as session:
                jobs.finish(session, job)

    return do


def outcomes(sessions: Sessions) -> dict[str, tuple[str, str | None]]:
    """Title → (outcome, matched by)."""
    with sessions() as session:
        rows = session.execute(
            select(Track.name, SoundSource.outcome, SoundSource.matched_by).join(
                SoundSource, SoundSource.name == Track.key
            )
        )
        return {name: (outcome, by) for name, outcome, by in rows}


def test_tracks_are_found_by_isrc_by_names_and_by_length(
    look: Callable[[], None], sessions: Sessions, deezer: DeezerServer, served: tuple[InferenceClient, ModelServer]
) -> None:
    names = ["By code", "Señorita", "Stay - Live", "Stay - Demo", "Nowhere", "Silent"]
    with sessions.begin() as session:
        ids = put_catalogue(session, [song("Grey Harbour", name) for name in names])
        session.execute(update(Track).where(Track.id == ids[0]).values(isrc="QZ1"))
        session.execute(update(Track).where(Track.id.in_(ids[2:4])).values(duration_ms=200_000))
    deezer.by_isrc["QZ1"] = deezer.track("Another Spelling", "Code", 100, b"one")
    deezer.track("Grey Harbour", "Senorita (feat. Someone)", 180, b"two")
    deezer.track("Grey Harbour", "Stay", 202, b"three")
    deezer.track("Grey Harbour", "Silent", 90, preview=None)
    deezer.track("Somebody Else", "Nowhere", 90)
    look()
    assert outcomes(sessions) == {
        "By code": ("heard", "isrc"),
        "Señorita": ("heard", "names"),
        "Stay - Live": ("heard", "duration"),
        "Stay - Demo": ("heard", "duration"),
        "Nowhere": ("unmatched", None),
        "Silent": ("unmatched", None),
    }
    with sessions() as session:
        assert set(session.scalars(select(TrackEmbedding.source))) == {"deezer"}
    asked = len(deezer.calls)
    look()
    assert len(deezer.calls) == asked, "what was not found is not asked for again so soon"
    assert len(served[1].calls) == 4


@pytest.mark.parametrize(
    "trouble",
    [answering(QUOTA), answering({}, status=503), answering([]), lambda handler, _: answer(handler, 200, b"<")],
    ids=["quota", "503", "a list", "HTML"],
)  # fmt: skip
def test_trouble_is_waited_out_and_nothing_is_written_off(
    look: Callable[[], None], sessions: Sessions, deezer: DeezerServer, trouble: Callable[..., None]
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt")])
    deezer.track("Grey Harbour", "Salt", 100)
    deezer.trouble = lambda handler: trouble(handler, b"")
    with pytest.raises(DeezerAway):
        look()
    assert outcomes(sessions) == {}
    deezer.trouble = None
    look()
    assert outcomes(sessions) == {"Salt": ("heard", "names")}


def test_one_that_cannot_be_had_keeps_no_other_waiting(
    look: Callable[[], None], sessions: Sessions, deezer: DeezerServer
) -> None:
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", f"Salt {at}") for at in range(3)])
    for at in range(3):
        deezer.track("Grey Harbour", f"Salt {at}", 100)
    answers = deezer.reply

    def trouble(handler: BaseHTTPRequestHandler) -> None:
        if "Salt+1" in handler.path or "Salt%201" in handler.path:
            answer(handler, 500, b"")
        else:
            answers(handler)

    deezer.trouble = trouble
    look()
    assert outcomes(sessions) == {"Salt 0": ("heard", "names"), "Salt 2": ("heard", "names")}
    with pytest.raises(DeezerAway):
        look()
    deezer.trouble = None
    look()
    assert outcomes(sessions)["Salt 1"] == ("heard", "names")


@pytest.mark.parametrize("code", [500, 501, 600, 800])
def test_a_question_that_cannot_be_asked_finds_nothing(deezer: DeezerServer, code: int) -> None:
    track = Unheard(1, "k", "Salt", "Grey Harbour", None, None)
    deezer.trouble = lambda handler: answering({"error": {"code": code, "message": "?"}})(handler, b"")
    with Deezer(deezer.url, Pace()) as client:
        assert client.preview_of(track) == "Deezer knows no track of this name and length."


def test_a_preview_that_is_not_there_is_none(deezer: DeezerServer) -> None:
    track = Unheard(1, "k", "Salt", "Grey Harbour", None, None)
    deezer.track("Grey Harbour", "Salt", 100)["preview"] = deezer.url + "/preview/gone.mp3"
    with Deezer(deezer.url, Pace()) as client:
        assert client.preview_of(track) == "Deezer's preview is not where Deezer says it is."


def test_an_answer_cannot_send_us_elsewhere_or_fill_the_memory(deezer: DeezerServer) -> None:
    track = Unheard(1, "k", "Salt", "Grey Harbour", None, None)
    row = deezer.track("Grey Harbour", "Salt", 100)
    with Deezer(deezer.url, Pace()) as client:
        for address in (
            "http://127.0.0.1:9/x.mp3",
            "http://169.254.169.254/",
            "https://dzcdn.net.evil.example/x",
            "file:///x",
        ):
            row["preview"] = address
            assert client.preview_of(track) == "Deezer's preview lies at an address that is not Deezer's."
        row["preview"] = deezer.url + "/preview/0.mp3"
        deezer.previews["/preview/0.mp3"] = bytes(5 * 1024 * 1024)
        assert client.preview_of(track) == "Deezer's preview is larger than a preview can be."


def test_the_pace_holds() -> None:
    pace = Pace(times=3, seconds=0.2)
    began = time.monotonic()
    for _ in range(7):
        pace.wait()
    assert time.monotonic() - began >= 0.4


def test_nothing_is_asked_unless_it_is_allowed(
    settings: Settings, allowed: Settings, sessions: Sessions, served: tuple[InferenceClient, ModelServer]
) -> None:
    def queued(given: Settings) -> int:
        with sessions.begin() as session:
            notice_tracks_without_sound(session, given, served[0])
        with sessions() as session:
            return len(session.scalars(select(Job).where(Job.kind == KIND)).all())

    assert settings.deezer.previews is False
    with sessions.begin() as session:
        put_catalogue(session, [song("Grey Harbour", "Salt")])
    assert [queued(settings), queued(allowed), queued(allowed)] == [0, 1, 1]


def test_a_file_is_trusted_more_than_a_preview(sessions: Sessions) -> None:
    with sessions.begin() as session:
        (track_id,) = put_catalogue(session, [song("Grey Harbour", "Salt")])
        vector = [1.0] + [0.0] * 127
        for source, kept in (("deezer", "deezer"), ("upload", "upload"), ("deezer", "upload"), ("library", "library")):
            sound.keep_embedding(session, [track_id], "1", vector, "0", source)
            session.expire_all()
            assert sound.source_heard(session, track_id, "1") == kept
