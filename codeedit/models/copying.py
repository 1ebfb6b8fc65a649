"""Attention that can copy from the first step on: the two layers with which ``tiny`` begins.

An induction head repeats what once followed the current token: a head of one layer brings to each token the
one before it, a head of the next looks for places whose token before is the current one, and copies from
there (Olsson et al., arXiv 2209.11895).  Every transformer learns this before it learns much else, and a
small one spends thousands of examples on it.  An edit is mostly copying, so here the first two layers'
attention is set to it, and all else stays random.

Rotary positions turn pairs of dimensions: fast ones tell the token before from others, slow ones hardly move
over a prompt and serve to compare contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FAST_PAIRS = 6  # of a head's rotary pairs, those that find the token before
_SHARPNESS = 5.0  # of the search for the token before
_MATCH = 2.0  # weight of the comparison of contents
_CALM = 0.1  # what is left of the random weights that add to a token's vector
_QUIET = 0.01  # ... of the two layers' attention


def can_copy(weights: Mapping[str, NDArray[np.float32]], *, heads: int, theta: float, scale: float) -> None:
    """Set the first two layers' attention to copying, in place.

    The first half of a token's vector is its own content, the second half that of the token before.

    Args:
        weights: of a Qwen2 model, by their names: square attention matrices, random.
        heads: of each layer.
        theta: base of the rotary positions.
        scale: standard deviation of the embedding.
    """
    embedding = weights["model.embed_tokens.weight"]
    hidden = embedding.shape[1]
    half, size = hidden // 2, hidden // heads
    part, pairs = half // heads, size // 2
    embedding[:, half:] *= np.float32(_CALM)
    for name, matrix in weights.items():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            set_here = name.startswith(("model.layers.0.self_attn", "model.layers.1.self_attn"))
            np.multiply(matrix, np.float32(_QUIET if set_here else _CALM), out=matrix)
    before, match = (_attention(weights, layer) for layer in (0, 1))
    turn = theta ** (-np.arange(_FAST_PAIRS) / pairs)  # radians a position
    slow = [*range(pairs - part // 2, pairs), *range(size - part // 2, size)]
    for head in range(heads):
        first, own = head * size, range(head * part, (head + 1) * part)
        fast = first + np.arange(_FAST_PAIRS)
        before["k.bias"][fast] = _SHARPNESS
        before["q.bias"][fast] = _SHARPNESS * np.cos(turn)
        before["q.bias"][fast + pairs] = -_SHARPNESS * np.sin(turn)
        for step, column in enumerate(own):
            row = first + step
            before["v.weight"][row, column] += 1.0
            before["o.weight"][half + column, row] += scale
            match["q.weight"][first + slow[step], column] += _MATCH
            match["k.weight"][first + slow[step], half + column] += _MATCH
            match["v.weight"][row, column] += 1.0
            match["o.weight"][column, row] += scale


def _attention(weights: Mapping[str, NDArray[np.float32]], layer: int) -> dict[str, NDArray[np.float32]]:
    start = f"model.layers.{layer}.self_attn."
    return {
        name.removeprefix(start).replace("_proj", ""): matrix
        for name, matrix in weights.items()
        if name.startswith(start)
    }
