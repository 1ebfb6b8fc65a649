"""A short format for very small models: the newest edit as a word diff, and some numbered lines of the range.

Of the range it shows the line at the cursor and those that are most like what the newest edit changed, the
likeliest to change first.  It shows no code around, and has no system message: what would be the same in
every prompt is left to the warm start.  What has to change in a line that is not shown cannot be known from
this prompt.  The answer lists the lines that change, in the same order, so that it is as long as the edit and
not as the range:

    7 text      line 7 becomes this text
    7-          line 7 goes
    7+ text     this text comes as a new line below line 7; 0+ is above the first

``<|no_change|>`` alone means that nothing changes.  A word diff shows a changed line once, with what goes in
``[-`` and ``-]`` and what comes in ``{+`` and ``+}``, as git's does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from codeedit.pipeline.prompt_builder.answer import UNPARSABLE, Answer, as_answer
from codeedit.pipeline.prompt_builder.markers import CURSOR, NO_CHANGE, escape, unescape
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

_NEWEST = 1  # edits shown
_PLACES = 2  # changed places of an edit shown
_LINES = 4  # lines of the range shown because they are like what changed
_ROW = re.compile(r"(\d{1,6})(?:(-)|(\+)?(?: (.*))?)", re.DOTALL)
_NAME = re.compile(r"\w+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_THINK, _THINK_END = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Brief:
    """The template ``brief``."""

    name: str = "brief"
    plain: bool = False
    shows_code: bool = False
    most_edits: int | None = _NEWEST
    tokens: tuple[str, ...] = ()
    markers: tuple[str, ...] = (CURSOR, NO_CHANGE)
    stops: tuple[str, ...] = ()

    def render(self, view: View) -> tuple[Message, ...]:
        """Return the edits and the range as one message."""
        parts = [self.render_edit(edit) for edit in view.edits]
        lines = _marked_lines(view)
        parts.append("\n".join(f"{number + 1} {lines[number]}" for number in _shown(view, lines)))
        if view.task.hint:
            parts.append(escape(view.task.hint))
        return (Message(role="user", content="\n\n".join(parts)),)

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return the first changed places of an edit, as word diffs."""
        places = [word_diff(old, new).strip() for old, new in _changes(edit.diff)]
        return escape("\n".join(places[:_PLACES]))

    def render_related(self, file: RelatedFile) -> str:  # noqa: ARG002 - the format has no place for one
        """Return nothing."""
        return ""

    def render_answer(self, view: View) -> str:
        """Return the lines that change."""
        task = view.task
        if task.edit == task.original:
            return NO_CHANGE
        old = task.original.split("\n")
        order = {number: place for place, number in enumerate(_shown(view, _marked_lines(view)))}
        rows = _rows(old, task.edit.split("\n"))
        return "\n".join(text for _, text in sorted(rows, key=lambda row: order.get(row[0], len(old))))

    def frame(self, view: View) -> Frame:
        """Return the range's text."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Apply the rows to the range; what is no row, or about a line that is not there, is no answer."""
        text = answer.replace("\r\n", "\n")
        if text.lstrip().startswith(_THINK):
            text = text.partition(_THINK_END)[2]
        lines = text.strip("\n").split("\n")
        if len(lines) > 1 and lines[0].startswith("```") and lines[-1].startswith("```"):
            lines = lines[1:-1]
        if "\n".join(lines).strip() == NO_CHANGE:
            return Answer(frame.original, as_answer(frame.original, frame.original).status)
        edited = _apply(lines, frame.original.split("\n"))
        return UNPARSABLE if edited is None else as_answer(edited, frame.original)


def _marked_lines(view: View) -> list[str]:
    """Return the range's lines, with the cursor."""
    _, region, _ = view.marked(CURSOR, escape)
    return region.split("\n")


def _shown(view: View, lines: list[str]) -> list[int]:
    """Return which lines of the range are shown: the one at the cursor, and those most like what changed.

    What is typed into an empty line follows from the one above, which is shown too.  Lines with more of what
    the newest edit took away come first, but for the cursor's.
    """
    gone: set[str] = set()
    like: set[str] = set()
    for old, new in (pair for edit in view.edits for pair in _changes(edit.diff)):
        before, after = set(_NAME.findall(old)), set(_NAME.findall(new))
        gone |= before - after
        like |= before | after
    words = [set(_NAME.findall(line.replace(CURSOR, ""))) for line in lines]
    left = [len(found & gone) for found in words]

    def likeness(number: int) -> float:
        return len(words[number] & like) / max(len(words[number] | like), 1)

    ranked = sorted(range(len(lines)), key=lambda number: (-left[number], -likeness(number), number))
    shown = set(ranked[:_LINES])
    at = next((number for number, line in enumerate(lines) if CURSOR in line), None)
    if at is not None:
        shown |= {at, at - 1} if at and not words[at] else {at}
    return sorted(shown, key=lambda number: (number != at, -left[number], number))


def word_diff(old: str, new: str) -> str:
    """Return the new text with what went and what came marked."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    result = []
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[start:end]), "".join(after[first:last])
        if kind == "equal":
            result.append(come)
            continue
        result.append(f"[-{gone}-]" if gone else "")
        result.append(f"{{+{come}+}}" if come else "")
    return "".join(result)


def _changes(diff: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of old and new lines of a unified diff; blocks of as many lines go line by line."""
    gone: list[str] = []
    come: list[str] = []
    for line in [*diff.removesuffix("\n").split("\n"), " "]:
        if line.startswith("-"):
            gone.append(line[1:])
        elif line.startswith("+"):
            come.append(line[1:])
        elif gone or come:
            if len(gone) == len(come):
                yield from zip(gone, come, strict=True)
            else:
                yield "\n".join(gone), "\n".join(come)
            gone, come = [], []


def _rows(old: list[str], new: list[str]) -> Iterator[tuple[int, str]]:
    """Yield an answer's rows, each with the line that it is about, counted from 0.

    Of a changed block, as many lines as both have are replaced.
    """
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        both = min(end - start, last - first)
        for step in range(both):
            yield start + step, f"{start + step + 1} {escape(new[first + step])}"
        for number in range(start + both, end):
            yield number, f"{number + 1}-"
        for added in new[first + both : last]:
            yield start + both - 1, f"{start + both}+ {escape(added)}"


def _apply(rows: list[str], original: list[str]) -> str | None:
    changed: dict[int, str | None] = {}
    added: dict[int, list[str]] = {}
    for row in rows:
        match = _ROW.fullmatch(row)
        if not match:
            return None
        number, text = int(match[1]), unescape((match[4] or "").replace(CURSOR, ""))
        if match[3]:
            if number > len(original):
                return None
            added.setdefault(number, []).append(text)
            continue
        if not 1 <= number <= len(original) or number in changed:
            return None
        changed[number] = None if match[2] else text
    result = list(added.get(0, []))
    for number, line in enumerate(original, 1):
        kept = changed.get(number, line) if number in changed else line
        if kept is not None:
            result.append(kept)
        result += added.get(number, [])
    return "\n".join(result)
