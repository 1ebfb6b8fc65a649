"""Means over seeds with 95% intervals, and paired differences; all of it scipy's.

The seeds of two contestants are the same worlds and the same random numbers, so their differences are
taken seed by seed.  Many differences are looked at together: which of them count is decided by the
Benjamini-Hochberg procedure at a false discovery rate of 5%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codeedit.training.advantages.base import FloatArray

CONFIDENCE = 0.95
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds, its 95% interval, and the p-value of "it is 0"."""

    mean: float
    low: float
    high: float
    p_value: float

    def as_dict(self) -> dict[str, Any]:
        """Return what a report holds."""
        return {"mean": self.mean, "ci95": [self.low, self.high], "p_value": self.p_value}


def estimate(values: FloatArray) -> Estimate | None:
    """Return the mean over seeds with its t interval; None where fewer than two seeds have a value.

    Args:
        values: one per seed; nan where a seed has none.
    """
    from scipy.stats import ttest_1samp

    known = values[np.isfinite(values)]
    if known.size < 2:
        return None
    mean = float(known.mean())
    if np.ptp(known) == 0:
        return Estimate(mean, mean, mean, 1.0 if mean == 0 else 0.0)
    test = ttest_1samp(known, 0.0)
    interval = test.confidence_interval(CONFIDENCE)
    return Estimate(mean, float(interval.low), float(interval.high), float(test.pvalue))


def discoveries(estimates: Sequence[Estimate | None]) -> list[bool]:
    """Return which estimates differ from 0, at a false discovery rate of 5% over all of them."""
    from scipy.stats import false_discovery_control

    known = [index for index, one in enumerate(estimates) if one is not None]
    found = [False] * len(estimates)
    if known:
        adjusted = false_discovery_control([one.p_value for one in estimates if one is not None])
        for index, value in zip(known, adjusted, strict=True):
            found[index] = bool(value < FALSE_DISCOVERIES)
    return found
