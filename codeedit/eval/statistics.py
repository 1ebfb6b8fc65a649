"""Intervals and tests over rows; the trials of a row are not independent and stay together.

All of it is scipy's: ``bootstrap`` (bias-corrected and accelerated), ``permutation_test``, and Wilson's
interval where all rows agree and the bootstrap can say nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

CONFIDENCE = 0.95
RESAMPLES = 9_999
_FEWER = (1_000, 1_999)  # beyond so many rows, so many resamples: their mean is all but normal
SEED = 0  # fixed, so that a report can be made again
_BATCH_NUMBERS = 400_000  # numbers held at once: they fit a processor's cache

Interval = tuple[float, float]


def interval(row_means: Sequence[float]) -> Interval | None:
    """Return the 95% interval of the mean over rows; None without rows.

    Args:
        row_means: a share between 0 and 1 per row: the mean of its trials.
    """
    from scipy.stats import binomtest, bootstrap

    values = np.asarray(row_means, dtype=np.float64)
    if not values.size:
        return None
    if np.ptp(values) == 0:
        hits = round(float(values[0]) * values.size)
        found = binomtest(hits, values.size).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns where it returns nan, which is looked at below
        result = bootstrap(
            (values,),
            np.mean,
            confidence_level=CONFIDENCE,
            n_resamples=RESAMPLES if values.size <= _FEWER[0] else _FEWER[1],
            method="BCa",
            batch=max(1, _BATCH_NUMBERS // values.size),
            rng=np.random.default_rng(SEED),
        ).confidence_interval
    if np.isnan(result.low) or np.isnan(result.high):
        return float(values.min()), float(values.max())
    return float(result.low), float(result.high)


def paired_p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the p-value of "both have the same mean", two-sided, by swapping within rows.

    Args:
        one: row means of the first run, row by row the same rows as ``other``.
        other: row means of the second run.
    """
    from scipy.stats import permutation_test

    difference = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    if not difference.any():
        return 1.0
    result = permutation_test(
        (difference,),
        np.mean,
        permutation_type="samples",
        n_resamples=RESAMPLES,
        batch=max(1, _BATCH_NUMBERS // difference.size),
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)
