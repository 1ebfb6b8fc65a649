"""Edit history: earlier bursts as unified diffs, as a person would tell them."""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from codeedit.pipeline.ingest.bursts import Burst
from codeedit.pipeline.ingest.document import to_lf
from codeedit.records import HistoryEdit

MAX_EDITS: Final = 20  # the newest are kept
MAX_DIFF_CHARS: Final = 4_000  # of one diff; whole hunks are kept
_CONTEXT_LINES: Final = 3
_MAX_LINES: Final = 1_000  # of text with its changes; more is not told


def burst_diff(burst: Burst) -> str:
    """Return a burst as a unified diff without file header; empty where nothing changed or too much.

    Lines end in LF; each line of the diff stands for one of the document, and the last has no line end.
    Where hunks are left out for length, they are the later ones.
    """
    before, after, row = _around(burst)
    return diff_of([(before, after, row, row)])


def diff_of(pieces: Iterable[tuple[list[str], list[str], int, int]]) -> str:
    """Return pieces of a document as one unified diff, in the form that a history has.

    Args:
        pieces: in order: lines before and after the change, without line ends, and how many lines of the
            document lie above each of the two.
    """
    kept: list[str] = []
    room = MAX_DIFF_CHARS
    for before, after, above, above_new in pieces:
        if before == after or max(len(before), len(after)) > _MAX_LINES:
            continue
        for hunk in _hunks(before, after, above, above_new):
            room -= len(hunk) + 1
            if room < 0:
                return "\n".join(kept)
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


def _hunks(before: list[str], after: list[str], above: int, above_new: int) -> Iterator[str]:
    """Yield the hunks of a diff; so many lines of the document lie above each of the texts."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT_LINES):
        old = _span(group[0][1] + above, group[-1][2] + above)
        new = _span(group[0][3] + above_new, group[-1][4] + above_new)
        lines = [f"@@ -{old} +{new} @@"]
        for tag, a, b, c, d in group:
            if tag == "equal":
                lines += [f" {line}" for line in before[a:b]]
                continue
            lines += [f"-{line}" for line in before[a:b]]
            lines += [f"+{line}" for line in after[c:d]]
        yield "\n".join(lines)


def _span(start: int, stop: int) -> str:
    """Return lines as a hunk's header has them: the first, and how many unless it is one."""
    if stop - start == 1:
        return str(start + 1)
    return f"{start + (stop > start)},{stop - start}"


class History:
    """The newest bursts of a session, over all its files."""

    def __init__(self) -> None:
        self._edits: deque[tuple[int, str, str]] = deque(maxlen=MAX_EDITS)  # time, path, diff

    def add(self, burst: Burst) -> None:
        """Add a finished burst; one without effect, such as text typed and undone, leaves no trace."""
        diff = burst_diff(burst)
        if diff:
            self._edits.append((burst.ended_ms, burst.path, diff))

    def add_stated(self, time_ms: int, path: str, diff: str) -> None:
        """Add an edit that the log states as a diff in a history's form."""
        if diff:
            self._edits.append((time_ms, path, diff))

    def at(self, time_ms: int) -> tuple[HistoryEdit, ...]:
        """Return what the user has done so far, oldest first, with its age at a time."""
        return tuple(HistoryEdit(path, diff, max(0, time_ms - ended)) for ended, path, diff in self._edits)
