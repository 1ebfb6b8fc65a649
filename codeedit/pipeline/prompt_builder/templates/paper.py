"""The default format: the parts of the paper's Table 3 in its order, with Zed's region and cursor markers.

System prompt; current code; the sequence of edit histories; code edit range and cursor; user prompt
(hint).  The same for tasks of our own logs and for zeta's.  Source: arXiv 2510.21830, Table 3.
"""

from __future__ import annotations

import re

from codeedit.pipeline.prompt_builder.budget import Window
from codeedit.pipeline.prompt_builder.markers import CURSOR, NO_CHANGE, REGION_END, REGION_START, escape
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.records import HistoryEdit, Task

SYSTEM = (
    "You predict a developer's next edit. You see the current code, the developer's recent edits, and the "
    f"range that is edited next, between {REGION_START} and {REGION_END}; {CURSOR} stands where the cursor "
    "is. Answer with the new text of that range and nothing else: all of its lines, without the markers. "
    f"If the range should stay as it is, answer {NO_CHANGE}."
)

_TICKS = re.compile(r"`{3,}")


def render(task: Task, window: Window) -> tuple[Message, ...]:
    """Return the system and the user message."""
    parts = [_current_code(task, window), _history(task, window), _range_and_cursor(task)]
    if task.hint:
        parts.append(f"# Request\n{escape(task.hint)}")
    return (
        Message(role="system", content=SYSTEM),
        Message(role="user", content="\n\n".join(part for part in parts if part)),
    )


def render_edit(edit: HistoryEdit) -> str:
    """Return one edit: its path, and its diff in a fence."""
    return _fenced(escape(edit.diff.removesuffix("\n")), "diff", title=f"{escape(edit.path)}\n")


def _current_code(task: Task, window: Window) -> str:
    lines = task.code.split("\n")
    shown = "\n".join(lines[window.first_line : window.end_line])
    place = ""
    if window.end_line - window.first_line < len(lines):
        place = f", lines {window.first_line + 1} to {window.end_line} of {len(lines)}"
    return _fenced(escape(shown), task.language, title=f"# Current code: {escape(task.path)}{place}\n")


def _history(task: Task, window: Window) -> str:
    newest = task.history[len(task.history) - window.history :]
    if not newest:
        return ""
    return "\n".join(["# Recent edits, oldest first", *map(render_edit, newest)])


def _range_and_cursor(task: Task) -> str:
    first = task.code.count("\n", 0, task.edit_start) + 1
    last = first + task.original.count("\n")
    if task.cursor is None or not task.edit_start <= task.cursor <= task.edit_end:
        text = escape(task.original)
    else:
        at = task.cursor - task.edit_start
        text = escape(task.original[:at]) + CURSOR + escape(task.original[at:])
    return f"# Edit range: lines {first} to {last}\n{REGION_START}\n{text}\n{REGION_END}"


def _fenced(text: str, language: str, *, title: str) -> str:
    """Put a fence around the text that is longer than any in it."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{title}{fence}{language}\n{text}\n{fence}"
