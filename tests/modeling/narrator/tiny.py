"""A narrator small enough for a test: a random Llama of 40 thousand weights over single bytes."""

from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from modeling.bundle import Bundle
from modeling.narrator.network import empty_network, weights_of
from modeling.narrator.predictor import TOKENIZER
from modeling.narrator.prompt import END, START
from modeling.narrator.spec import NarratorSpec


def byte_tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: place for place, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(START, special=True), AddedToken(END, special=True)])
    return tokenizer


def tiny_spec(tokenizer: Tokenizer) -> NarratorSpec:
    end_token_id = tokenizer.token_to_id(END)
    assert end_token_id is not None
    return NarratorSpec(
        source="a random test network",
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=4096,
        rms_norm_eps=1e-5,
        rope_theta=10_000.0,
        tie_word_embeddings=True,
        end_token_id=end_token_id,
        max_facts=3,
        max_fact_characters=80,
        max_new_tokens=6,
    )


def write_tiny_bundle(folder: Path) -> Bundle:
    tokenizer = byte_tokenizer()
    spec = tiny_spec(tokenizer)
    torch.manual_seed(7)
    return Bundle.write(
        folder,
        model="narrator",
        spec=vars(spec),
        tensors=weights_of(empty_network(spec)),
        files={TOKENIZER: tokenizer.to_str().encode()},
    )
