"""A bundle proves itself: whatever is missing, unknown or altered, it does not load."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from modeling.audio_embedder.network import Vggish
from modeling.bundle import Bundle, code_files, load_predictor
from modeling.errors import BundleError
from tests.support.tiny_models import TINY, tiny_embedder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_embedder(tmp_path / "bundle")
    return tmp_path / "bundle"


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "bundle.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_what_was_written_is_read(folder: Path) -> None:
    bundle = Bundle.read(folder)
    assert bundle.spec == {"width": 2, "head": "pooled", "embedding_size": 16, "segments": 3, "pca": False}
    assert set(bundle.files) == {"weights.safetensors", "golden.json"}
    assert bundle.made_from == {"seed": 0}
    assert bundle.tensors().keys() == Vggish(TINY).state_dict().keys()


def test_identity_is_what_decides_the_answers(tmp_path: Path) -> None:
    identity = tiny_embedder(tmp_path / "a", seed=1).identity
    again = tiny_embedder(tmp_path / "b", seed=1)
    assert again.identity == identity
    assert tiny_embedder(tmp_path / "c", seed=2).identity != identity
    edit(again.folder, lambda content: content.update(made_from={"seed": 1, "commit": "another"}))
    assert Bundle.read(again.folder).identity == identity, "two trainings that end in the same bytes are one version"
    edit(again.folder, lambda content: content["spec"].update(segments=4))
    assert Bundle.read(again.folder).identity != identity


def test_the_golden_answer_is_what_the_predictor_answers(folder: Path) -> None:
    golden = Bundle.read(folder).json("golden.json")
    predictor = load_predictor(folder)
    [answer] = predictor.predict([predictor.golden_request()])
    assert isinstance(answer, bytes)
    given = json.loads(answer)
    assert given.pop("bundle") == Bundle.read(folder).identity[:12]
    assert given == golden["answer"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content.update(extra=1), "exactly the keys"),
        (lambda content: content.pop("made_from"), "exactly the keys"),
        (lambda content: content.update(format=2), "format"),
        (lambda content: content.update(model="other"), "unknown model"),
        (lambda content: content.update(spec=[]), "must be objects"),
        (lambda content: content["files"].pop("golden.json"), "golden"),
        (lambda content: content["files"].update({"gone.json": "0" * 64}), "missing"),
        (lambda content: content["files"].update({"../bundle.json": "0" * 64}), "may not be"),
        (lambda content: content["files"].update({"golden.json": "0" * 64}), "not the file"),
        (lambda content: content.update(code_sha256="0" * 64), "other code"),
        (lambda content: content["spec"].update(colour="red"), "unknown fields"),
        (lambda content: content["spec"].pop("width"), "missing fields"),
        (lambda content: content["spec"].update(width="2"), "width"),
        (lambda content: content["spec"].update(width=True), "width"),
        (lambda content: content["spec"].update(head="round"), "head"),
        (lambda content: content["spec"].update(width=3), "do not fit"),
        (lambda content: content["spec"].update(head="dense"), "do not fit"),
        (lambda content: content["spec"].update(embedding_size=8), "do not fit"),
    ],
)
def test_what_does_not_belong_does_not_load(folder: Path, change: Any, reason: str) -> None:
    edit(folder, change)
    with pytest.raises(BundleError, match=reason):
        load_predictor(folder)


def test_one_altered_byte_does_not_load(folder: Path) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match="not the file that was sealed"):
        Bundle.read(folder)


def test_not_json_and_nothing_at_all(folder: Path, tmp_path: Path) -> None:
    (folder / "bundle.json").write_text("{")
    for place in (folder, tmp_path / "nowhere"):
        with pytest.raises(BundleError, match="no readable"):
            Bundle.read(place)


def test_a_pickle_cannot_be_in_a_bundle(tmp_path: Path) -> None:
    for name in ("weights.pt", "model.pkl", "sub/x.json", "bundle.json"):
        with pytest.raises(BundleError, match="may not be in a bundle"):
            Bundle.write(tmp_path / name.replace("/", "-"), model="audio_embedder", spec={}, files={name: b""})


def test_a_folder_is_written_once(folder: Path) -> None:
    with pytest.raises(BundleError, match="not empty"):
        tiny_embedder(folder)


def test_weights_that_answer_nothing_are_not_sealed(tmp_path: Path) -> None:
    broken = {name: torch.full_like(tensor, torch.nan) for name, tensor in Vggish(TINY).state_dict().items()}
    spec = {"width": 2, "head": "pooled", "embedding_size": 16, "segments": 3, "pca": False}
    with pytest.raises(ValueError, match="not JSON compliant"):
        Bundle.write(tmp_path / "bundle", model="audio_embedder", spec=spec, tensors=broken)
    assert not (tmp_path / "bundle" / "bundle.json").exists()


def test_the_code_of_one_model_is_not_the_code_of_another() -> None:
    names = {path.as_posix() for path in code_files("audio_embedder")}
    assert {"modeling/bundle.py", "modeling/wire.py", "modeling/audio_embedder/features.py"} <= names
    assert not any("habit" in name or "recommender" in name for name in names)
