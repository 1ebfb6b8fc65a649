"""The edits between two states of a text, where a log holds the states and not the edits."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from rapidfuzz.distance import Levenshtein

Change = tuple[int, int, str]  # start, end, text; code points of the text before

_MOST_LINES: Final = 5_000  # that are compared line by line


def edits_between(before: str, after: str) -> list[Change]:
    """Return the replacements that lead from one text to the other, first position first.

    Whole lines are compared, and what a changed run of lines has in common at its ends is left out: one
    replacement per run.  All offsets refer to the text before all of them.
    """
    prefix = _common_prefix(before, after)
    suffix = _common_suffix(before, after, min(len(before), len(after)) - prefix)
    old, new = before[prefix : len(before) - suffix], after[prefix : len(after) - suffix]
    if not old or not new or ("\n" not in old and "\n" not in new):
        return [(prefix, prefix + len(old), new)] if old or new else []
    # The runs are found in whole lines, so the first and the last line are made whole again.
    start = before.rfind("\n", 0, prefix) + 1
    end = before.find("\n", len(before) - suffix)
    end = len(before) if end < 0 else end + 1
    return [
        (start + low, start + high, text)
        for low, high, text in _by_lines(before[start:end], after[start : len(after) - len(before) + end])
    ]


def _by_lines(before: str, after: str) -> list[Change]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > _MOST_LINES:
        return [_trimmed(0, before, after)]
    runs: list[tuple[int, int, int, int]] = []  # changed lines: old from, to, new from, to
    for code in Levenshtein.opcodes(old, new):
        if code.tag == "equal":
            continue
        low, first = code.src_start, code.dest_start
        if runs and runs[-1][1] == low and runs[-1][3] == first:
            low, _, first, _ = runs.pop()
        runs.append((low, code.src_end, first, code.dest_end))
    starts = [0, *accumulate(map(len, old))]
    return [
        _trimmed(starts[low], "".join(old[low:high]), "".join(new[first:last]))
        for low, high, first, last in runs
    ]


def _trimmed(at: int, old: str, new: str) -> Change:
    prefix = _common_prefix(old, new)
    suffix = _common_suffix(old, new, min(len(old), len(new)) - prefix)
    return at + prefix, at + len(old) - suffix, new[prefix : len(new) - suffix]


def _common_prefix(first: str, second: str) -> int:
    """Return how many code points two texts have in common at the beginning, by halving."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(first: str, second: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if first[len(first) - middle : len(first) - low] == second[len(second) - middle : len(second) - low]:
            low = middle
        else:
            high = middle - 1
    return low
