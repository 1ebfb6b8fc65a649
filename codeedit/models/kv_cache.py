"""A key-value cache with room for the whole answer, for decoding on a CPU.

transformers' own grows by copying itself for each token, which takes more than half of a small model's
time on the CPU.  Layers of other kinds (sliding windows, recurrent states) are left as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def can_reserve(past: Any) -> bool:  # noqa: ANN401 - transformers' Cache
    """Tell whether each layer keeps keys and values of all tokens."""
    from transformers.cache_utils import DynamicLayer

    return all(type(layer) is DynamicLayer for layer in past.layers)


def reserve(past: Any, rows: Any, room: int) -> None:  # noqa: ANN401 - transformers' Cache, torch's tensor
    """Choose rows of a cache, and give each layer room for more tokens.

    Args:
        past: the cache after the prompts were read; changed in place.
        rows: for each row of the new cache (S,), the row of the old one.
        room: tokens to come.
    """
    from transformers.cache_utils import DynamicLayer

    for number, layer in enumerate(past.layers):
        if type(layer) is DynamicLayer:
            past.layers[number] = _layer_class()(layer, rows, room)
        else:
            layer.batch_select_indices(rows)


@cache
def _layer_class() -> Any:  # noqa: ANN401 - a class of transformers' is its base, imported when needed
    from transformers.cache_utils import DynamicLayer

    class ReservedLayer(DynamicLayer):  # type: ignore[misc, unused-ignore]
        """Keys and values (rows, heads, tokens, head size) are views of larger tensors."""

        def __init__(self, layer: Any, rows: Any, room: int) -> None:  # noqa: ANN401
            super().__init__()
            self.dtype, self.device, self.is_initialized = layer.dtype, layer.device, True
            self.room = room
            self.keys, self.key_store = _with_room(layer.keys[rows], room)
            self.values, self.value_store = _with_room(layer.values[rows], room)

        def update(self, key_states: Any, value_states: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002
            start = self.keys.shape[-2]
            end = start + key_states.shape[-2]
            self.key_store[:, :, start:end] = key_states
            self.value_store[:, :, start:end] = value_states
            self.keys, self.values = self.key_store[:, :, :end], self.value_store[:, :, :end]
            return self.keys, self.values

        def batch_select_indices(self, indices: Any) -> None:  # noqa: ANN401
            left = self.key_store.shape[-2] - self.keys.shape[-2]
            self.keys, self.key_store = _with_room(self.keys[indices], left)
            self.values, self.value_store = _with_room(self.values[indices], left)

    return ReservedLayer


def _with_room(states: Any, room: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the states as a view of a tensor with room for more tokens, and that tensor."""
    rows, heads, tokens, size = states.shape
    store = states.new_empty(rows, heads, tokens + room, size)
    store[:, :, :tokens] = states
    return store[:, :, :tokens], store
