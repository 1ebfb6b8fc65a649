"""MC-GRPO: the group's median as baseline, its median absolute deviation as scale.

Source: "MC-GRPO", arXiv 2601.22582: A_i = (r_i - m) / (MAD + 1e-3), m = median(r),
MAD = median(|r - m|).  One extra rollout (G + 1) makes the group odd; the rollout that is the median
then has advantage 0 and carries no gradient.  In an even group the lower of the middle two is taken, so
that the median stays one of the rewards there too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codeedit.training.advantages.base import Estimator, FloatArray, scaled

_EPSILON = 1e-3  # the paper's: MAD is 0 as soon as more than half of the group is equal


@dataclass(frozen=True, slots=True)
class MCGRPO(Estimator):
    """Median and median absolute deviation of the group; no settings."""

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:  # noqa: ARG002
        """Return advantages; see the module."""
        deviation = rewards - _lower_median(rewards)
        return scaled(deviation, _lower_median(np.abs(deviation)), rewards, _EPSILON)


def _lower_median(values: FloatArray) -> FloatArray:
    middle = (values.shape[1] - 1) // 2
    return np.partition(values, middle, axis=1)[:, middle, None]
