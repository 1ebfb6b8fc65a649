"""The user's last edit: how much of it an answer undoes, and what comes of doing it once more.

Reversal ratio: of the characters that the last edit typed and erased inside the range, the share that the
answer erases again or brings back at the same place.  Both edits are read as the replacements of a shortest
edit script (Levenshtein); what was erased counts as brought back by its longest common subsequence with
what the answer inserts there.  0: nothing is undone; 1: the range is as it was before the last edit.

Repeating: an edit of whole lines is done to equal lines of the range, indentation aside; else the tokens
that changed in a line are replaced wherever the range has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from codeedit.eval.edits import Replacement, replacements
from codeedit.pipeline.prompt_builder.hunks import before, hunks
from codeedit.records import Task

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w")


@lru_cache(maxsize=8192)  # the model's answers and each baseline's ask for it
def undoing(task: Task) -> tuple[Replacement, ...]:
    """Return what would undo the last edit, as places of the range; none where it did not touch the range."""
    if not task.history:
        return ()
    last = task.history[-1]
    if not _same_file(last.path, task.path):
        return ()
    earlier = before(task.code, last.diff)
    found = []
    for part in replacements(task.code, earlier):
        start, end = part.start - task.edit_start, part.end - task.edit_start
        if start >= 0 and end <= len(task.original):
            found.append(Replacement(start, end, part.text))
    return tuple(found)


def reversal_ratio(task: Task, text: str) -> float | None:
    """Return which share of the last edit an answer undoes, 0 to 1; None where there is none in the range.

    Args:
        task: with the history, whose last edit it is about.
        text: the range's new text.
    """
    backward = undoing(task)
    if not backward:
        return None
    if text == task.original:
        return 0.0
    size = sum(part.end - part.start + len(part.text) for part in backward)
    answered = replacements(task.original, text)
    undone = sum(_undone(part, answered) for part in backward)
    return undone / size


def _undone(part: Replacement, answered: Sequence[Replacement]) -> int:
    """Return how many characters of one place are as they were."""
    near = [other for other in answered if other.start <= part.end and part.start <= other.end]
    erased = sum(max(0, min(part.end, other.end) - max(part.start, other.start)) for other in near)
    brought_back = LCSseq.similarity(part.text, "".join(other.text for other in near)) if part.text else 0
    return int(erased + brought_back)


def _same_file(one: str, other: str) -> bool:
    """Tell whether two paths may name one file: zeta's events often name a folder more."""
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


def repeat_last_edit(task: Task) -> str:
    """Return the range once the last edit's change is made to it too; unchanged where that is nowhere."""
    if not task.history:
        return task.original
    changes = [
        change for hunk in hunks(task.history[-1].diff) for change in _changes(hunk.original, hunk.updated)
    ]
    for removed, added in reversed(changes):
        for text in (
            _repeat_lines(task.original, removed, added),
            _repeat_tokens(task.original, removed, added),
        ):
            if text != task.original:
                return text
    return task.original


def _changes(original: str, updated: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines that a hunk removes and what stands in their place."""
    old, new = original.split("\n"), updated.split("\n")
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace":
            yield old[start:end], new[first:last]
        elif tag == "delete":
            yield old[start:end], []


def _repeat_lines(text: str, removed: Sequence[str], added: Sequence[str]) -> str:
    wanted = [line.strip() for line in removed]
    if not any(_WORD.search(line) for line in wanted):
        return text
    lines, found, at = text.split("\n"), [], 0
    while at < len(lines):
        if [line.strip() for line in lines[at : at + len(wanted)]] == wanted:
            found += _indented(added, removed[0], lines[at])
            at += len(wanted)
        else:
            found.append(lines[at])
            at += 1
    return "\n".join(found)


def _indented(lines: Sequence[str], like: str, to: str) -> list[str]:
    old, new = like[: len(like) - len(like.lstrip())], to[: len(to) - len(to.lstrip())]
    return [new + line[len(old) :] if line.startswith(old) else line for line in lines]


def _repeat_tokens(text: str, removed: Sequence[str], added: Sequence[str]) -> str:
    """Replace what changed in the first line that differs, grown until it holds a word."""
    for one, other in zip(removed, added, strict=False):
        old, new = _changed_tokens(_TOKEN.findall(one.strip()), _TOKEN.findall(other.strip()))
        if old and old != new:
            return "".join(_replaced(_TOKEN.findall(text), old, new))
    return text


def _changed_tokens(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Return the differing middle of two lines, with neighbours where it has no word of its own."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    most = shorter - head
    tail = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    while not any(_WORD.search(token) for token in one[head : len(one) - tail]):
        if not head and not tail:
            return [], []
        head, tail = max(0, head - 1), max(0, tail - 1)
    return one[head : len(one) - tail], other[head : len(other) - tail]


def _replaced(tokens: list[str], old: list[str], new: list[str]) -> Iterator[str]:
    """Yield the tokens with each ``old`` made ``new``, save where ``new`` stands already."""
    at = 0
    while at < len(tokens):
        if tokens[at : at + len(new)] == new and len(new) >= len(old):
            yield from new
            at += len(new)
        elif tokens[at : at + len(old)] == old:
            yield from new
            at += len(old)
        else:
            yield tokens[at]
            at += 1
