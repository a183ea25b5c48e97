"""A `.gguf` file as small as one can be and still be read as a Llama model with a chat tokenizer."""

from pathlib import Path

import gguf
import numpy as np
from tokenizers import pre_tokenizers

from modeling.narrator.prompt import END, START

WIDTH, LAYERS, HEADS, KV_HEADS, INNER = 32, 2, 4, 2, 48


def write_tiny_gguf(path: Path, *, specials: tuple[str, ...] = ("<|endoftext|>", START, END)) -> Path:
    """Random weights over single bytes, with the metadata that published files have."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*specials, *alphabet, "th"]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("a random test network")
    writer.add_block_count(LAYERS)
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if token in specials else normal for token in tokens])
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(len(specials) - 1)
    writer.add_pad_token_id(len(specials) - 1)
    random = np.random.default_rng(3)

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(name, random.normal(0, 0.1, shape).astype(np.float32))

    add("token_embd.weight", len(tokens), WIDTH)
    add("output_norm.weight", WIDTH)
    for block in range(LAYERS):
        add(f"blk.{block}.attn_norm.weight", WIDTH)
        add(f"blk.{block}.ffn_norm.weight", WIDTH)
        add(f"blk.{block}.attn_q.weight", WIDTH, WIDTH)
        add(f"blk.{block}.attn_k.weight", WIDTH * KV_HEADS // HEADS, WIDTH)
        add(f"blk.{block}.attn_v.weight", WIDTH * KV_HEADS // HEADS, WIDTH)
        add(f"blk.{block}.attn_output.weight", WIDTH, WIDTH)
        add(f"blk.{block}.ffn_gate.weight", INNER, WIDTH)
        add(f"blk.{block}.ffn_up.weight", INNER, WIDTH)
        add(f"blk.{block}.ffn_down.weight", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
