"""A Llama network with the sizes of a spec. Nothing is looked up on any hub: configuration and weights are given."""

from collections.abc import Mapping

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from modeling.errors import BundleError
from modeling.narrator.spec import NarratorSpec

HEAD = "lm_head.weight"
EMBEDDING = "model.embed_tokens.weight"


def empty_network(spec: NarratorSpec) -> LlamaForCausalLM:
    """The network in fp32 with random weights, in evaluation mode."""
    config = LlamaConfig(
        vocab_size=spec.vocab_size,
        hidden_size=spec.hidden_size,
        intermediate_size=spec.intermediate_size,
        num_hidden_layers=spec.num_hidden_layers,
        num_attention_heads=spec.num_attention_heads,
        num_key_value_heads=spec.num_key_value_heads,
        head_dim=spec.head_dim,
        max_position_embeddings=spec.max_position_embeddings,
        rms_norm_eps=spec.rms_norm_eps,
        rope_parameters={"rope_type": "default", "rope_theta": spec.rope_theta},
        tie_word_embeddings=spec.tie_word_embeddings,
        bos_token_id=None,
        eos_token_id=spec.end_token_id,
        pad_token_id=spec.end_token_id,
    )
    network = LlamaForCausalLM(config)
    network.train(False)
    return network


def load_weights(network: LlamaForCausalLM, tensors: Mapping[str, Tensor]) -> None:
    """Puts half-precision weights into the network, every name and shape exactly; BundleError when they do not fit.

    Where input and output embeddings are one matrix, only the input's is kept in the bundle.
    """
    weights = {name: tensor.to(torch.float32) for name, tensor in tensors.items()}
    if network.config.tie_word_embeddings and EMBEDDING in weights:
        weights[HEAD] = weights[EMBEDDING]
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise BundleError(f"the weights do not fit the spec: {error}") from error


def weights_of(network: LlamaForCausalLM) -> dict[str, Tensor]:
    """What `load_weights` takes: fp16, tied embeddings once."""
    tied = {HEAD} if network.config.tie_word_embeddings else set()
    return {name: tensor.to(torch.float16) for name, tensor in network.state_dict().items() if name not in tied}
