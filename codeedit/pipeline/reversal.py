"""How much of the user's last edit an answer undoes: one measure for evaluation and for the reward.

Reversal: of the characters that the last edit typed and erased inside the range, the share that the
answer erases again or brings back at the same place.  Both edits are read as the replacements of a shortest
edit script (Levenshtein); what was erased counts as brought back by its longest common subsequence with
what the answer inserts there.  0: nothing is undone; 1: the range is as it was before the last edit.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from codeedit.pipeline.edits import Replacement, replacements
from codeedit.pipeline.prompt_builder.hunks import before
from codeedit.records import Task


def earlier_range(task: Task) -> str | None:
    """Return the range as it was before the last edit; None where that did not touch the range.

    What the last edit changed outside of the range is left as it is.
    """
    last = task.history[-1] if task.history else None
    if last is None or not _same_file(last.path, task.path):
        return None
    original = text = task.original
    for part in reversed(replacements(task.code, before(task.code, last.diff))):
        start, end = part.start - task.edit_start, part.end - task.edit_start
        if start >= 0 and end <= len(original):
            text = text[:start] + part.text + text[end:]
    return None if text == original else text


def reversal(text: str, original: str, earlier: str) -> float:
    """Return which share of the last edit an answer undoes, 0 to 1.

    Args:
        text: the range's new text.
        original: the range as it is.
        earlier: the range before the last edit.
    """
    backward = replacements(original, earlier)
    size = sum(part.end - part.start + len(part.text) for part in backward)
    if not size or text == original:
        return 0.0
    answered = replacements(original, text)
    return sum(_undone(part, answered) for part in backward) / size


def _undone(part: Replacement, answered: Sequence[Replacement]) -> int:
    """Return how many characters of one place are as they were."""
    near = [other for other in answered if other.start <= part.end and part.start <= other.end]
    erased = sum(max(0, min(part.end, other.end) - max(part.start, other.start)) for other in near)
    brought_back = LCSseq.similarity(part.text, "".join(other.text for other in near)) if part.text else 0
    return int(erased + brought_back)


def _same_file(one: str, other: str) -> bool:
    """Tell whether two paths may name one file: zeta's events often name a folder more."""
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")
