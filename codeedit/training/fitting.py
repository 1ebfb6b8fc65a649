"""The settings with which a model fits GPUs: of all that would, those that cost the least time.

What a step costs, the cheapest first: state that leaves the card for rollouts, smaller micro-batches,
frozen weights in bf16 (LoRA only; verl then keeps the adapter in bf16 too, which rounds small updates), and
at last a trainer whose state stays in main memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codeedit.models import Sizes
from codeedit.training.memory import Load, estimate
from codeedit.training.settings import Setting, ours

_ENOUGH = 32  # sequences at one time, with which vLLM is well used
_BUSY = 8  # with fewer, a more saving choice is better
_SHARES = tuple(share / 100 for share in range(50, 95, 5))
_SERVED = 0.6  # of a card, at most, for the weights that vLLM serves


def fitting(sizes: Sizes, load: Load, memory: int) -> Load:
    """Return the first of the possible settings that fits; where none does, the most saving one.

    Args:
        sizes: of the model.
        load: what is asked for; its micro-batch is the largest to try.
        memory: bytes of one GPU.
    """
    load = replace(load, tensor_parallel=_tensor_parallel(sizes, load, memory)) if load.rollout else load
    choices = [_with_share(sizes, choice, memory) for choice in _choices(load)]
    fits = [choice for choice in choices if estimate(sizes, choice, memory).fits]
    busy = [choice for choice in fits if (estimate(sizes, choice, memory).sequences or _BUSY) >= _BUSY]
    return (busy or fits or choices[-1:])[0]


def _choices(load: Load) -> Iterator[Load]:
    halves = [load.tokens]
    while halves[-1] // 2 >= load.sequence:
        halves.append(halves[-1] // 2)
    offload = {"param_offload": True, "optimizer_offload": True} if load.rollout else {}
    yield load
    for tokens in halves:
        yield replace(load, tokens=tokens, **offload)
    fewest = replace(load, tokens=halves[-1])
    if load.lora:
        yield replace(fewest, element=2, **offload)
        yield replace(fewest, element=2, offload_policy=True)
    else:
        yield replace(fewest, offload_policy=True)


def _with_share(sizes: Sizes, load: Load, memory: int) -> Load:
    """Give vLLM as much of the card as it can use well, where the rest leaves that much."""
    if not load.rollout:
        return load
    fits = [share for share in _SHARES if _rollout_fits(sizes, replace(load, rollout=share), memory)]
    for share in fits:
        found = estimate(sizes, replace(load, rollout=share), memory).sequences
        if found is not None and found >= _ENOUGH:
            return replace(load, rollout=share)
    return replace(load, rollout=fits[-1] if fits else _SHARES[0])


def _rollout_fits(sizes: Sizes, load: Load, memory: int) -> bool:
    found = estimate(sizes, load, memory)
    return next(phase for phase in found.phases if phase.name == "rollout").total <= 0.95 * memory


def _tensor_parallel(sizes: Sizes, load: Load, memory: int) -> int:
    """Return over how many GPUs vLLM spreads the weights: as few as hold them."""
    parts = 1
    while 2 * sizes.parameters / parts > _SERVED * memory and 2 * parts <= min(load.workers, sizes.kv_heads):
        parts *= 2
    return parts


def engine_settings(key: str, load: Load) -> list[Setting]:
    """Return how FSDP2 keeps a trained model.

    Args:
        key: of the engine in verl's configuration.
        load: what fits.
    """
    return [
        ours(f"{key}.model_dtype", "bf16" if load.element == 2 else "fp32"),
        ours(f"{key}.param_offload", load.param_offload),
        ours(f"{key}.optimizer_offload", load.optimizer_offload),
        ours(f"{key}.offload_policy", load.offload_policy),
    ]
