"""The shape of one prompt's rewards: the four classes that the paper tells apart, by skewness.

Source of the classes: GAPO (arXiv 2510.21830), Figures 1 and 8.  Skewness is Fisher's coefficient
g1 = m3 / m2^(3/2), with m_k the k-th central moment (1/G); up to 1/2 in size a distribution counts as
symmetric, the usual rule of thumb and our choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum

SYMMETRIC_UP_TO = 0.5  # of |g1|
_EQUAL = 1e-6  # spread that the rounding of rewards may have


class Shape(StrEnum):
    """How a group's rewards lie."""

    LEFT = "left-skewed"  # most are high, a few low: g1 < -1/2
    RIGHT = "right-skewed"  # most are low, a few high: g1 > 1/2
    SYMMETRIC = "symmetric"
    DEGENERATE = "degenerate"  # all equal: nothing to learn


def skewness(values: Sequence[float]) -> float:
    """Return g1 of the values; 0.0 where all are equal, or there is none."""
    if not values or max(values) - min(values) <= _EQUAL:
        return 0.0
    mean = math.fsum(values) / len(values)
    second = math.fsum((value - mean) ** 2 for value in values) / len(values)
    third = math.fsum((value - mean) ** 3 for value in values) / len(values)
    return third / (second * math.sqrt(second))


def shape(values: Sequence[float]) -> Shape:
    """Return the class of one group's rewards, (G,)."""
    if not values or max(values) - min(values) <= _EQUAL:
        return Shape.DEGENERATE
    skew = skewness(values)
    if abs(skew) <= SYMMETRIC_UP_TO:
        return Shape.SYMMETRIC
    return Shape.LEFT if skew < 0 else Shape.RIGHT


def shape_counts(groups: Iterable[Sequence[float]]) -> dict[Shape, int]:
    """Return how many groups are of each class; every class is named."""
    counts = dict.fromkeys(Shape, 0)
    for values in groups:
        counts[shape(values)] += 1
    return counts
