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

from rapidfuzz.distance import Indel, Levenshtein

from codeedit.metrics import (
    edit_reward,
    edit_similarity,
    exact_match,
    exact_match_strict,
    normalize_lines,
)

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

NgramDelta = dict[str, int]  # n-gram -> how many more of it, or how many fewer (negative)


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
    precision = recall = 0.0
    orders = 0
    pairs = zip(_edit_ngrams(original, prediction), _edit_ngrams(original, truth), strict=True)
    for predicted, expected in pairs:
        if not predicted or not expected:
            continue
        shared = _shared(predicted, expected)
        precision += shared / sum(map(abs, predicted.values()))
        recall += shared / sum(map(abs, expected.values()))
        orders += 1
    if not orders or not precision or not recall:
        return 0.0
    precision, recall = precision / orders, recall / orders
    weight = CHRF_BETA**2
    return (1 + weight) * precision * recall / (weight * precision + recall)


def _shared(one: NgramDelta, other: NgramDelta) -> int:
    shared = 0
    for gram in one.keys() & other.keys():
        count, most = one[gram], other[gram]
        if (count > 0) == (most > 0):
            shared += min(abs(count), abs(most))
    return shared


@lru_cache(maxsize=1024)  # a row's truth comes once a trial
def _edit_ngrams(original: str, text: str) -> tuple[NgramDelta, ...]:
    """Return the edit's n-grams for n = 1 to 6."""
    windows = _changed_windows(original, text)
    return tuple(_ngram_delta(windows, order) for order in range(1, CHRF_ORDER + 1))


def _changed_windows(before: str, after: str) -> list[tuple[str, str]]:
    """Return the places that differ, with the characters around them that n-grams of the change reach.

    All n-grams elsewhere lie in text that both share, so that their counts cancel out.
    """
    reach = CHRF_ORDER - 1
    windows: list[tuple[int, int, int, int]] = []  # start and end before, start and end after
    for block in Levenshtein.opcodes(before, after):
        if block.tag == "equal":
            continue
        head = min(reach, block.src_start, block.dest_start)
        tail = min(reach, len(before) - block.src_end, len(after) - block.dest_end)
        start, after_start = block.src_start - head, block.dest_start - head
        if windows and (start < windows[-1][1] or after_start < windows[-1][3]):
            start, _, after_start, _ = windows.pop()
        windows.append((start, block.src_end + tail, after_start, block.dest_end + tail))
    return [(before[start:end], after[first:last]) for start, end, first, last in windows]


def _ngram_delta(windows: list[tuple[str, str]], order: int) -> NgramDelta:
    delta: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for before, after in windows:
        delta.update([after[i : i + order] for i in range(len(after) - order + 1)])
        removed.update([before[i : i + order] for i in range(len(before) - order + 1)])
    for gram, count in removed.items():
        left = delta.get(gram, 0) - count
        if left:
            delta[gram] = left
        else:
            del delta[gram]
    return delta


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
