"""QAE: rewards measured from a quantile of their group.

Source: "Quantile Advantage Estimation", arXiv 2509.22611: A_i = (r_i - Q_K(r)) / (std(r) + 1e-6), where
Q_K = inf{x : F(x) >= K} is a value of the group, the one of rank ceil(G * K), and std has 1/(G-1) as in
verl.  The authors' code interpolates linearly between ranks (numpy's and torch's default); choose it
with ``quantile_method="linear"``.  The rank is computed exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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

METHODS = ("inverse_cdf", "linear")


@dataclass(frozen=True, slots=True)
class QAE(Estimator):
    """The paper's K, and how a quantile is read off a small group."""

    level: float = setting(0.4, "the paper's K: quantile of the group that is the baseline, 0 < level < 1")
    quantile_method: str = setting(
        "inverse_cdf", "inverse_cdf: the paper's; linear: its authors' code", METHODS
    )

    def __post_init__(self) -> None:
        """Check the settings."""
        share(self.level, "level", closed=False)
        one_of(self.quantile_method, "quantile_method", METHODS)

    def baseline(self, rewards: FloatArray) -> FloatArray:
        """Return the quantile of each group, as (groups, 1)."""
        ordered = np.sort(rewards, axis=1)
        part = share(self.level, "level", closed=False)
        if self.quantile_method == "inverse_cdf":
            at = rank(rewards.shape[1], part) - 1
            return ordered[:, at, None]
        position = (rewards.shape[1] - 1) * part
        low = int(position)
        high = min(low + 1, rewards.shape[1] - 1)
        weight = float(position - low)
        return ordered[:, low, None] + weight * (ordered[:, high, None] - ordered[:, low, None])

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:  # noqa: ARG002
        """Return advantages; see the module."""
        return scaled(rewards - self.baseline(rewards), sample_std(rewards), rewards, EPSILON)
