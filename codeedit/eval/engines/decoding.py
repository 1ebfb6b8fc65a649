"""One batch from prompts to answers: read the prompts, then draw token by token.

The trials of a prompt share its part of the key-value cache: they are queries of one row, and a mask
lets each see the prompt and its own tokens.  Reading the cache is what takes the time, so five trials
cost little more than one.  Models whose cache is of another kind (sliding windows) get a row a trial.

Shapes: P prompts, R rows of the cache, W trials in a row, K tokens in a row's cache, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codeedit.eval.engines.base import Pair, Sampling, trial_seed
from codeedit.models.kv_cache import can_reserve, reserve

_SHRINK = 0.8  # ended rows leave when so many are left: shrinking copies the cache
_DEAD = -1  # a place in a row that no trial has


@dataclass(frozen=True, slots=True)
class Tokens:
    """One answer's tokens, without the one that ended it."""

    ids: list[int]
    truncated: bool


def decode(
    model: Any,  # noqa: ANN401 - a transformers model
    prompts: Sequence[Sequence[int]],
    rows: Sequence[int],
    pairs: Sequence[Pair],
    stops: frozenset[int],
    sampling: Sampling,
) -> Iterator[tuple[Pair, Tokens]]:
    """Yield each pair's answer as soon as it has ended.

    Args:
        model: a causal language model.
        prompts: token ids of the P prompts.
        rows: the set's row of each prompt.
        pairs: the pairs of row and trial that are wanted.
        stops: token ids that end an answer.
        sampling: temperature, top_p and the most tokens of an answer.
    """
    import torch

    device = model.device
    ids, seen = _padded(prompts, device)  # (P, K)
    positions = (seen.cumsum(-1) - 1).clamp(min=0)
    output = _forward(model, ids, seen, positions, None)
    past = output.past_key_values
    shared = can_reserve(past)
    sources, layout = _layout(rows, pairs, shared=shared)  # (R,), (R, W)
    spread = torch.tensor(sources, device=device)
    width = layout.shape[1]
    reserve(past, spread, sampling.max_tokens * width)
    logits = output.logits[spread, -1:].expand(-1, width, -1)  # (R, W, V)
    position = positions[spread, -1:].expand(-1, width)  # (R, W)
    masks = _Masks(seen[spread], width, sampling.max_tokens, model.dtype, shared=shared)
    draws = _draws(pairs, sampling.max_tokens)  # (pairs, max_tokens)
    chosen: list[list[int]] = [[] for _ in pairs]
    live = set(range(len(pairs)))
    for step in range(sampling.max_tokens):
        token = _choose(logits, draws[layout, step], sampling)  # (R, W)
        for at, value in zip(layout.ravel().tolist(), token.flatten().tolist(), strict=True):
            if at in live and value in stops:
                live.remove(at)
                yield pairs[at], Tokens(chosen[at], truncated=False)
            elif at in live:
                chosen[at].append(value)
        if not live or step + 1 == sampling.max_tokens:
            break
        keep = [row for row, places in enumerate(layout) if not live.isdisjoint(places.tolist())]
        if len(keep) <= _SHRINK * len(layout):
            layout, index = layout[keep], torch.tensor(keep, device=device)
            past.batch_select_indices(index)
            masks.select(index)
            token, position = token[index], position[index]
        position = position + 1
        logits = _forward(model, token, masks.at(step + 1), position, past).logits
    for at in sorted(live):
        yield pairs[at], Tokens(chosen[at], truncated=True)


def _layout(
    rows: Sequence[int], pairs: Sequence[Pair], *, shared: bool
) -> tuple[list[int], NDArray[np.int64]]:
    """Return the prompt of each cache row (R,), and the pairs in it (R, W), filled up with -1."""
    place = {row: at for at, row in enumerate(rows)}
    if not shared:
        return [place[row] for row, _ in pairs], np.arange(len(pairs))[:, None]
    members: list[list[int]] = [[] for _ in rows]
    for at, (row, _) in enumerate(pairs):
        members[place[row]].append(at)
    width = max(map(len, members))
    filled = [places + [_DEAD] * (width - len(places)) for places in members]
    return list(range(len(rows))), np.array(filled)


class _Masks:
    """What each query may see.

    Args:
        seen: the prompts' attention mask (R, K), 1 where there is a token.
        width: W.
        steps: the most tokens of an answer.
        dtype: the model's.
        shared: whether the trials of a prompt share a row.
    """

    def __init__(self, seen: Any, width: int, steps: int, dtype: Any, *, shared: bool) -> None:  # noqa: ANN401
        import torch

        self.prompt, self.width, self.shared = seen.shape[1], width, shared
        if not shared:  # (R, K + steps), as transformers takes it
            self.mask = torch.cat([seen, seen.new_ones(len(seen), steps)], dim=-1)
            return
        hidden = torch.finfo(dtype).min
        own = torch.full((width, width), hidden, dtype=dtype, device=seen.device).fill_diagonal_(0)
        prompt = (1 - seen).to(dtype)[:, None, None, :] * hidden
        # (R, 1, W, K + steps * W): added to the attention's scores
        self.mask = torch.cat(
            [prompt.expand(-1, 1, width, -1), own.repeat(1, steps).expand(len(seen), 1, -1, -1)], dim=-1
        )

    def at(self, step: int) -> Any:  # noqa: ANN401
        """Return the mask once each trial has ``step`` tokens."""
        return self.mask[..., : self.prompt + step * self.width]

    def select(self, index: Any) -> None:  # noqa: ANN401
        """Keep these rows."""
        self.mask = self.mask[index]


def _forward(model: Any, ids: Any, mask: Any, positions: Any, past: Any) -> Any:  # noqa: ANN401
    """Read new tokens (R, W); of a prompt only the last token's logits are kept."""
    import torch

    with torch.no_grad():
        return model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=past,
            use_cache=True,
            logits_to_keep=1 if past is None else 0,
        )


def _padded(prompts: Sequence[Sequence[int]], device: Any) -> tuple[Any, Any]:  # noqa: ANN401 - torch's
    """Return token ids and attention mask, both (P, longest), padded on the left."""
    import torch

    width = max(map(len, prompts))
    ids = [[0] * (width - len(prompt)) + list(prompt) for prompt in prompts]
    mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _draws(pairs: Sequence[Pair], count: int) -> NDArray[np.float64]:
    """Return uniform numbers (pairs, count): a stream per trial's seed and row."""
    return np.stack([np.random.default_rng([trial_seed(trial), row]).random(count) for row, trial in pairs])


def _choose(logits: Any, draw: NDArray[np.float64], sampling: Sampling) -> Any:  # noqa: ANN401
    """Return tokens (R, W) by logits (R, W, V): the first whose cumulative share exceeds the draw (R, W)."""
    import torch

    if sampling.temperature == 0:
        return logits.argmax(-1)
    shares = torch.softmax(logits.double() / sampling.temperature, dim=-1)
    if sampling.top_p < 1:
        ordered, order = shares.sort(dim=-1, descending=True)
        ordered[ordered.cumsum(-1) - ordered >= sampling.top_p] = 0
        shares = torch.zeros_like(shares).scatter(-1, order, ordered)
    cumulative = shares.cumsum(-1)
    aim = torch.from_numpy(draw).to(cumulative.device)[..., None] * cumulative[..., -1:]
    return torch.searchsorted(cumulative, aim, right=True)[..., 0].clamp(max=logits.shape[-1] - 1)
