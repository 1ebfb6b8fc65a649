"""One batch from prompts to answers: read the prompts, then draw token by token.

The answers to a prompt share its part of the key-value cache: they are queries of one row, and a mask
lets each see the prompt and its own tokens.  Reading the cache is what takes the time, so five answers
cost little more than one.  Models whose cache is of another kind (sliding windows) get a row an answer.

A token is drawn by inverting the cumulative distribution at a number that the caller gives, so that an
answer does not depend on what else is in the batch, but for the rounding of other shapes of matrices.

Shapes: P prompts, A answers, R rows of the cache, W answers in a row, K tokens in a row's cache, V tokens of
the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codeedit.models.kv_cache import can_reserve, reserve

_SHRINK = 0.8  # ended rows leave when so many are left: shrinking copies the cache
_DEAD = -1  # a place in a row that no answer has


@dataclass(frozen=True, slots=True)
class Drawing:
    """How tokens are drawn."""

    temperature: float = 1.0  # 0: always the likeliest token
    top_p: float = 1.0
    top_k: int = 0  # 0 or less: all


@dataclass(slots=True)
class Answer:
    """One answer's tokens."""

    ids: list[int]
    log_probs: list[
        float
    ]  # of each, natural, at the drawing's temperature (1 where that is 0), of all V tokens
    ended: bool = False  # the last is a stop token; else the answer was cut at its limit

    @property
    def content(self) -> list[int]:
        """The tokens without the one that ended it."""
        return self.ids[:-1] if self.ended else self.ids


def decode(
    model: Any,  # noqa: ANN401 - a transformers model
    prompts: Sequence[Sequence[int]],
    asked: Sequence[int],
    draws: NDArray[np.float64],
    stops: frozenset[int],
    drawing: Drawing,
) -> Iterator[tuple[int, Answer]]:
    """Yield each answer as soon as it has ended, with its place in ``asked``.

    Args:
        model: a causal language model.
        prompts: token ids of the P prompts.
        asked: which prompt each answer is to, (A,).
        draws: numbers in [0, 1), one a token; an answer has as many tokens at most, (A, tokens).
        stops: token ids that end an answer.
        drawing: temperature, top_p, top_k.
    """
    import torch

    device = model.device
    ids, seen = _padded(prompts, device)  # (P, K)
    positions = (seen.cumsum(-1) - 1).clamp(min=0)
    output = _forward(model, ids, seen, positions, None)
    past = output.past_key_values
    shared = can_reserve(past)
    limit = draws.shape[1]
    sources, layout = _layout(len(prompts), asked, shared=shared)  # (R,), (R, W)
    spread = torch.tensor(sources, device=device)
    width = layout.shape[1]
    reserve(past, spread, limit * width)
    logits = output.logits[spread, -1:].expand(-1, width, -1)  # (R, W, V)
    position = positions[spread, -1:].expand(-1, width)  # (R, W)
    masks = _Masks(seen[spread], width, limit, model.dtype, shared=shared)
    answers = [Answer([], []) for _ in asked]
    live = set(range(len(asked)))
    for step in range(limit):
        token, log_probs = _choose(logits, draws[layout, step], drawing)  # (R, W)
        chosen = zip(
            layout.ravel().tolist(), token.flatten().tolist(), log_probs.flatten().tolist(), strict=True
        )
        for at, value, log_prob in chosen:
            if at in live:
                answer = answers[at]
                answer.ids.append(value)
                answer.log_probs.append(log_prob)
                if value in stops:
                    answer.ended = True
                    live.remove(at)
                    yield at, answer
        if not live or step + 1 == limit:
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
        yield at, answers[at]


def _layout(prompts: int, asked: Sequence[int], *, shared: bool) -> tuple[list[int], NDArray[np.int64]]:
    """Return the prompt of each cache row (R,), and the answers in it (R, W), filled up with -1."""
    if not shared:
        return list(asked), np.arange(len(asked))[:, None]
    members: list[list[int]] = [[] for _ in range(prompts)]
    for at, prompt in enumerate(asked):
        members[prompt].append(at)
    width = max(map(len, members))
    filled = [places + [_DEAD] * (width - len(places)) for places in members]
    return list(range(prompts)), np.array(filled)


class _Masks:
    """What each query may see.

    Args:
        seen: the prompts' attention mask (R, K), 1 where there is a token.
        width: W.
        steps: the most tokens of an answer.
        dtype: the model's.
        shared: whether the answers to a prompt share a row.
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
        """Return the mask once each answer has ``step`` tokens."""
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


def _choose(logits: Any, draw: NDArray[np.float64], drawing: Drawing) -> tuple[Any, Any]:  # noqa: ANN401
    """Return tokens and their log-probs, both (R, W), by logits (R, W, V).

    A token is the first whose cumulative share exceeds the draw (R, W).
    """
    import torch

    scores = (logits.double() / (drawing.temperature or 1.0)).log_softmax(-1)
    if drawing.temperature == 0:
        token = scores.argmax(-1)
    else:
        cumulative = _allowed(scores.exp(), drawing).cumsum(-1)
        aim = torch.from_numpy(draw).to(cumulative.device)[..., None] * cumulative[..., -1:]
        token = torch.searchsorted(cumulative, aim, right=True)[..., 0].clamp(max=logits.shape[-1] - 1)
    return token, scores.gather(-1, token[..., None])[..., 0]


def _allowed(shares: Any, drawing: Drawing) -> Any:  # noqa: ANN401 - torch's
    """Return the tokens' shares (R, W, V), 0 for those that top_p and top_k leave out."""
    import torch

    if drawing.top_p >= 1 and drawing.top_k <= 0:
        return shares
    ordered, order = shares.sort(dim=-1, descending=True)
    if drawing.top_p < 1:
        ordered[ordered.cumsum(-1) - ordered >= drawing.top_p] = 0
    if drawing.top_k > 0:
        ordered[..., drawing.top_k :] = 0
    return torch.zeros_like(shares).scatter(-1, order, ordered)
