"""Zed's later format, that of the model zeta-2.1: suffix, prefix, middle, with numbered region markers.

    <[fim-suffix]>{code below the region}
    <[fim-prefix]><filename>edit_history
    --- a/{path}
    +++ b/{path}
    (hunks)

    <filename>{path}
    {code above the region}<|marker_1|>...<|user_cursor|>...<|marker_2|>
    <[fim-middle]>

The answer is the new text between two of the markers.  Where long regions are divided is close to
Zed's own editor, not always the same line; both directions here agree.  The format has no place for a
hint: where a task has one, it is a file named ``request``.
Source: the model card of zed-industries/zeta-2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from codeedit.pipeline.prompt_builder.answer import UNPARSABLE, Answer, as_answer, cut
from codeedit.pipeline.prompt_builder.markers import Escaper
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.templates import numbered
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

_SUFFIX, _PREFIX, _MIDDLE = "<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>"
_FILE, _CURSOR, _END = "<filename>", "<|user_cursor|>", "<[end▁of▁sentence]>"
_ESCAPER = Escaper((_SUFFIX, _PREFIX, _MIDDLE, _FILE, _CURSOR, _END), (r"<\|marker_\d{1,6}\|>",))
_escape, _unescape = _ESCAPER.escape, _ESCAPER.unescape


@dataclass(frozen=True, slots=True)
class Zeta2:
    """The template ``zeta2``."""

    name: str = "zeta2"
    plain: bool = True
    shows_code: bool = True
    most_edits: int | None = None
    tokens: tuple[str, ...] = ()
    markers: tuple[str, ...] = (
        _SUFFIX,
        _PREFIX,
        _MIDDLE,
        _FILE,
        _CURSOR,
        *map(numbered.marker, range(1, 10)),
    )
    stops: tuple[str, ...] = (_END,)

    def render(self, view: View) -> tuple[Message, ...]:
        """Return one text."""
        task = view.task
        above, _, below = view.marked(_CURSOR, _escape)
        request = f"{_FILE}request\n{_escape(task.hint)}\n\n" if task.hint else ""
        related = "".join(map(self.render_related, view.related))
        edits = "".join(map(self.render_edit, view.edits))
        history = f"{_FILE}edit_history\n{edits}\n" if edits else ""
        content = (
            f"{_with_end(_SUFFIX + below)}{_PREFIX}{request}{related}{history}"
            f"{_FILE}{_escape(task.path)}\n{above}{_region(view)}\n{_MIDDLE}"
        )
        return (Message(role="user", content=content),)

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit as a unified diff with file header."""
        path = _escape(edit.path)
        return f"--- a/{path}\n+++ b/{path}\n{_with_end(_escape(edit.diff))}"

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt as a file of its own, with an empty line below."""
        return f"{_FILE}{_escape(file.path)}\n{_with_end(_escape(file.code))}\n"

    def render_answer(self, view: View) -> str:
        """Return the new text between the nearest markers around the change."""
        task = view.task
        cursor = task.cursor if task.cursor is not None else task.edit_start
        parts = numbered.encode(task.original, task.edit, cursor - task.edit_start)
        return "".join(tag + _escape(text) for tag, text in parts) + _END

    def frame(self, view: View) -> Frame:
        """Return the range's text, which says where the markers stand."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read the text between the first and the last marker; markers in between are dropped."""
        text = cut(answer.replace("\r\n", "\n"), self.stops).replace(_CURSOR, "")
        tags = list(numbered.MARKER.finditer(text))
        ends = [tag.start() for tag in tags[1:]] + [len(text)]
        parts = [(int(tag[1]), _unescape(text[tag.end() : end])) for tag, end in zip(tags, ends, strict=True)]
        new = numbered.decode(frame.original, parts)
        return UNPARSABLE if new is None else as_answer(new, frame.original)


def _region(view: View) -> str:
    """Return the range with its markers and the cursor, each block escaped on its own."""
    task = view.task
    places = numbered.boundaries(task.original)
    at = task.cursor - task.edit_start if task.cursor is not None and view.cursor_in_range else -1
    parts = []
    for number, (start, end) in enumerate(pairwise(places), 1):
        parts.append(numbered.marker(number))
        if start <= at <= end:  # between two blocks it stands before the marker
            block = _escape(task.original[start:at]) + _CURSOR + _escape(task.original[at:end])
            at = -1
        else:
            block = _escape(task.original[start:end])
        parts.append(block)
    return "".join([*parts, numbered.marker(len(places))])


def _with_end(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
