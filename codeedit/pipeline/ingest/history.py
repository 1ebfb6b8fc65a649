"""Edit history: earlier bursts as unified diffs, as a person would tell them."""

from __future__ import annotations

import difflib
from collections import deque
from typing import Final

from codeedit.pipeline.ingest.bursts import Burst
from codeedit.pipeline.ingest.document import to_lf
from codeedit.records import HistoryEdit

MAX_EDITS: Final = 20  # the newest are kept
MAX_DIFF_CHARS: Final = 4_000  # of one diff; whole hunks are kept
_CONTEXT_LINES: Final = 3
_MAX_LINES: Final = 2_000  # of changed text; more than that is told as a replacement of nothing


def burst_diff(burst: Burst) -> str:
    """Return a burst as a unified diff without file header; empty where nothing changed or too much.

    Lines end in LF; each line of the diff stands for one of the document, and the last has no line end.
    Where hunks are left out for length, they are the later ones.
    """
    before, after, row = _around(burst)
    if before == after or max(len(before), len(after)) > _MAX_LINES:
        return ""
    lines = difflib.unified_diff(before, after, n=_CONTEXT_LINES, lineterm="")
    hunks: list[list[str]] = []
    for line in lines:
        if line.startswith("@@"):
            hunks.append([_moved(line, row)])
        elif hunks:
            hunks[-1].append(line)
    kept: list[str] = []
    room = MAX_DIFF_CHARS
    for hunk in ("\n".join(lines) for lines in hunks):
        room -= len(hunk) + 1
        if room < 0:
            break
        kept.append(hunk)
    return "\n".join(kept)


def _around(burst: Burst) -> tuple[list[str], list[str], int]:
    """Return the lines around the change, before and after it, and how many lines lie above them."""
    start = burst.prefix
    for _ in range(_CONTEXT_LINES + 1):
        start = max(0, burst.before.rfind("\n", 0, start))
    start += burst.before.startswith("\n", start) and start < burst.prefix
    ends = []
    for text in (burst.before, burst.after):
        end = len(text) - burst.suffix
        for _ in range(_CONTEXT_LINES + 2):
            found = text.find("\n", min(end + 1, len(text)))
            end = found if found >= 0 else len(text)
        ends.append(end - (end < len(text) and text[end - 1] == "\r"))
    before, after = to_lf(burst.before[start : ends[0]]), to_lf(burst.after[start : ends[1]])
    return before.split("\n"), after.split("\n"), to_lf(burst.before[:start]).count("\n")


def _moved(header: str, rows: int) -> str:
    """Return a hunk's header with its line numbers moved down."""
    numbers = []
    for span in header.split()[1:3]:
        sign, (row, _, count) = span[0], span[1:].partition(",")
        numbers.append(f"{sign}{int(row) + rows}" + (f",{count}" if count else ""))
    return f"@@ {numbers[0]} {numbers[1]} @@"


class History:
    """The newest bursts of a session, over all its files."""

    def __init__(self) -> None:
        self._edits: deque[tuple[int, str, str]] = deque(maxlen=MAX_EDITS)  # time, path, diff

    def add(self, burst: Burst) -> None:
        """Add a finished burst; one without effect, such as text typed and undone, leaves no trace."""
        diff = burst_diff(burst)
        if diff:
            self._edits.append((burst.ended_ms, burst.path, diff))

    def at(self, time_ms: int) -> tuple[HistoryEdit, ...]:
        """Return what the user has done so far, oldest first, with its age at a time."""
        return tuple(HistoryEdit(path, diff, max(0, time_ms - ended)) for ended, path, diff in self._edits)
