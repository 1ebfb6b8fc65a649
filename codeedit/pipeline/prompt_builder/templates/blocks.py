"""Sweep's next-edit format: files, edits as original/updated pairs, and a window of lines rewritten.

    <|file_sep|>{path}                     the lines around the window
    <|file_sep|>{path}.diff                one for each hunk of the history, oldest first
    original:
    ...
    updated:
    ...
    <|file_sep|>original/{path}:{start}:{end}   the window before the newest edit of this document
    <|file_sep|>current/{path}:{start}:{end}    the window, with <|cursor|>
    <|file_sep|>updated/{path}:{start}:{end}    what the model writes

There is no diff syntax, and no end that the model has to find: the window has ``WINDOW`` lines where the
range is not longer, and an answer repeats all of them.  Source: the model cards of
sweepai/sweep-next-edit-1.5B and -v2-7B, and blog.sweep.dev/posts/oss-next-edit.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeedit.pipeline.prompt_builder.answer import Answer, as_answer, cut
from codeedit.pipeline.prompt_builder.hunks import before, hunks
from codeedit.pipeline.prompt_builder.markers import Escaper
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

WINDOW = 21  # lines, as Sweep's
_FILE, _CURSOR, _END = "<|file_sep|>", "<|cursor|>", "<|endoftext|>"
_ESCAPER = Escaper(
    (_FILE, _CURSOR, _END, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>")
)
_escape, _unescape = _ESCAPER.escape, _ESCAPER.unescape


@dataclass(frozen=True, slots=True)
class Blocks:
    """The template ``blocks``."""

    name: str = "blocks"
    plain: bool = True
    shows_code: bool = True
    most_edits: int | None = None
    tokens: tuple[str, ...] = ()
    markers: tuple[str, ...] = (_FILE, _CURSOR)
    stops: tuple[str, ...] = (_FILE, _END)

    def render(self, view: View) -> tuple[Message, ...]:
        """Return one text."""
        task, frame = view.task, self.frame(view)
        path = _escape(task.path)
        around = (
            view.above.removesuffix(frame.above).removesuffix("\n"),
            view.below.removeprefix(frame.below).removeprefix("\n"),
        )
        context = "\n".join(part for part in around if part)
        parts = [self.render_related(file) for file in view.related]
        parts += [f"{_FILE}{path}\n{_escape(context)}\n"] if context else []
        if task.hint:
            parts.append(f"{_FILE}request\n{_escape(task.hint)}\n")
        parts += [self.render_edit(edit) for edit in view.edits]
        place = f"{path}:{_first_line(view, frame)}:{_last_line(view, frame)}"
        above, region, below = view.marked(_CURSOR, _escape)
        marked_above = _tail(above, frame.above.count("\n"))
        marked_below = _head(below, frame.below.count("\n"))
        parts += [
            f"{_FILE}original/{place}\n{_escape(_earlier(view, frame))}\n",
            f"{_FILE}current/{place}\n{marked_above}{region}{marked_below}\n",
            f"{_FILE}updated/{place}\n",
        ]
        return (Message(role="user", content="".join(parts)),)

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one pair of texts for each hunk."""
        return "".join(
            f"{_FILE}{_escape(edit.path)}.diff\noriginal:\n{_escape(hunk.original)}\n"
            f"updated:\n{_escape(hunk.updated)}\n"
            for hunk in hunks(edit.diff)
        )

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt as a file of its own."""
        return f"{_FILE}{_escape(file.path)}\n{_escape(file.code)}\n"

    def render_answer(self, view: View) -> str:
        """Return the window's new text; a line end closes its last line."""
        frame = self.frame(view)
        return _escape(f"{frame.above}{view.task.edit}{frame.below}") + "\n"

    def frame(self, view: View) -> Frame:
        """Return the window's lines around the range: as many above as below, where there are."""
        spare = max(0, WINDOW - (view.document.end - view.document.first))
        code = view.above[len(view.above) - _shown_above(view) :]
        most_above, most_below = code.count("\n"), view.below.count("\n")
        above = min(most_above, max(spare // 2, spare - most_below))
        below = min(most_below, spare - above)
        return Frame(view.task.original, _tail(code, above), _head(view.below, below))

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read a window's new text; one that lacks the lines around the range is taken as the range's."""
        text = cut(answer.replace("\r\n", "\n"), self.stops).replace(_CURSOR, "")
        text = _unescape(text.removesuffix("\n"))
        framed = len(text) >= len(frame.above) + len(frame.below)
        if framed and text.startswith(frame.above) and text.endswith(frame.below):
            text = text[len(frame.above) : len(text) - len(frame.below)]
        return as_answer(text, frame.original)


def _shown_above(view: View) -> int:
    """Return the length of what is shown right above the range, without the headers farther up."""
    return view.task.edit_start - view.document.start_of(view.window.first_line)


def _earlier(view: View, frame: Frame) -> str:
    """Return the window before the newest edit, where that was in it."""
    text = f"{frame.above}{frame.original}{frame.below}"
    newest = view.edits[-1] if view.edits else None
    return before(text, newest.diff) if newest and newest.path == view.task.path else text


def _first_line(view: View, frame: Frame) -> int:
    return view.document.first + 1 - frame.above.count("\n")


def _last_line(view: View, frame: Frame) -> int:
    return view.document.end + frame.below.count("\n")


def _tail(text: str, lines: int) -> str:
    """Return the last lines of a text whose lines end in LF."""
    kept = text.split("\n")[-lines - 1 :]
    return "\n".join(kept) if lines else kept[-1]


def _head(text: str, lines: int) -> str:
    """Return the first lines of a text whose lines begin with LF."""
    return "\n".join(text.split("\n")[: lines + 1])
