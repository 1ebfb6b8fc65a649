"""Muon for the matrices of the layers, AdamW for all else, as one optimizer that verl can be told of.

verl builds ``optim.optimizer`` of ``optim.optimizer_impl`` from the parameters alone.  The embedding, which
comes first, and what has its shape (an output layer of its own) are AdamW's, as are vectors.
Source: Muon, kellerjordan.github.io/posts/muon; the step is scaled to AdamW's (arXiv 2502.16982), so that one
learning rate serves both.  torch's own Muon computes in bfloat16, one matrix after the other: on a CPU two
thirds of a training step of ``tiny`` went there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.distributed.tensor import DTensor, distribute_tensor

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5
_MOMENTUM = 0.95
_RMS = 0.2  # of AdamW's steps


class MuonAdamW(torch.optim.Optimizer):
    """Both optimizers behind one interface.

    Args:
        parameters: of a causal language model, the embedding first.
        lr: learning rate of both.
        weight_decay: of both.
        betas: of AdamW.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        lr: float,
        weight_decay: float = 0.01,
        betas: tuple[float, float] = (0.9, 0.98),
    ) -> None:
        given = [parameter for parameter in parameters if parameter.requires_grad]
        embedding = next((parameter.shape for parameter in given if parameter.ndim == 2), None)
        matrices = [p for p in given if p.ndim == 2 and p.shape != embedding]
        others = [p for p in given if p.ndim != 2 or p.shape == embedding]
        self._adamw = torch.optim.AdamW(others, lr=lr, weight_decay=weight_decay, betas=(betas[0], betas[1]))
        defaults = {**self._adamw.defaults, "muon": False}
        groups: list[dict[str, Any]] = [{"params": others}]
        if matrices:
            groups.insert(0, {"params": matrices, "muon": True})
        super().__init__(groups, defaults)
        self._share()

    def _share(self) -> None:
        """Let AdamW work on this optimizer's state and group, which schedulers and checkpoints know."""
        self._adamw.param_groups = self.param_groups[-1:]
        self._adamw.state = self.state

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Let both take a step.

        Raises:
            ValueError: a closure is given.
        """
        if closure is not None:
            raise ValueError("no closure is supported")
        for group in self.param_groups:
            if group["muon"]:
                self._muon(group)
        self._adamw.step()

    def _muon(self, group: dict[str, Any]) -> None:
        by_shape: dict[torch.Size, list[nn.Parameter]] = {}
        for parameter in group["params"]:
            if parameter.grad is not None:
                by_shape.setdefault(parameter.shape, []).append(parameter)
        for shape, parameters in by_shape.items():
            wanted = torch.stack([_whole(self._with_momentum(parameter)) for parameter in parameters])
            scale = _RMS * max(shape) ** 0.5
            for parameter, step in zip(parameters, orthogonal(wanted), strict=True):
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(_like(step, parameter), alpha=-group["lr"] * scale)

    def _with_momentum(self, parameter: nn.Parameter) -> torch.Tensor:
        """Return the gradient with Nesterov momentum."""
        gradient, state = parameter.grad, self.state[parameter]
        assert gradient is not None
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum: torch.Tensor = state["momentum"]
        momentum.lerp_(gradient, 1 - _MOMENTUM)
        return gradient.lerp(momentum, _MOMENTUM)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up a checkpoint's state."""
        super().load_state_dict(state_dict)
        self._share()


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Return about the nearest orthogonal matrix of each: its singular values become nearly 1.

    Args:
        matrices: (count, rows, columns).
    """
    first, second, third = _COEFFICIENTS
    found: torch.Tensor
    wide = matrices.shape[-2] <= matrices.shape[-1]
    found = matrices if wide else matrices.mT
    found = found / (found.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(_ITERATIONS):
        square = found @ found.mT
        found = first * found + (second * square + third * square @ square) @ found
    result: torch.Tensor = found if wide else found.mT
    return result


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    whole: torch.Tensor = tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
    return whole


def _like(step: torch.Tensor, parameter: torch.Tensor) -> torch.Tensor:
    """Shard a step as its parameter is."""
    if not isinstance(parameter, DTensor):
        return step
    sharded: torch.Tensor = distribute_tensor(step.contiguous(), parameter.device_mesh, parameter.placements)
    return sharded
