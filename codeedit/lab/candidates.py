"""Estimators that were tried for groups with more than one peak, the limitation that GAPO's paper names.

None of these passed the rule in docs/lab.md, which has the tables; ``gapo-multi``, an ``--algo``, did.  Each
takes rewards of shape (batches, groups, G) and returns advantages of that shape, 0 in groups whose rewards
are all equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from codeedit.training.advantages import GAPO
from codeedit.training.advantages.base import EPSILON, FloatArray
from codeedit.training.advantages.gapo_multi import utilities

Candidate = Callable[[FloatArray], FloatArray]

_CLIP = 1.5  # root mean squares around Q
_GAPO = GAPO(tau=0.5)


def clipped(rewards: FloatArray) -> FloatArray:
    """GAPO's advantages, cut off at 1.5 and moved so that each group sums to 0.

    The cut bounds what one outlier can do; the move takes away the pull of all answers in one direction
    that a baseline other than the mean has.
    """
    cut = np.clip(gapo(rewards), -_CLIP, _CLIP)
    return np.asarray(cut - cut.mean(axis=-1, keepdims=True))


def centred(rewards: FloatArray) -> FloatArray:
    """GAPO's advantages, moved so that each group sums to 0: its scale, with the mean as baseline."""
    advantages = gapo(rewards)
    return np.asarray(advantages - advantages.mean(axis=-1, keepdims=True))


def shared_scale(rewards: FloatArray) -> FloatArray:
    """The mean as baseline; a scale that is half the group's variance and half the batch's mean one.

    After the shrinkage of arXiv 2511.03710, applied to the divisor: a group of small spread is not blown
    up to the size of one that has a hit and misses.
    """
    deviation = rewards - rewards.mean(axis=-1, keepdims=True)
    own = (deviation**2).mean(axis=-1, keepdims=True)
    batch = own.mean(axis=-2, keepdims=True)
    return np.asarray(deviation / (np.sqrt((own + batch) / 2) + EPSILON))


def shared_scale_gapo(rewards: FloatArray) -> FloatArray:
    """GAPO's Q as baseline, with the divisor of ``shared_scale`` around it."""
    deviation = rewards - q(rewards)
    own = (deviation**2).mean(axis=-1, keepdims=True)
    batch = own.mean(axis=-2, keepdims=True)
    return _where_spread(rewards, deviation / (np.sqrt((own + batch) / 2) + EPSILON))


def two_peaks(rewards: FloatArray) -> FloatArray:
    """Q halfway between the medians of two clusters, weighed by their sizes; the rms around it as scale.

    The clusters are cut where their variances within are smallest (Otsu's threshold), so that one peak
    gives about the mean, and two give a Q between them that outliers inside a cluster do not move.
    """
    ordered = np.sort(rewards, axis=-1)
    size = ordered.shape[-1]
    if size < 3:
        return _around(rewards, rewards.mean(axis=-1, keepdims=True))
    left = np.arange(1, size)  # sizes of the lower cluster
    low = ordered.cumsum(axis=-1)[..., :-1] / left
    high = (ordered.sum(axis=-1, keepdims=True) - ordered.cumsum(axis=-1)[..., :-1]) / (size - left)
    between = left * (size - left) * (high - low) ** 2
    cut = between.argmax(axis=-1)[..., None] + 1  # (batches, groups, 1)
    lower = _sorted_median(ordered, np.zeros_like(cut), cut)
    upper = _sorted_median(ordered, cut, np.full_like(cut, size))
    return _around(rewards, (cut * lower + (size - cut) * upper) / size)


def high_window(rewards: FloatArray) -> FloatArray:
    """GAPO with the window weighed by height: of all windows the one with the largest mean / width."""
    ordered = np.sort(rewards, axis=-1)
    size = ordered.shape[-1]
    k = (size + 1) // 2
    windows = np.lib.stride_tricks.sliding_window_view(ordered, k, axis=-1)  # (…, G-k+1, k)
    width = windows[..., -1] - windows[..., 0]
    spread = rewards.std(axis=-1, keepdims=True)
    best = (windows.mean(axis=-1) / (width + 0.1 * spread + EPSILON)).argmax(axis=-1)
    window = np.take_along_axis(windows, best[..., None, None], axis=-2)[..., 0, :]
    return _around(rewards, np.median(window, axis=-1, keepdims=True))


def wide_gap(rewards: FloatArray) -> FloatArray:
    """GAPO's tau by the gaps: all of the group (the median) where no gap is wide, else 0.5."""
    ordered = np.sort(rewards, axis=-1)
    widest = np.diff(ordered, axis=-1).max(axis=-1, keepdims=True, initial=0.0)
    whole = widest < (ordered[..., -1:] - ordered[..., :1]) / 2
    return _around(rewards, np.where(whole, np.median(rewards, axis=-1, keepdims=True), q(rewards)))


def ranks(rewards: FloatArray) -> FloatArray:
    """Ranks, evenly spaced around 0; equal rewards share their mean rank."""
    below = (rewards[..., None, :] < rewards[..., :, None]).sum(axis=-1)
    equal = (rewards[..., None, :] == rewards[..., :, None]).sum(axis=-1)
    return _standard(rewards, below + equal / 2)


def log_ranks(rewards: FloatArray) -> FloatArray:
    """The utilities of natural evolution strategies, one part of ``gapo-multi``."""
    return _standard(rewards, utilities(rewards.reshape(-1, rewards.shape[-1])).reshape(rewards.shape))


CANDIDATES: Mapping[str, tuple[str, Candidate]] = {
    "centred": ("GAPO, moved to sum to 0", centred),
    "clipped": ("GAPO, cut off at 1.5 and moved to sum to 0", clipped),
    "shared-scale": ("mean, scale shared with the batch", shared_scale),
    "shared-gapo": ("GAPO's Q, scale shared with the batch", shared_scale_gapo),
    "two-peaks": ("Q between the medians of two clusters", two_peaks),
    "high-window": ("the window weighed by its height", high_window),
    "wide-gap": ("tau by the widest gap", wide_gap),
    "ranks": ("ranks instead of rewards", ranks),
    "log-ranks": ("ranks, finest at the top", log_ranks),
}


def gapo(rewards: FloatArray) -> FloatArray:
    """GAPO with tau = 0.5."""
    return _GAPO(rewards.reshape(-1, rewards.shape[-1])).reshape(rewards.shape)


def q(rewards: FloatArray) -> FloatArray:
    """GAPO's baseline with tau = 0.5, (batches, groups, 1)."""
    flat = _GAPO.baseline(rewards.reshape(-1, rewards.shape[-1]), 0.0)
    return np.asarray(flat.reshape(*rewards.shape[:-1], 1))


def _around(rewards: FloatArray, center: FloatArray) -> FloatArray:
    deviation = rewards - center
    spread = np.sqrt((deviation**2).mean(axis=-1, keepdims=True))
    return _where_spread(rewards, deviation / (spread + EPSILON))


def _standard(rewards: FloatArray, scores: FloatArray) -> FloatArray:
    deviation = scores - scores.mean(axis=-1, keepdims=True)
    spread = np.sqrt((deviation**2).mean(axis=-1, keepdims=True))
    return _where_spread(rewards, deviation / (spread + EPSILON))


def _where_spread(rewards: FloatArray, advantages: FloatArray) -> FloatArray:
    flat = np.ptp(rewards, axis=-1, keepdims=True) == 0
    return np.where(flat, 0.0, advantages)


def _sorted_median(ordered: FloatArray, start: np.ndarray, end: np.ndarray) -> FloatArray:
    """Return the median of ``ordered[start:end]`` of each group, (…, 1)."""
    below = np.take_along_axis(ordered, (start + end - 1) // 2, axis=-1)
    above = np.take_along_axis(ordered, (start + end) // 2, axis=-1)
    return np.asarray((below + above) / 2)
