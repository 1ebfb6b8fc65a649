"""Scores of one predicted edit; every scorer gives the truth 1.0.

Delta-chrF (Zed's edit prediction evaluation): chrF over what an edit changes instead of over the text.
For each n of 1 to 6, the edit original -> text is the multiset of character n-grams that it adds and
that it removes (the difference of their counts); precision and recall compare the prediction's multiset
with the truth's; both are averaged over the n for which both edits have any, and

    F = (1 + beta^2) P R / (beta^2 P + R),  beta = 2.

Where no n is left it is 1.0 for equal texts, else 0.0.  Zed drops white space first; here it counts,
since it is code.  With an empty original this is sacrebleu's ``CHRF(whitespace=True)``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from codeedit.metrics import (
    edit_reward,
    edit_similarity,
    exact_match,
    exact_match_strict,
    normalize_lines,
)
from codeedit.pipeline.edits import replacements

__all__ = [
    "LineCounts",
    "delta_chrf",
    "edit_reward",
    "edit_similarity",
    "exact_match",
    "exact_match_strict",
    "line_counts",
]

CHRF_ORDER = 6
CHRF_BETA = 2.0
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class NgramDelta:
    """The n-grams of an edit, added or removed, for all n together."""

    hashes: NDArray[Any]  # of the n-grams, rising
    counts: NDArray[Any]  # how many more of each there are; negative: how many fewer; never 0
    orders: NDArray[Any]  # n of each
    totals: NDArray[Any]  # by n: how many n-grams were added and removed


_NO_GRAMS = np.zeros(0, dtype=np.int64)
_NOTHING = NgramDelta(_NO_GRAMS, _NO_GRAMS, _NO_GRAMS, np.zeros(CHRF_ORDER + 1))


def delta_chrf(original: str, prediction: str, truth: str) -> float:
    """Return Delta-chrF (n = 6, beta = 2) between 0 and 1.

    Args:
        original: the range's text before the edit.
        prediction: its text as predicted.
        truth: its text as it became.
    """
    original, prediction, truth = map(normalize_lines, (original, prediction, truth))
    if prediction == truth:
        return 1.0
    if prediction == original:
        return 0.0
    predicted, expected = _edit_ngrams(original, prediction), _edit_ngrams(original, truth)
    both = (predicted.totals > 0) & (expected.totals > 0)
    if not both.any():
        return 0.0
    shared = _shared(predicted, expected)[both]
    precision = float((shared / predicted.totals[both]).mean())
    recall = float((shared / expected.totals[both]).mean())
    if not precision or not recall:
        return 0.0
    weight = CHRF_BETA**2
    return (1 + weight) * precision * recall / (weight * precision + recall)


def _shared(one: NgramDelta, other: NgramDelta) -> NDArray[Any]:
    """Return by n how many n-grams both edits add or both remove."""
    if not one.hashes.size or not other.hashes.size:
        return np.zeros(CHRF_ORDER + 1)
    at = np.searchsorted(other.hashes, one.hashes)
    at[at == other.hashes.size] = 0
    hits = np.flatnonzero(other.hashes[at] == one.hashes)
    left, right = one.counts[hits], other.counts[at[hits]]
    least = np.where((left > 0) == (right > 0), np.minimum(abs(left), abs(right)), 0)
    return np.bincount(one.orders[hits], least, CHRF_ORDER + 1)


@lru_cache(maxsize=1024)  # a row's truth comes once a trial
def _edit_ngrams(original: str, text: str) -> NgramDelta:
    """Return the edit's n-grams for n = 1 to 6; a NUL, which code does not hold, ends a text.

    An n-gram's hash is a polynomial of its characters, in 64 bits: that two of an edit's share one is a
    matter of 1 in 10^12.  Counting them as strings in dictionaries took three times as long.
    """
    windows = _changed_windows(original, text)
    if not windows:
        return _NOTHING
    texts = [side[at] for at in (1, 0) for side in windows]  # after, then before
    joined = "\0".join([*texts, ""])
    codes = np.zeros(len(joined) + CHRF_ORDER - 1, dtype=np.uint64)  # K characters, and room for n-grams
    codes[: len(joined)] = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    count = len(joined)
    letter = codes > 0
    # (n, K): each n-gram by the place of its first character, and whether it stays within its text
    hashes = np.empty((CHRF_ORDER, count), dtype=np.uint64)
    inside = np.empty((CHRF_ORDER, count), dtype=bool)
    hashes[0], inside[0] = codes[:count], letter[:count]
    for order in range(1, CHRF_ORDER):
        np.multiply(hashes[order - 1], _FACTOR, out=hashes[order])
        hashes[order] += codes[order : order + count]
        np.logical_and(inside[order - 1], letter[order : order + count], out=inside[order])
    kept = np.flatnonzero(inside)
    orders, places = np.divmod(kept, count)
    before = sum(len(after) + 1 for _, after in windows)  # where the texts before begin
    return _summed(hashes.ravel()[kept], np.where(places < before, 1, -1), orders + 1)


def _summed(hashes: NDArray[Any], signs: NDArray[Any], orders: NDArray[Any]) -> NgramDelta:
    """Add up the signs of equal hashes; those that cancel out are dropped."""
    if hashes.size:
        order = np.argsort(hashes)
        hashes = hashes[order]
        starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
        counts = np.add.reduceat(signs[order], starts)
        left = np.flatnonzero(counts)
        starts, signs = starts[left], counts[left]
        hashes, orders = hashes[starts], orders[order[starts]]
    return NgramDelta(hashes, signs, orders, np.bincount(orders, abs(signs), CHRF_ORDER + 1))


def _changed_windows(before: str, after: str) -> list[tuple[str, str]]:
    """Return the places that differ, with the characters around them that n-grams of the change reach.

    All n-grams elsewhere lie in text that both share, so that their counts cancel out.
    """
    reach = CHRF_ORDER - 1
    windows: list[tuple[int, int, int, int]] = []  # start and end before, start and end after
    shift = 0  # of what follows, in the text after
    for part in replacements(before, after):
        first = part.start + shift
        last = first + len(part.text)
        shift = last - part.end
        head = min(reach, part.start, first)
        tail = min(reach, len(before) - part.end, len(after) - last)
        start, after_start = part.start - head, first - head
        if windows and (start < windows[-1][1] or after_start < windows[-1][3]):
            start, _, after_start, _ = windows.pop()
        windows.append((start, part.end + tail, after_start, last + tail))
    return [(before[start:end], after[first:last]) for start, end, first, last in windows]


@dataclass(frozen=True, slots=True)
class LineCounts:
    """Lines that an edit adds or removes, compared with the true edit's."""

    matched: int  # in both
    wrong: int  # in the prediction only
    missed: int  # in the truth only

    @property
    def precision(self) -> float:
        """The share of the predicted line changes that are true; 1.0 where nothing was predicted."""
        return _share(self.matched, self.matched + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the true line changes that were predicted; 1.0 where there are none."""
        return _share(self.matched, self.matched + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1.0 where nothing was to change and nothing did."""
        return _share(2 * self.matched, 2 * self.matched + self.wrong + self.missed)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def line_counts(original: str, prediction: str, truth: str) -> LineCounts:
    """Compare the lines that the two edits of ``original`` remove and add, as multisets."""
    original, prediction, truth = map(normalize_lines, (original, prediction, truth))
    predicted, expected = _edit_lines(original, prediction), _edit_lines(original, truth)
    matched = sum(min(count, predicted.get(line, 0)) for line, count in expected.items())
    return LineCounts(matched, sum(predicted.values()) - matched, sum(expected.values()) - matched)


@lru_cache(maxsize=1024)
def _edit_lines(original: str, text: str) -> dict[tuple[bool, str], int]:
    before, after = original.split("\n"), text.split("\n")
    lines: Counter[tuple[bool, str]] = Counter()
    for edit in Indel.editops(before, after):
        lines[(True, after[edit.dest_pos]) if edit.tag == "insert" else (False, before[edit.src_pos])] += 1
    return dict(lines)
