"""The user's last edit: how much of it an answer undoes, and what comes of doing it once more.

Repeating: an edit of whole lines is done to equal lines of the range, indentation aside; else the tokens
that changed in a line are replaced wherever the range has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from codeedit.pipeline.prompt_builder.hunks import hunks
from codeedit.pipeline.reversal import earlier_range, reversal
from codeedit.records import Task

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w")


@lru_cache(maxsize=8192)  # the model's answers and each baseline's ask for it
def _earlier(task: Task) -> str | None:
    return earlier_range(task)


def reversal_ratio(task: Task, text: str) -> float | None:
    """Return which share of the last edit an answer undoes, 0 to 1; None where there is none in the range.

    Args:
        task: with the history, whose last edit it is about.
        text: the range's new text.
    """
    earlier = _earlier(task)
    return None if earlier is None else reversal(text, task.original, earlier)


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
