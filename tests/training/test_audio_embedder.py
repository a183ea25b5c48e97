"""Training the embedder: its loss by hand, its batches, and a tiny run from files to a measured bundle."""

import dataclasses
import doctest
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from modeling.audio_embedder.features import LOG_OFFSET
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import file_sha256, load_predictor
from tests.support.tiny_models import audio_file
from tests.training.synthetic import track_key, write_export
from training import paths
from training.data.export_folder import AUDIO, ExportFolder
from training.data.sequences import listeners
from training.evaluate import listening_page
from training.evaluate.audio_embedder import evaluate
from training.hearing.augmentation import augment
from training.hearing.free_music import keep
from training.hearing.invented import RENDITIONS, invent
from training.hearing.library import audio_files, companions
from training.hearing.normed import NormedVggish
from training.hearing.sounds import Sound, other_recordings, random_example, recorded
from training.jobs import EvaluationJob, FitJob, NothingToLearn
from training.modules.audio_embedder import Curriculum, Lessons, batches, contrastive_loss, fit, lesson_loss
from training.params import Params, read_params
from training.stages import evaluate as evaluate_stage

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def params() -> Params:
    usual = read_params(ROOT / "params.yaml")
    tiny = usual.audio_embedder.model_copy(
        update={
            "width": 4,
            "tracks_per_batch": 6,
            "max_steps": 25,
            "segments": 3,
            "learning_rate": 0.003,
            "invented_instruments": 11,
            "sound_font": None,
        }
    )
    return usual.model_copy(update={"audio_embedder": tiny})


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> ExportFolder:
    """40 tracks of 8 artists have 3 s of audio: each artist a register, each track a melody; one has a file twice."""
    folder = tmp_path_factory.mktemp("export")
    data = write_export(folder, listeners=2, days=60)
    random = np.random.default_rng(0)
    rows = []
    for track in range(40):
        path = folder / f"{track}.flac"
        path.write_bytes(audio_file(melody(110 * 2 ** (track // 5 / 2), random), 16_000, "FLAC"))
        rows.append({"track_key": track_key(track), "path": path.name, "sha256": file_sha256(path)})
    rows.append({**rows[0], "track_key": track_key(41)})
    pq.write_table(pa.Table.from_pylist(rows, schema=AUDIO), folder / "audio.parquet")
    return data


def melody(root: float, random: np.random.Generator) -> np.ndarray:
    time = np.arange(8_000) / 16_000
    notes = [root * 2 ** (random.integers(0, 5) / 12) for _ in range(6)]
    tones = [sum(np.sin(2 * np.pi * note * n * time) / n for n in range(1, 5)) * np.exp(-4 * time) for note in notes]
    return 0.2 * np.concatenate(tones)


def test_confusion_by_example() -> None:
    assert doctest.testmod(listening_page).failed == 0


def test_contrastive_loss_by_hand() -> None:
    """Three unit vectors, a and b positives of each other, c of nobody: both rows see cosines 0.6 and 0 over 0.5."""
    embeddings = torch.tensor([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    positives = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    expected = -np.log(np.exp(1.2) / (np.exp(1.2) + 1.0))
    assert contrastive_loss(embeddings, positives, 0.5).item() == pytest.approx(expected, abs=1e-6)


def test_augmentation_changes_sound_but_not_silence() -> None:
    torch.manual_seed(0)
    silence = torch.full((4, 96, 64), float(np.log(LOG_OFFSET)))
    assert torch.allclose(augment(silence), silence, atol=1e-5)
    sound = torch.randn(4, 96, 64)
    changed = augment(sound)
    assert changed.shape == sound.shape
    assert torch.isfinite(changed).all()
    assert (changed - sound).abs().mean() > 0.05


def test_companions_follow_each_other_more_than_chance(tmp_path: Path) -> None:
    everyone = listeners(write_export(tmp_path, listeners=1, days=90).songs())
    keys = [track_key(track) for track in range(58)]
    found = companions(everyone, keys, end=1e12, at_most=3)
    assert all(len(each) <= 3 and place not in each for place, each in enumerate(found))
    assert sum(bool(each) for each in found) > 10
    assert not any(companions(everyone, keys, end=0.0, at_most=3)), "nothing after the training span is looked at"


def test_batches_hold_examples_of_partners_and_of_what_is_no_track(params: Params) -> None:
    embedder = params.audio_embedder.model_copy(
        update={"companion_weight": 0.3, "examples_per_track": 2, "tracks_per_batch": 8, "library_share": 0.75}
    )
    random = np.random.default_rng(0)
    sounds = [Sound(str(track), [torch.full((200, 64), float(track))], []) for track in range(12)]
    partners = [[(track + 1) % 9] for track in range(9)] + [[] for _ in range(3)]
    batch = next(batches(Lessons(sounds, partners, 9, None), embedder, random))
    tracks = batch["examples"][:, 0, 0].long()
    assert batch["examples"].shape[1:] == (96, 64)
    assert "lessons" not in batch
    assert len(set(tracks[tracks >= 9].tolist())) == 2, "a quarter of the batch belongs to no track"
    for row, column in np.ndindex(len(tracks), len(tracks)):
        same = tracks[row] == tracks[column]
        partner = max(tracks[row], tracks[column]) < 9 and tracks[column] == (tracks[row] + 1) % 9
        expected = 0.0 if row == column else 1.0 if same else 0.3 if partner else 0.0
        assert batch["positives"][row, column].item() == pytest.approx(expected)


def test_long_files_are_kept_in_pieces_and_short_ones_with_the_silence_after_them(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(audio_file(np.random.default_rng(0).uniform(-0.5, 0.5, 16_000 * 31), 16_000))
    kept = recorded(path, "long", 10, None)
    assert kept is not None
    assert [(each.shape[1], each.dtype) for each in kept.pieces] == [(64, torch.float16)] * 2
    assert random_example(kept, np.random.default_rng(0))[0].shape == (96, 64)
    (tmp_path / "short.wav").write_bytes(audio_file(np.random.default_rng(0).uniform(-0.5, 0.5, 4_000), 16_000))
    (tmp_path / "broken.wav").write_bytes(b"not audio")
    short, *rest = sorted(other_recordings(tmp_path, 10, None), key=lambda sound: len(sound.pieces))
    assert (short.name, short.pieces[0].shape, [sound.name for sound in rest]) == ("short.wav", (96, 64), ["long.wav"])
    assert short.pieces[0][-1, 0] == pytest.approx(np.log(LOG_OFFSET), abs=1e-2)


def test_of_a_soundtrack_only_what_is_long_is_kept_and_once(tmp_path: Path) -> None:
    unpacked, seen = tmp_path / "x", set[str]()
    (unpacked / "game" / "music").mkdir(parents=True)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 16_000 * 31)
    (unpacked / "game" / "music" / "theme.wav").write_bytes(audio_file(noise, 16_000))
    (unpacked / "game" / "theme again.wav").write_bytes(audio_file(noise, 16_000))
    (unpacked / "game" / "step.wav").write_bytes(audio_file(noise[: 16_000 * 12], 16_000))
    (unpacked / "game" / "broken.ogg").write_bytes(b"not audio" * 40_000)
    (unpacked / "game" / "readme.txt").write_text("about")
    assert keep(unpacked, tmp_path / "music", seen) == 1
    assert [path.name for path in (tmp_path / "music").iterdir()] == ["game_music_theme.wav"]
    assert keep(unpacked, tmp_path / "twice", seen) == 0


def test_instruments_of_one_family_are_pulled_together_and_what_has_none_is_not(params: Params) -> None:
    embedder = params.audio_embedder.model_copy(
        update={"companion_weight": 0.0, "family_weight": 0.4, "examples_per_track": 2, "tracks_per_batch": 6}
    )
    families = ["kick", "kick", "snare", "", "", "snare"]
    sounds = [Sound(str(at), [torch.full((200, 64), float(at))], [], family) for at, family in enumerate(families)]
    batch = next(batches(Lessons(sounds, [[] for _ in sounds], 6, None), embedder, np.random.default_rng(0)))
    heard = batch["examples"][:, 0, 0].long().tolist()
    for row, column in np.ndindex(len(heard), len(heard)):
        one, other = heard[row], heard[column]
        kin = families[one] == families[other] != ""
        expected = 0.0 if row == column else 1.0 if one == other else 0.4 if kin else 0.0
        assert batch["positives"][row, column].item() == pytest.approx(expected)


def test_invented_instruments_are_many_and_the_same_each_time() -> None:
    first, again = invent(22, seed=3), invent(22, seed=3)
    assert len({each.family for each in first}) == 11
    for one, other in zip(first, again, strict=True):
        assert len(one.renditions) == RENDITIONS
        for samples, same in zip(one.renditions, other.renditions, strict=True):
            assert np.array_equal(samples, same)
            assert np.isfinite(samples).all()
            assert 0.2 < np.abs(samples).max() < 1.0


def test_folded_norms_compute_the_same() -> None:
    torch.manual_seed(0)
    normed = NormedVggish(Vggish(EmbedderSpec(width=4, head="pooled", embedding_size=16, segments=3)))
    for _ in range(5):
        normed(2 * torch.randn(8, 96, 64) - 1)
    normed.eval()
    examples = torch.randn(3, 96, 64)
    before = normed(examples)
    assert torch.allclose(normed.fold()(examples), before, atol=1e-4)


def test_a_curriculum_keeps_the_teachers_cosines() -> None:
    random = np.random.default_rng(0)
    said = torch.from_numpy(random.normal(size=(400, 20)) @ random.normal(size=(20, 256))).float()
    curriculum = Curriculum(said, 128, random)
    standard = (said - curriculum.mean) / curriculum.deviation
    wanted = torch.nn.functional.normalize(standard, dim=1)
    lessons = curriculum(said)
    assert torch.allclose(lessons @ lessons.T, wanted @ wanted.T, atol=1e-3)
    assert lesson_loss(lessons, lessons).item() == pytest.approx(0.0, abs=1e-5)
    assert lesson_loss(lessons.flip(0), lessons).item() > 0.5


def test_from_files_to_a_measured_bundle(export: ExportFolder, params: Params, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIO_LIBRARY_DIR", str(export.path))
        held_out = [file for file in audio_files(export) if file.is_held_out]
        assert 0 < len(held_out) < 20
        bundle = fit(FitJob(params, export, tmp_path / "bundle", tmp_path / "curve.csv", tmp_path / "none"))
        assert bundle.made_from["tracks"] == 40 - len(held_out)
        again = fit(FitJob(params, export, tmp_path / "again", tmp_path / "curve2.csv", tmp_path / "none"))
        assert again.identity == bundle.identity, "the same seed, data and machine give the same bundle"
        predictor = load_predictor(tmp_path / "bundle")
        result = evaluate(EvaluationJob(params, export, predictor, tmp_path / "none"))
    metrics = result.metrics
    assert metrics["library"] == {"tracks": 40, "queries": len(held_out)}
    assert metrics["same_artist"]["model"] > metrics["same_artist"]["random"] + 0.2
    assert {key for key, _ in result.per_unit} == {file.track_key for file in held_out}
    assert result.primary == "same_artist.model"
    assert np.isnan(metrics["same_genre"]["model"]), "these files have no genre"
    assert set(result.pages) == {"neighbours", "projection"}
    assert result.pages["neighbours"].count('class="asked"') == len(held_out)
    assert result.pages["projection"].count("<circle") == 40
    assert not re.search(r'(src|href)="http', "".join(result.pages.values())), "a page needs nothing outside it"
    assert (tmp_path / "curve.csv").read_text().startswith("step,name,value")
    assert json.loads((tmp_path / "bundle" / "bundle.json").read_text())["spec"]["width"] == 4


def test_without_a_library_the_ear_learns_from_what_is_invented(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever only uploads, or has only previews, was left without any ear."""
    monkeypatch.chdir(tmp_path)
    data = write_export(paths.EXPORT, listeners=1, days=60)
    few = params.audio_embedder.model_copy(update={"max_steps": 2})
    job = FitJob(
        params.model_copy(update={"audio_embedder": few}),
        data,
        paths.bundle_folder("audio_embedder"),
        tmp_path / "curve.csv",
        tmp_path / "none",
    )
    bundle = fit(job)
    assert (bundle.made_from["tracks"], bundle.made_from["other_sounds"]) == (0, 11)
    shutil.copy(ROOT / "params.yaml", paths.PARAMS)
    evaluate_stage.run("audio_embedder")
    metrics = json.loads(paths.metrics_file("audio_embedder").read_text())
    assert "AUDIO_LIBRARY_DIR" in metrics["not_measured"]
    silent = few.model_copy(update={"invented_instruments": 0})
    with pytest.raises(NothingToLearn, match="nothing to hear"):
        fit(dataclasses.replace(job, params=params.model_copy(update={"audio_embedder": silent})))
