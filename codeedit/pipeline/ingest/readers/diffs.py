"""Unified diffs in logs: read, applied to a text that they fit, and put into the form of a history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from codeedit.pipeline.ingest.document import to_lf
from codeedit.pipeline.ingest.history import diff_of
from codeedit.pipeline.ingest.readers.fields import Unreadable

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_NO_END: Final = "\\ No newline"
_AROUND: Final = 4  # lines kept around a change
NO_DIFF: Final = "not a diff"


@dataclass(slots=True)
class Hunk:
    """A run of lines that changed, with those around it; lines have no line end."""

    old_start: int  # as the header has it: 1-based, and of an empty side the line before
    new_start: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    old_ends: bool = True  # whether the last line has a line end
    new_ends: bool = True

    @property
    def above(self) -> int:
        """How many lines lie above it in the old text."""
        return self.old_start - 1 if self.old else self.old_start

    @property
    def above_new(self) -> int:
        """How many lines lie above it in the new text."""
        return self.new_start - 1 if self.new else self.new_start


@dataclass(slots=True)
class FileDiff:
    """The changes of one file; paths are empty where the diff has no header."""

    old_path: str = ""
    new_path: str = ""
    hunks: list[Hunk] = field(default_factory=list)

    def as_history(self) -> str:
        """Return the diff as a ``HistoryEdit`` has it; empty where nothing changed."""
        return diff_of((hunk.old, hunk.new, hunk.above, hunk.above_new) for hunk in self.hunks)


def read_diffs(text: str) -> list[FileDiff]:
    """Return the diffs of a text, one per file; lines between them are passed over.

    Raises:
        Unreadable: a hunk has not as many lines as it states, or there is none.
    """
    files: list[FileDiff] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at].removesuffix("\r")
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            following = lines[at + 1].removesuffix("\r")
            files.append(FileDiff(_path(line[4:]), _path(following[4:])))
            at += 2
            continue
        head = _HUNK.match(line)
        if head is None:
            at += 1
            continue
        if not files:
            files.append(FileDiff())
        hunk, at = _hunk(lines, at + 1, head)
        files[-1].hunks.append(hunk)
    if not any(file.hunks for file in files):
        raise Unreadable(NO_DIFF)
    return files


def _path(text: str) -> str:
    name = text.partition("\t")[0].strip().strip('"')
    return "" if name == "/dev/null" else re.sub(r"\A[ab]/", "", name)


def _hunk(lines: Sequence[str], at: int, head: re.Match[str]) -> tuple[Hunk, int]:
    hunk = Hunk(int(head[1]), int(head[3]))
    old, new = int(head[2] or "1"), int(head[4] or "1")
    while at < len(lines) and (old > 0 or new > 0 or lines[at].startswith(_NO_END)):
        mark, text = lines[at][:1], lines[at][1:]
        if mark == "\\":
            last = lines[at - 1][:1]
            hunk.old_ends &= last == "+"
            hunk.new_ends &= last == "-"
        elif mark in ("-", "+", " ", "", "\r"):
            if mark != "+":
                hunk.old.append(text if mark != "\r" else mark)
                old -= 1
            if mark != "-":
                hunk.new.append(text if mark != "\r" else mark)
                new -= 1
        else:
            break
        at += 1
    if old or new:
        raise Unreadable(NO_DIFF)
    return hunk, at


def apply_diff(text: str, hunks: Sequence[Hunk], *, search: bool = False) -> str:
    """Return a text with a diff applied.

    Args:
        text: what the diff's old side has to be.
        hunks: in order.
        search: the text is a part of the file: a hunk that does not stand where it says is looked for, and
            has to be found exactly once.

    Raises:
        Unreadable: the diff does not fit.
    """
    lines = text.split("\n")
    shift = reached = 0
    for hunk in hunks:
        at = hunk.above + shift
        if not _fits(lines, at, hunk):
            places = [place for place in range(reached, len(lines)) if _fits(lines, place, hunk)]
            if not search or len(places) != 1 or not hunk.old:
                raise Unreadable("diff that does not fit its document")
            at = places[0]
            shift = at - hunk.above
        end = at + len(hunk.old)
        new = list(hunk.new)
        if hunk.old_ends and not hunk.new_ends and lines[end:] == [""]:
            end += 1
        elif hunk.new_ends and not hunk.old_ends and end == len(lines):
            new.append("")
        lines[at:end] = new
        shift += len(new) - (end - at)
        reached = at + len(new)
    return "\n".join(lines)


def _fits(lines: Sequence[str], at: int, hunk: Hunk) -> bool:
    return 0 <= at <= len(lines) and list(lines[at : at + len(hunk.old)]) == hunk.old


def diff_between(before: str, after: str) -> str:
    """Return the difference of two texts as a ``HistoryEdit`` has it."""
    old, new = to_lf(before).split("\n"), to_lf(after).split("\n")
    most = min(len(old), len(new))
    first = next((row for row in range(most) if old[row] != new[row]), most)
    last = next((row for row in range(most - first) if old[-1 - row] != new[-1 - row]), most - first)
    above, below = max(0, first - _AROUND), max(0, last - _AROUND)
    return diff_of([(old[above : len(old) - below], new[above : len(new) - below], above, above)])


def changed_lines(diff: str) -> tuple[str, ...]:
    """Return a diff's removed and added lines: the same for one edit, whatever is shown around it."""
    return tuple(line for line in diff.split("\n") if line.startswith(("-", "+")))
