"""GAPO: advantages around the median of the densest window of rewards.

Source: "GAPO: Robust Advantage Estimation for Real-World Code LLMs", arXiv 2510.21830, Algorithm 1,
Eq. 4, Table 5.  For a group r_1..r_G and 0 < tau <= 1:

    k   = ceil(G * tau)
    W   = the shortest of all windows of k consecutive sorted rewards, the lowest on ties
    Q   = median(W)                                   center="mean": mean(W)
    A_i = (r_i - Q) / sqrt(1/G * sum_j (r_j - Q)^2)   scale="std": / standard deviation, 1/(G-1)

Differences from the authors' code: k is computed exactly, where ``G * tau`` in floats can be one too
many; G = 2 and every tau in (0, 1] work; the mean square is 1/G as in Eq. 4 (``ddof=1`` gives their
1/(G-1)).  1e-6 is added to the divisor, as verl does in GRPO.

Windows that tie as decimals can differ in the last binary digit, and float32 rewards make that
digit large.  Widths within the rounding error of the rewards' own float type count as equal, so the
first such window wins in any precision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from codeedit.errors import InputError
from codeedit.training.advantages.base import (
    EPSILON,
    Estimator,
    FloatArray,
    one_of,
    rank,
    sample_std,
    scaled,
    setting,
    share,
)

CENTERS = ("median", "mean")
SCALES = ("div", "std")


@dataclass(frozen=True, slots=True)
class GAPO(Estimator):
    """Eq. 4 and the variants of Table 5."""

    tau: float = setting(0.5, "share of the group in the densest window, 0 < tau <= 1")
    center: str = setting("median", "Q is this of the densest window", CENTERS)
    scale: str = setting("div", "div: root mean square around Q; std: standard deviation, 1/(G-1)", SCALES)
    ddof: int = setting(0, "1 divides the mean square by G-1 instead of G, as the authors' code does")

    def __post_init__(self) -> None:
        """Check the settings."""
        share(self.tau, "tau", closed=True)
        one_of(self.center, "center", CENTERS)
        one_of(self.scale, "scale", SCALES)
        if self.ddof not in (0, 1) or isinstance(self.ddof, bool):
            raise InputError(f"ddof is {self.ddof!r}, but it must be 0 or 1")

    def window_size(self, group_size: int) -> int:
        """Return k for groups of this size."""
        return rank(group_size, share(self.tau, "tau", closed=True))

    def baseline(self, rewards: FloatArray, precision: float) -> FloatArray:
        """Return Q of each group, as (groups, 1)."""
        groups, size = rewards.shape
        k = self.window_size(size)
        ordered = np.sort(rewards, axis=1)  # (groups, G)
        widths = ordered[:, k - 1 :] - ordered[:, : size - k + 1]  # (groups, G-k+1)
        # Each reward is off by up to precision/2 of its size, hence two widths by up to twice that much each.
        slack = 4 * precision * np.abs(ordered[:, [0, -1]]).max(axis=1, keepdims=True)
        first = np.argmax(widths <= widths.min(axis=1, keepdims=True) + slack, axis=1)
        window = sliding_window_view(ordered, k, axis=1)[np.arange(groups), first]  # (groups, k)
        if self.center == "mean":
            center: FloatArray = window.mean(axis=1, keepdims=True)
            return center
        middle: FloatArray = (window[:, (k - 1) // 2, None] + window[:, k // 2, None]) / 2
        return middle

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:
        """Return advantages; see the module."""
        deviation = rewards - self.baseline(rewards, precision)
        if self.scale == "std":
            spread = sample_std(rewards)
        else:
            degrees = max(rewards.shape[1] - self.ddof, 1)
            spread = np.sqrt((deviation**2).sum(axis=1, keepdims=True) / degrees)
        return scaled(deviation, spread, rewards, EPSILON)
