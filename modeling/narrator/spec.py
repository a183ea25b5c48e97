"""What decides the narrator besides its weights and its tokenizer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NarratorSpec:
    """Sizes of the Llama network (the names are those of its published configuration) and the budget of an answer."""

    source: str
    """Where the weights come from, for people: the name of the published model."""
    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    max_position_embeddings: int
    rms_norm_eps: float
    rope_theta: float
    tie_word_embeddings: bool
    end_token_id: int
    max_facts: int
    """Facts in one request. They are told side by side, so this bounds the memory of one answer."""
    max_fact_characters: int
    max_new_tokens: int
    """Tokens per sentence; with `max_facts` this bounds the time of one answer."""
