"""The only way anyone runs the narrator: plain facts in, one sentence per fact out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from modeling.bundle import Bundle
from modeling.errors import RequestError
from modeling.narrator.network import empty_network, load_weights
from modeling.narrator.prompt import prompt
from modeling.narrator.spec import NarratorSpec
from modeling.spec import read_spec
from modeling.wire import each_in_place, read_object, write_answer

TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class Fact:
    """One fact: a name for it, and the sentence that states it plainly."""

    key: str
    text: str


class NarratorPredictor:
    """Request: {"facts": [{"key", "text"}], "language": "en"}.

    Answer: {"sentences": [{"key", "text"}], "text": all of them in a row}. Greedy: the same facts give the same words.
    The sentences may be untrue; checking them against the facts is the asker's duty.
    """

    def __init__(self, network: LlamaForCausalLM, tokenizer: Tokenizer, spec: NarratorSpec, identity: str) -> None:
        self._network: Any = network  # transformers' own types do not let it generate
        self._tokenizer = tokenizer
        self._spec = spec
        self._identity = identity
        tokenizer.enable_padding(direction="left", pad_id=spec.end_token_id)

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """One answer per request in the same order."""
        return each_in_place(self._answer, requests)

    def golden_request(self) -> bytes:
        """One short fact: long texts may part ways between machines by rounding, this one has no time to."""
        return b'{"facts": [{"key": "tracks", "text": "You listened to 52 tracks."}], "language": "en"}'

    def _answer(self, body: bytes) -> bytes:
        facts = self._read(body)
        told = [
            {"key": fact.key, "text": sentence}
            for fact, sentence in zip(facts, self._tell(facts), strict=True)
            if sentence
        ]
        text = " ".join(sentence["text"] for sentence in told)
        return write_answer("narrator", self._identity, {"sentences": told, "text": text})

    @torch.inference_mode()
    def _tell(self, facts: Sequence[Fact]) -> list[str]:
        encoded = self._tokenizer.encode_batch([prompt(fact.text) for fact in facts], add_special_tokens=False)
        device = self._network.device
        tokens = torch.tensor([each.ids for each in encoded], device=device)  # (facts, longest prompt)
        written = self._network.generate(
            input_ids=tokens,
            attention_mask=torch.tensor([each.attention_mask for each in encoded], device=device),
            max_new_tokens=self._spec.max_new_tokens,
            do_sample=False,
            eos_token_id=self._spec.end_token_id,
            pad_token_id=self._spec.end_token_id,
        )
        texts = self._tokenizer.decode_batch(written[:, tokens.shape[1] :].tolist(), skip_special_tokens=True)
        return [_first_sentence(text) for text in texts]

    def _read(self, body: bytes) -> list[Fact]:
        request = read_object(body)
        if request.get("language", "en") != "en":
            raise RequestError(422, "The narrator writes English only.")
        rows = request.get("facts")
        if not isinstance(rows, list) or not 1 <= len(rows) <= self._spec.max_facts:
            raise RequestError(422, f"facts must be a list of 1 to {self._spec.max_facts} facts.")
        return [self._read_fact(index, row) for index, row in enumerate(rows)]

    def _read_fact(self, index: int, row: object) -> Fact:
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("key", "text")):
            raise RequestError(422, f"facts[{index}] must have a key and a text.")
        text = " ".join(row["text"].split())
        if not 1 <= len(text) <= self._spec.max_fact_characters:
            raise RequestError(422, f"facts[{index}].text must have 1 to {self._spec.max_fact_characters} characters.")
        return Fact(row["key"], text)


def _first_sentence(text: str) -> str:
    """The first line, and nothing where it was cut off before its end."""
    lines = text.strip().splitlines()
    line = lines[0].strip() if lines else ""
    return line if line.endswith((".", "!", "?")) else ""


def open_predictor(bundle: Bundle, device: torch.device) -> NarratorPredictor:
    """Build the network that the bundle's spec describes and load its weights and its tokenizer."""
    spec = read_spec(NarratorSpec, bundle.spec)
    network = empty_network(spec)
    load_weights(network, bundle.tensors())
    torch.nn.Module.to(network, device)
    tokenizer = Tokenizer.from_file(str(bundle.path(TOKENIZER)))
    return NarratorPredictor(network, tokenizer, spec, bundle.identity)
