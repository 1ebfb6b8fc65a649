"""GAPO-multi: advantages from ranks and from the widest gap, for groups of rewards with several peaks.

GAPO's limitation, which its paper (arXiv 2510.21830) names, is rewards with more than one peak: the densest
window lies in one of them, whichever, and its median is what all others are measured from.  Nothing here
depends on where a peak lies.  For a group r_1..r_G:

    u_i = max(0, ln(G/2 + 1) - ln(rank_i))    rank 1 is the highest reward; equal ones share their mean rank
    c_i = 1 above the widest gap between neighbouring rewards, 0 below it; the highest of equal gaps
    A_i = 0.6 z(u)_i + 0.4 z(c)_i             z(x) = (x - mean(x)) / sqrt(mean((x - mean(x))^2))

The utilities u are those of natural evolution strategies (Wierstra et al., JMLR 15, 2014, section 3.1): no
outlier can pull harder than its rank, the better half is told apart, finest at the top, and the worse half
is not.  Ranks alone lose where one gap says it all, as between an exact answer and the rest under Eq. 5:
they push the second best of seven misses nearly as hard as the hit.  There c is 1 for hits and 0 for misses.
With equal weights c does harm where rewards are the same but for outliers (docs/lab.md has the tables).

Where a group has two different rewards, u has two values too, so that A is z(r): GRPO's advantage, but for
its 1/(G-1).  Each group sums to 0.  What is climbed is not the expected reward alone: rewards matter by their
order within a group, which favours the best answers.

1e-6 is added to each divisor, as verl does in GRPO.  Gaps within the rounding error of the rewards' own
float type count as equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codeedit.training.advantages.base import EPSILON, Estimator, FloatArray, scaled

_SIDES = 0.4  # weight of the sides of the gap


@dataclass(frozen=True, slots=True)
class GAPOMulti(Estimator):
    """Log-rank utilities and the two sides of the widest gap; it has no settings."""

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:
        """Return advantages; see the module."""
        ranked = _standard(utilities(rewards), rewards)
        sided = _standard(above_gap(rewards, precision), rewards)
        return np.asarray((1 - _SIDES) * ranked + _SIDES * sided)


def utilities(rewards: FloatArray) -> FloatArray:
    """Return u of each reward, (groups, G); see the module."""
    better = (rewards[:, None, :] > rewards[:, :, None]).sum(axis=2)
    equal = (rewards[:, None, :] == rewards[:, :, None]).sum(axis=2)
    rank = better + (equal + 1) / 2
    return np.asarray(np.maximum(0.0, np.log(rewards.shape[1] / 2 + 1) - np.log(rank)))


def above_gap(rewards: FloatArray, precision: float) -> FloatArray:
    """Return 1 for rewards above the widest gap of their group and 0 for all others, (groups, G)."""
    if rewards.shape[1] < 2:
        return np.zeros_like(rewards)
    ordered = np.sort(rewards, axis=1)
    gaps = np.diff(ordered, axis=1)  # (groups, G-1)
    slack = 4 * precision * np.abs(ordered[:, [0, -1]]).max(axis=1, keepdims=True)
    widest = gaps >= gaps.max(axis=1, keepdims=True) - slack
    last = gaps.shape[1] - 1 - np.argmax(widest[:, ::-1], axis=1)
    top = np.take_along_axis(ordered, last[:, None] + 1, axis=1)  # the lowest reward above the gap
    return (rewards >= top).astype(np.float64)


def _standard(values: FloatArray, rewards: FloatArray) -> FloatArray:
    deviation = values - values.mean(axis=1, keepdims=True)
    return scaled(deviation, np.sqrt((deviation**2).mean(axis=1, keepdims=True)), rewards, EPSILON)
