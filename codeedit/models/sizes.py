"""A decoder's sizes, and what follows from them: its parameters, its KV cache, its LoRA matrices.

Dense models of the Llama kind (Llama, Mistral, Qwen2, Qwen3): attention with grouped keys and values, a
gated MLP of three matrices, two norms a layer and one at the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.models.hub import hub_answers, is_cached

_SECONDS = 5.0  # to wait for the hub


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes by the names of config.json."""

    layers: int
    hidden: int
    intermediate: int  # of the MLP
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int  # rows of the embedding
    context: int  # tokens: max_position_embeddings
    tied: bool  # whether the output layer is the embedding
    attention_bias: bool = False  # of queries, keys and values, as in Qwen2
    head_norms: bool = False  # a norm of queries and one of keys, as in Qwen3

    @property
    def _attention(self) -> tuple[int, int]:
        return self.heads * self.head_dim, self.kv_heads * self.head_dim

    @property
    def matrices(self) -> tuple[tuple[int, int], ...]:
        """The linear maps of one layer, (in, out)."""
        queries, keys = self._attention
        return (
            (self.hidden, queries),
            (self.hidden, keys),
            (self.hidden, keys),
            (queries, self.hidden),
            (self.hidden, self.intermediate),
            (self.hidden, self.intermediate),
            (self.intermediate, self.hidden),
        )

    @property
    def layer_parameters(self) -> int:
        """Parameters of one layer."""
        queries, keys = self._attention
        bias = queries + 2 * keys if self.attention_bias else 0
        norms = 2 * self.hidden + (2 * self.head_dim if self.head_norms else 0)
        return sum(rows * columns for rows, columns in self.matrices) + bias + norms

    @property
    def outer_parameters(self) -> int:
        """Parameters outside of the layers: embedding, output layer, last norm."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2) + self.hidden

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self.layers * self.layer_parameters + self.outer_parameters

    def lora_parameters(self, rank: int) -> int:
        """Return the parameters of LoRA matrices of a rank on all linear maps but the output layer."""
        return self.layers * sum(rank * (rows + columns) for rows, columns in self.matrices)

    def kv_bytes(self, tokens: int, element: int = 2) -> int:
        """Return the bytes of keys and values of so many tokens, in elements of so many bytes."""
        return 2 * self.layers * self.kv_heads * self.head_dim * element * tokens


def sizes_of(config: Mapping[str, Any]) -> Sizes | None:
    """Read a config.json; None where it is no dense model of this kind."""
    if "num_experts" in config or "num_local_experts" in config or config.get("is_encoder_decoder"):
        return None
    try:
        heads = int(config["num_attention_heads"])
        hidden = int(config["hidden_size"])
        return Sizes(
            layers=int(config["num_hidden_layers"]),
            hidden=hidden,
            intermediate=int(config["intermediate_size"]),
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or hidden // heads),
            vocabulary=int(config["vocab_size"]),
            context=int(config["max_position_embeddings"]),
            tied=bool(config.get("tie_word_embeddings", False)),
            attention_bias=config.get("model_type") == "qwen2" or bool(config.get("attention_bias")),
            head_norms=config.get("model_type") == "qwen3",
        )
    except (KeyError, TypeError, ValueError):
        return None


def read_sizes(source: str) -> Sizes | None:
    """Return the sizes of a model by its folder or hub name; None where its config.json cannot be had.

    Args:
        source: a folder, or a name on the hub, which is asked for this one file if it is not in the cache.
    """
    file = Path(source) / "config.json" if Path(source).is_dir() else _from_hub(source)
    if file is None:
        return None
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return sizes_of(config) if isinstance(config, dict) else None


def _from_hub(name: str) -> Path | None:
    from huggingface_hub import hf_hub_download

    if not is_cached(name, "config.json") and not hub_answers():
        return None
    try:
        return Path(hf_hub_download(name, "config.json", etag_timeout=_SECONDS))
    except Exception:  # noqa: BLE001 - no network, no such model: the model's loading will tell
        return None
