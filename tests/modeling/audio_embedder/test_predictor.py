"""Any file that can be heard gets an embedding, any other a sentence that says why not."""

import io
import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from modeling.audio_embedder.decoding import Recording, read_recording
from modeling.audio_embedder.predictor import AudioEmbedderPredictor, segments
from modeling.bundle import Predictor, load_predictor
from modeling.errors import RequestError
from tests.support.tiny_models import TINY, audio_file, tiny_embedder, tone

RANDOM = np.random.default_rng(3)


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    folder = tmp_path_factory.mktemp("embedder") / "bundle"
    tiny_embedder(folder)
    return load_predictor(folder)


def embedding(predictor: Predictor, body: bytes) -> np.ndarray:
    [answer] = predictor.predict([body])
    assert isinstance(answer, bytes), answer
    return np.array(json.loads(answer)["embedding"])


def refusal(predictor: Predictor, body: bytes) -> RequestError:
    [answer] = predictor.predict([body])
    assert isinstance(answer, RequestError)
    return answer


def test_an_answer(predictor: Predictor) -> None:
    [answer] = predictor.predict([tone(10.0)])
    assert isinstance(answer, bytes)
    content = json.loads(answer)
    assert set(content) == {"model", "bundle", "embedding", "segments", "seconds"}
    assert (content["model"], content["seconds"]) == ("audio_embedder", 10.0)
    parts, whole = np.array(content["segments"]), np.array(content["embedding"])
    assert parts.shape == (3, 16)
    assert np.allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-4)
    mean = parts.mean(axis=0)
    assert np.allclose(whole, mean / np.linalg.norm(mean), atol=1e-4)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 44_101, 48_000, 96_000])
def test_the_rate_does_not_matter(predictor: Predictor, rate: int) -> None:
    expected = embedding(predictor, tone(4.0, 16_000))
    assert embedding(predictor, tone(4.0, rate)) @ expected > 0.999


@pytest.mark.parametrize(("kind", "channels"), [("FLAC", 1), ("FLAC", 2), ("OGG", 2), ("MP3", 2), ("WAV", 5)])
def test_codec_and_channels_do_not_matter(predictor: Predictor, kind: str, channels: int) -> None:
    expected = embedding(predictor, tone(4.0, 44_100))
    assert embedding(predictor, tone(4.0, 44_100, channels, kind)) @ expected > 0.995


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("adts", "aac"), ("matroska", "aac")])
@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_what_libsndfile_does_not_know_is_heard_too(
    predictor: Predictor, container: str, codec: str, rate: int
) -> None:
    expected = embedding(predictor, tone(4.0, 44_100))
    assert embedding(predictor, encoded(container, codec, rate)) @ expected > 0.99


def test_an_m4a_file_that_is_cut_or_holds_no_sound_is_refused(predictor: Predictor) -> None:
    whole = encoded("mp4", "aac", 44_100)
    assert refusal(predictor, whole[: len(whole) // 2]).status == 400
    assert refusal(predictor, encoded("mp4", "aac", 44_100, level=0.0)).detail == "The audio file is silent."


def encoded(container: str, codec: str, rate: int, level: float = 1.0) -> bytes:
    """The tone of `tone(4.0)`, in stereo, by FFmpeg."""
    samples = read_recording(tone(4.0, rate)).samples * level
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples[None], 2, axis=0), format="fltp", layout="stereo")
        frame.sample_rate = rate
        out.mux([*stream.encode(frame), *stream.encode(None)])
    return file.getvalue()


def test_a_codec_that_nobody_knows_is_refused(predictor: Predictor) -> None:
    whole = bytearray(tone())
    assert whole[20:22] == b"\x01\x00"
    whole[20:22] = b"Og"  # Vorbis in a WAV file: some sample libraries hold such
    error = refusal(predictor, bytes(whole))
    assert error.status == 400
    assert "cannot be decoded" in error.detail


def test_a_huge_file_is_refused_before_it_is_decoded(predictor: Predictor) -> None:
    assert refusal(predictor, bytes(257 * 1024 * 1024)).status == 413


def test_a_batch_answers_as_one_by_one(predictor: Predictor) -> None:
    bodies = [tone(seconds, hertz=pitch) for seconds, pitch in ((0.2, 300), (3.0, 500), (1.0, 900), (30.0, 200))]
    together = [json.loads(each) for each in predictor.predict(bodies) if isinstance(each, bytes)]
    assert len(together) == len(bodies)
    for given, body in zip(together, bodies, strict=True):
        assert np.allclose(given["embedding"], embedding(predictor, body), atol=1e-5)


def test_bad_files_do_not_touch_good_ones(predictor: Predictor) -> None:
    answers = predictor.predict([b"", tone(), b"x" * 1000, tone(hertz=900), audio_file(np.zeros(16_000), 16_000)])
    assert [isinstance(each, RequestError) for each in answers] == [True, False, True, False, True]
    assert [each.status for each in answers if isinstance(each, RequestError)] == [400, 400, 422]
    assert predictor.predict([]) == []


def test_short_files_are_heard(predictor: Predictor) -> None:
    [answer] = predictor.predict([tone(0.05)])
    assert isinstance(answer, bytes)
    content = json.loads(answer)
    assert (len(content["segments"]), content["seconds"]) == (1, 0.05)


def test_what_cannot_be_heard_says_why(predictor: Predictor) -> None:
    noise = RANDOM.uniform(-0.3, 0.3, 48_000)
    for samples, reason in (
        (np.where(np.arange(48_000) == 20_000, np.nan, noise), "not numbers"),
        (np.where(np.arange(48_000) == 20_000, np.inf, noise), "not numbers"),
        (noise * 1e-5, "silent"),
        (noise[:0], "no samples"),
    ):
        error = refusal(predictor, audio_file(samples, 16_000, subtype="FLOAT"))
        assert error.status == 422
        assert reason in error.detail
    assert "outside" in refusal(predictor, audio_file(noise, 1_000)).detail


@pytest.mark.parametrize("kind", ["FLAC", "MP3"])
def test_a_file_that_breaks_off_before_its_promised_length_is_refused(predictor: Predictor, kind: str) -> None:
    whole = audio_file(RANDOM.uniform(-0.3, 0.3, (160_000, 1)), 16_000, kind)
    error = refusal(predictor, whole[: len(whole) // 2])
    assert error.status == 400
    assert "<" not in error.detail, "no Python object in a sentence for a person"


def test_damaged_bytes_never_raise(predictor: Predictor) -> None:
    for kind in ("WAV", "FLAC", "OGG", "MP3"):
        whole = bytearray(tone(2.0, kind=kind))
        for _ in range(40):
            damaged = bytearray(whole)
            for place in RANDOM.integers(len(whole), size=8):
                damaged[place] = int(RANDOM.integers(256))
            [answer] = predictor.predict([bytes(damaged)])
            assert isinstance(answer, bytes | RequestError)


def test_loud_floating_point_is_brought_back_into_range() -> None:
    quiet = read_recording(tone(1.0)).samples
    loud = read_recording(audio_file(np.asarray(quiet) * 1000, 16_000, subtype="FLOAT")).samples
    assert np.abs(loud).max() == pytest.approx(1.0)


def test_segments_are_spread_evenly_and_never_overlap() -> None:
    rate = 22_050
    samples = np.zeros(rate * 20, dtype=np.float32)
    samples[rate * 10 :] = RANDOM.uniform(-0.5, 0.5, rate * 10)
    heard = segments(Recording(samples, rate), 6)
    assert heard.shape == (6, 96, 64)
    loudness = heard.mean(dim=(1, 2))
    assert (loudness[:3] < -4.5).all()
    assert (loudness[3:] > -1.0).all()
    assert segments(Recording(samples[: int(rate * 2.5)], rate), 6).shape[0] == 2


def test_the_number_of_segments_is_the_specs(tmp_path: Path) -> None:
    tiny_embedder(tmp_path / "bundle", spec=replace(TINY, segments=5))
    predictor = load_predictor(tmp_path / "bundle")
    assert isinstance(predictor, AudioEmbedderPredictor)
    [answer] = predictor.predict([tone(10.0)])
    assert isinstance(answer, bytes)
    assert len(json.loads(answer)["segments"]) == 5
