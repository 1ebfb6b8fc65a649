"""What all estimators share: settings with help, checked rewards, exact ranks and safe division."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codeedit.errors import InputError

FloatArray = NDArray[np.float64]

# verl adds it to every standard deviation that it divides by; so do grpo, gapo and qae here.
EPSILON = 1e-6


def setting(default: float | str, about: str, choices: tuple[str, ...] | None = None) -> Any:  # noqa: ANN401
    """Return a dataclass field that carries its help text, and its choices where they are few."""
    return dataclasses.field(default=default, metadata={"help": about, "choices": choices})


def setting_help(field: dataclasses.Field[Any]) -> tuple[str, tuple[str, ...] | None]:
    """Return a field's help text and its choices, as given to ``setting``."""
    return field.metadata["help"], field.metadata["choices"]


@dataclass(frozen=True, slots=True)
class Estimator(ABC):
    """Advantages of rollouts from the rewards of their group."""

    def __call__(self, rewards: ArrayLike, precision: float | None = None) -> FloatArray:
        """Return the advantage of each rollout.

        Args:
            rewards: finite numbers of shape (groups, G), in rollout order; floats of any width.
            precision: relative spacing of the floats that they came in, where that was another type
                than the array's; None: that of the array.

        Returns:
            float64 of the same shape; 0 in a group whose rewards are all equal.

        Raises:
            InputError: the array has another shape, or holds a value that is not finite.
        """
        given = np.asarray(rewards)
        if given.ndim != 2 or given.dtype.kind not in "fiub":
            raise InputError(
                f"rewards of shape {given.shape} and type {given.dtype}, but not numbers of shape (groups, G)"
            )
        values = given.astype(np.float64)
        if not np.isfinite(values).all():
            raise InputError("a reward is not finite", hint="look at the reward function's last answers")
        if values.size == 0:
            return values
        if precision is None:
            precision = float(np.finfo(given.dtype).eps) if given.dtype.kind == "f" else 0.0
        return self.advantages(values, precision)

    @abstractmethod
    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:
        """Return advantages (groups, G) of checked rewards (groups, G), G >= 1.

        Args:
            rewards: checked rewards.
            precision: relative spacing of the floats that the rewards came in.
        """

    def settings(self) -> dict[str, Any]:
        """Return the hyperparameters by name."""
        return dataclasses.asdict(self)


def share(value: object, name: str, *, closed: bool) -> Fraction:
    """Return a share in (0, 1], or in (0, 1) where not ``closed``, as the decimal that it was written as.

    0.55 is 11/20 here and not the nearest binary float, so that ``ceil(20 * 0.55)`` is 11.

    Raises:
        InputError: it is not a number, or lies outside.
    """
    interval = "(0, 1]" if closed else "(0, 1)"
    try:
        exact = Fraction(str(value)) if _is_number(value) else None
    except ValueError:  # nan and inf
        exact = None
    if exact is None or not (0 < exact < 1 or (closed and exact == 1)):
        raise InputError(f"{name} is {value!r}, but it must be a number in {interval}")
    return exact


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def rank(size: int, part: Fraction) -> int:
    """Return ``ceil(size * part)``, exactly."""
    return math.ceil(size * part)


def one_of(value: object, name: str, choices: tuple[str, ...]) -> None:
    """Check a setting that is one of a few words.

    Raises:
        InputError: it is none of them.
    """
    if value not in choices:
        raise InputError(f"{name} is {value!r}, but it must be one of {', '.join(choices)}")


def positive(value: object, name: str) -> None:
    """Check a setting that is a finite number above 0.

    Raises:
        InputError: it is not.
    """
    if not (_is_number(value) and 0 < float(str(value)) < math.inf):
        raise InputError(f"{name} is {value!r}, but it must be a number above 0")


def sample_std(rewards: FloatArray) -> FloatArray:
    """Return each group's standard deviation with 1/(G-1), as (groups, 1); 0 for a group of one."""
    if rewards.shape[1] == 1:
        return np.zeros_like(rewards)
    return cast("FloatArray", rewards.std(axis=1, ddof=1, keepdims=True))


def scaled(deviation: FloatArray, spread: FloatArray, rewards: FloatArray, epsilon: float) -> FloatArray:
    """Return ``deviation / (spread + epsilon)``, and 0 in groups whose rewards are all equal.

    Args:
        deviation: distance of each reward from its group's center, (groups, G).
        spread: one scale per group, (groups, 1).
        rewards: the rewards, (groups, G).
        epsilon: added to the scale.
    """
    flat = rewards.max(axis=1, keepdims=True) == rewards.min(axis=1, keepdims=True)
    return np.where(flat, 0.0, deviation / (spread + epsilon))
