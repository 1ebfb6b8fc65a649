"""The key-value cache that rollouts on a CPU begin with: a group's shared prompt is computed once."""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import DynamicCache

from codeedit.models.kv_cache import reserve


def prefilled(model: Any, input_ids: torch.Tensor, mask: torch.Tensor, room: int) -> DynamicCache | None:  # noqa: ANN401
    """Return the cache of all prompt tokens but the last, for ``generate`` to go on from.

    Args:
        model: a causal language model of transformers.
        input_ids: left-padded prompts, equal ones side by side, (B, P).
        mask: 1 where there is a token, (B, P).
        room: most tokens of an answer.

    Returns:
        None where there is nothing to compute beforehand.
    """
    if input_ids.shape[1] < 2:
        return None
    distinct, counts = torch.unique_consecutive(input_ids, dim=0, return_counts=True)  # (D, P), (D,)
    mask = mask[counts.cumsum(0) - counts]  # (D, P)
    cache = DynamicCache(config=model.config)
    model.base_model(
        input_ids=distinct[:, :-1],
        attention_mask=mask[:, :-1],
        position_ids=(mask.cumsum(-1) - 1).clamp(min=0)[:, :-1],
        past_key_values=cache,
        use_cache=True,
    )
    rows = torch.repeat_interleave(torch.arange(len(counts)), counts)  # (B,)
    reserve(cache, rows, room + 1)
    return cache
