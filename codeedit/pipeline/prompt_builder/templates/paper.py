"""The default format: the parts of the paper's Table 3 in its order, with Zed's region and cursor markers.

System prompt; current code; the sequence of edit histories; code edit range and cursor; user prompt
(hint).  The same for tasks of our own logs and for zeta's.  Source: arXiv 2510.21830, Table 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from codeedit.pipeline.prompt_builder.answer import Answer, parse
from codeedit.pipeline.prompt_builder.markers import (
    CURSOR,
    MARKERS,
    NO_CHANGE,
    REGION_END,
    REGION_START,
    escape,
)
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

SYSTEM = (
    "You predict a developer's next edit. You see the current code, the developer's recent edits, and the "
    f"range that is edited next, between {REGION_START} and {REGION_END}; {CURSOR} stands where the cursor "
    "is. Answer with the new text of that range and nothing else: all of its lines, without the markers. "
    f"If the range should stay as it is, answer {NO_CHANGE}."
)

_TICKS = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True)
class Paper:
    """The template ``paper``."""

    name: str = "paper"
    plain: bool = False
    shows_code: bool = True
    most_edits: int | None = None
    tokens: tuple[str, ...] = ()
    markers: tuple[str, ...] = MARKERS
    stops: tuple[str, ...] = ()

    def render(self, view: View) -> tuple[Message, ...]:
        """Return the system and the user message."""
        parts = [self._related(view), _current_code(view), self._history(view), _range_and_cursor(view)]
        if view.task.hint:
            parts.append(f"# Request\n{escape(view.task.hint)}")
        return (
            Message(role="system", content=SYSTEM),
            Message(role="user", content="\n\n".join(part for part in parts if part)),
        )

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit: its path, and its diff in a fence."""
        return _fenced(escape(edit.diff.removesuffix("\n")), "diff", title=f"{escape(edit.path)}\n")

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt: its path, and its lines in a fence."""
        return _fenced(escape(file.code), "", title=f"{escape(file.path)}\n")

    def _related(self, view: View) -> str:
        return (
            "\n".join(["# Other open files", *map(self.render_related, view.related)]) if view.related else ""
        )

    def _history(self, view: View) -> str:
        if not view.edits:
            return ""
        return "\n".join(["# Recent edits, oldest first", *map(self.render_edit, view.edits)])

    def render_answer(self, view: View) -> str:
        """Return the bare text, unless it would be read as something else: then within region markers."""
        task = view.task
        if task.no_change:
            return NO_CHANGE
        bare = escape(task.edit)
        if parse(bare, original=task.original).text == task.edit:
            return bare
        return f"{REGION_START}\n{bare}\n{REGION_END}"

    def frame(self, view: View) -> Frame:
        """Return the range's text."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read every style of answering; see ``codeedit.pipeline.prompt_builder.answer``."""
        return parse(answer, original=frame.original)


def _current_code(view: View) -> str:
    task, window = view.task, view.window
    place = ""
    if not view.whole:
        lines = [*(str(number + 1) for number in window.headers)]
        shown = f"{window.first_line + 1} to {window.end_line}"
        place = f", lines {', '.join(lines) + ' and ' if lines else ''}{shown} of {len(view.document)}"
    code = escape(view.above + task.original + view.below)
    return _fenced(code, task.language, title=f"# Current code: {escape(task.path)}{place}\n")


def _range_and_cursor(view: View) -> str:
    first, last = view.document.first + 1, view.document.end
    _, text, _ = view.marked(CURSOR, escape)
    return f"# Edit range: lines {first} to {last}{_far_cursor(view)}\n{REGION_START}\n{text}\n{REGION_END}"


def _far_cursor(view: View) -> str:
    """Say where a cursor outside the range is."""
    cursor = view.task.cursor
    if cursor is None or view.cursor_in_range:
        return ""
    line = view.task.code.count("\n", 0, cursor) + 1
    column = cursor - view.task.code.rfind("\n", 0, cursor)
    return f"; cursor: line {line}, column {column}"


def _fenced(text: str, language: str, *, title: str) -> str:
    """Put a fence around the text that is longer than any in it."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{title}{fence}{language}\n{text}\n{fence}"
