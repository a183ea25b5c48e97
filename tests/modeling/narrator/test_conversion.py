"""From a published file to a bundle that answers as the file's own network would."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from modeling.bundle import load_predictor
from modeling.errors import BundleError
from modeling.narrator.conversion import bundle_from_gguf
from modeling.narrator.network import empty_network, load_weights
from modeling.narrator.spec import NarratorSpec
from modeling.spec import read_spec
from tests.modeling.narrator.tiny_gguf import KV_HEADS, WIDTH, write_tiny_gguf


def test_the_bundle_thinks_as_the_file_does(tmp_path: Path) -> None:
    gguf = write_tiny_gguf(tmp_path / "tiny.gguf")
    bundle = bundle_from_gguf(gguf, tmp_path / "bundle")
    spec = read_spec(NarratorSpec, bundle.spec)
    assert (spec.hidden_size, spec.num_key_value_heads, spec.source) == (WIDTH, KV_HEADS, "tiny")
    assert bundle.made_from["gguf"] == "tiny.gguf"
    ours = empty_network(spec)
    load_weights(ours, bundle.tensors())
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file=gguf.name, dtype=torch.float32)
    tokens = torch.arange(20)[None]
    with torch.inference_mode():
        torch.testing.assert_close(ours(tokens).logits, theirs(tokens).logits, atol=2e-3, rtol=1e-2)
    [answer] = load_predictor(bundle.folder).predict(
        [b'{"facts": [{"key": "a", "text": "You listened on 7 days."}], "language": "en"}']
    )
    assert isinstance(answer, bytes)


def test_a_model_without_the_chat_markup_is_refused(tmp_path: Path) -> None:
    gguf = write_tiny_gguf(tmp_path / "other.gguf", specials=("<s>", "</s>", "<unk>"))
    with pytest.raises(BundleError, match="mark-up"):
        bundle_from_gguf(gguf, tmp_path / "bundle")


def test_a_file_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="does not exist"):
        bundle_from_gguf(tmp_path / "nothing.gguf", tmp_path / "bundle")
