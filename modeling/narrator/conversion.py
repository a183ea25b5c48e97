"""From a published `.gguf` file to a bundle, once: serving then needs neither the file nor half a minute to read it."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM
from transformers.utils import logging as transformers_logging

from modeling.bundle import Bundle, file_sha256
from modeling.errors import BundleError
from modeling.narrator.network import weights_of
from modeling.narrator.predictor import TOKENIZER
from modeling.narrator.prompt import END
from modeling.narrator.spec import NarratorSpec

MAX_FACTS = 12
MAX_FACT_CHARACTERS = 400
MAX_NEW_TOKENS = 48


def bundle_from_gguf(gguf: Path, out: Path) -> Bundle:
    """Writes the narrator's bundle to the absent or empty folder `out`.

    `gguf` is a Llama-architecture instruction model whose chat mark-up is ChatML, such as SmolLM2-135M-Instruct; its
    quantised weights are kept as fp16. Raises BundleError when it is something else.
    """
    if not gguf.is_file():
        raise BundleError(f"{gguf} does not exist")
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    network = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    if not isinstance(network, LlamaForCausalLM):
        raise BundleError(f"{gguf} holds a {type(network).__name__}, not a Llama network")
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).backend_tokenizer
    end_token_id = tokenizer.token_to_id(END)
    if end_token_id is None:
        raise BundleError(f"{gguf} does not know the mark-up {END}")
    config: Any = network.config
    spec = NarratorSpec(
        source=gguf.stem,
        vocab_size=config.vocab_size,
        hidden_size=config.hidden_size,
        intermediate_size=config.intermediate_size,
        num_hidden_layers=config.num_hidden_layers,
        num_attention_heads=config.num_attention_heads,
        num_key_value_heads=config.num_key_value_heads,
        head_dim=config.head_dim,
        max_position_embeddings=config.max_position_embeddings,
        rms_norm_eps=config.rms_norm_eps,
        rope_theta=config.rope_parameters["rope_theta"],
        tie_word_embeddings=config.tie_word_embeddings,
        end_token_id=end_token_id,
        max_facts=MAX_FACTS,
        max_fact_characters=MAX_FACT_CHARACTERS,
        max_new_tokens=MAX_NEW_TOKENS,
    )
    return Bundle.write(
        out,
        model="narrator",
        spec=vars(spec),
        tensors=weights_of(network),
        files={TOKENIZER: tokenizer.to_str().encode()},
        made_from={"gguf": gguf.name, "sha256": file_sha256(gguf)},
    )
