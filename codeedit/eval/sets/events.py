"""The ``events`` text of Zed's first zeta format: headers, each followed by a fenced diff.

Read are ``User edited "p":``, ``User edited file: "p":`` with an empty line after it, the same without
quotes, ``User renamed "p" to "q"``, ``User opened file: "p"`` (no diff: nothing was edited), and a diff
fence without any header.  Hunk headers are often wrong, so diffs are taken as they are.
Source: the data set zed-industries/zeta and the zeta 1 prompt form of Zed's editor.
"""

from __future__ import annotations

import re

from codeedit.records import HistoryEdit

_HEADER = re.compile(
    r"User (?:edited(?: file:)?|opened file:|renamed(?: file:)?) "
    r'(?:"[^"\n]*" to )?(?:"(?P<quoted>[^"\n]*)"|(?P<bare>[^"\n]+?)):?'
)
_OPENING = re.compile(r"```diff\s*")
_DIFF_LINE = (" ", "+", "-", "@", "\\")


def parse_events(events: str, *, path: str) -> tuple[HistoryEdit, ...]:
    """Return the edits, oldest first; the text carries no times, so every ``age_ms`` is 0.

    Args:
        events: the row's text.
        path: the file that an edit without a header is taken to belong to, if none is named before it.
    """
    edits: list[HistoryEdit] = []
    lines = events.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        if header := _HEADER.fullmatch(lines[at]):
            path = header["quoted"] or header["bare"] or path
        elif _OPENING.fullmatch(lines[at]):
            end = _closing(lines, at + 1)
            diff = "\n".join(lines[at + 1 : end]).strip("\n")
            if diff:
                edits.append(HistoryEdit(path, diff + "\n", 0))
            at = end
        at += 1
    return tuple(edits)


def _closing(lines: list[str], start: int) -> int:
    """Return the line of the fence that ends a diff; a fence that the diff holds has a sign before it."""
    for at in range(start, len(lines)):
        if lines[at].rstrip() == "```" and _ends_event(lines[at + 1 :]):
            return at
    return len(lines)


def _ends_event(rest: list[str]) -> bool:
    """Tell whether a fence closes its event: then a header, another fence or nothing comes next."""
    following = next((line for line in rest if line.strip()), None)
    return following is None or bool(_HEADER.fullmatch(following) or _OPENING.fullmatch(following))
