"""Key-value caches for rollouts on a CPU: prompts computed once, and room for the answers.

A group's rollouts share their prompt, so that it is computed once and its rows are repeated; and
transformers' growing cache copies itself for each token, where this one writes into room set aside.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import DynamicCache, DynamicLayer


class RoomyLayer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values, (rows, heads, tokens, head dimension), with room for more tokens.

    Args:
        filled: the layer to begin with.
        rows: which of its rows to take, in order.
        room: most tokens to come.
    """

    def __init__(self, filled: DynamicLayer, rows: torch.Tensor, room: int) -> None:
        super().__init__()
        self.lazy_initialization(filled.keys, filled.values)
        self._all_keys = _with_room(filled.keys, rows, room)
        self._all_values = _with_room(filled.values, rows, room)
        self._show(filled.get_seq_length())

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        *_args: Any,  # noqa: ANN401
        **_kwargs: Any,  # noqa: ANN401
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write new tokens, and return all keys and values so far."""
        begin = self.get_seq_length()
        end = begin + key_states.shape[-2]
        self._all_keys[:, :, begin:end] = key_states
        self._all_values[:, :, begin:end] = value_states
        self._show(end)
        return self.keys, self.values

    def _show(self, tokens: int) -> None:
        self.keys = self._all_keys[:, :, :tokens]
        self.values = self._all_values[:, :, :tokens]


def _with_room(filled: torch.Tensor, rows: torch.Tensor, room: int) -> torch.Tensor:
    _, heads, tokens, dimension = filled.shape
    result = filled.new_empty(len(rows), heads, tokens + room, dimension)
    result[:, :, :tokens] = filled[rows]
    return result


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
    if any(type(layer) is not DynamicLayer for layer in cache.layers):  # say, a sliding window
        cache.batch_select_indices(rows)
    else:
        cache.layers = [RoomyLayer(layer, rows, room + 1) for layer in cache.layers]
    return cache
