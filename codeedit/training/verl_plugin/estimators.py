"""codeedit's estimators under their names in verl; verl's own ``grpo`` stays verl's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from codeedit.training.advantages import ESTIMATORS, Estimator

_VERLS_OWN = ("grpo",)


def register_estimators() -> None:
    """Register every estimator that verl does not have."""
    from verl.trainer.ppo.core_algos import register_adv_est

    for name, estimator in ESTIMATORS.items():
        if name not in _VERLS_OWN:
            register_adv_est(name)(_verl_function(estimator))


def _verl_function(estimator: type[Estimator]) -> Callable[..., tuple[torch.Tensor, torch.Tensor]]:
    """Return a function of verl's signature around an estimator."""

    def compute(
        token_level_rewards: torch.Tensor,  # (rows, response)
        response_mask: torch.Tensor,  # (rows, response)
        index: Sequence[Any] | NDArray[Any],  # (rows,): the group of each row
        config: Mapping[str, Any] | None = None,  # verl's `algorithm` node
        **_: Any,  # noqa: ANN401 - whatever else verl passes
    ) -> tuple[torch.Tensor, torch.Tensor]:
        given = token_level_rewards.detach()
        dtype = given.dtype if given.dtype.is_floating_point else torch.float32
        exact = torch.promote_types(dtype, torch.float32)  # numpy has no bfloat16
        rewards = given.sum(dim=-1, dtype=exact).cpu().numpy()
        by_row = grouped(configured(estimator, config), rewards, index, torch.finfo(dtype).eps)
        scalars = torch.from_numpy(by_row).to(device=response_mask.device, dtype=dtype)
        advantages = scalars.unsqueeze(-1) * response_mask
        return advantages, advantages

    return compute


def configured(estimator: type[Estimator], config: Mapping[str, Any] | None) -> Estimator:
    """Build an estimator from the settings that bear its fields' names."""
    if config is None:
        return estimator()
    unset = object()
    given = {field.name: config.get(field.name, unset) for field in dataclasses.fields(estimator)}
    return estimator(**{name: value for name, value in given.items() if value is not unset})


def grouped(
    estimator: Estimator,
    rewards: NDArray[np.floating[Any]],
    index: Sequence[Any] | NDArray[Any],
    precision: float | None = None,
) -> NDArray[np.float64]:
    """Apply an estimator to rows of any order and to groups of any sizes.

    Args:
        estimator: what to apply; it sees each group in the order of its rows.
        rewards: one per row, (rows,).
        index: the group of each row; anything hashable.
        precision: relative spacing of the floats that the rewards came in; None: that of the array.

    Returns:
        One advantage per row, (rows,).
    """
    numbers: dict[Any, int] = {}
    group = np.fromiter(
        (numbers.setdefault(key, len(numbers)) for key in _keys(index)), np.intp, len(rewards)
    )
    size = np.bincount(group, minlength=len(numbers))
    rows = np.argsort(group, kind="stable")  # group after group
    start = np.concatenate([[0], np.cumsum(size)[:-1]]) if numbers else np.empty(0, np.intp)
    result = np.zeros(len(rewards))
    for length in np.unique(size):
        members = rows[start[size == length][:, None] + np.arange(length)]  # (groups, length)
        result[members] = estimator(rewards[members], precision)
    return result


def _keys(index: Sequence[Any] | NDArray[Any]) -> Sequence[Any]:
    return index.tolist() if isinstance(index, np.ndarray | torch.Tensor) else index
