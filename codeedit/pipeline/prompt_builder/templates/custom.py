"""A user's own template: a Jinja file for the prompt, and a few lines of TOML for the answer.

    prompt = "mine.jinja"          # beside the TOML file
    system = "You edit code."      # the system message; left out: there is none
    plain = false                  # true: one text for a model without chat template
    cursor = "<|cursor|>"          # stands where the cursor is
    markers = ["<|file|>"]         # further texts that the code is not to contain

    [answer]
    start = "<new>"                # the range's new text stands between these two; both may be left out
    end = "</new>"
    no_change = "<same>"           # the answer that keeps the range; left out: repeating the range does

The Jinja file sees ``path``, ``language``, ``project``, ``hint``, ``above``, ``region`` (the range with
the cursor), ``original`` (without), ``below``, ``edits`` (each with ``path``, ``diff``, ``age_ms`` and
``hunks`` of ``original`` and ``updated``), ``related`` (excerpts of other open files, each with ``path`` and
``code``), ``first_line``, ``last_line`` and ``lines``; code in them is
escaped.  It runs in Jinja's sandbox.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.answer import UNPARSABLE, Answer, Status, as_answer
from codeedit.pipeline.prompt_builder.hunks import Hunk, hunks
from codeedit.pipeline.prompt_builder.markers import Escaper
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile

if TYPE_CHECKING:
    import jinja2

_THINK_END = "</think>"
_UNKNOWN_NAME = re.compile(r"'\w+' is undefined")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How an answer holds the range's new text."""

    start: str = ""
    end: str = ""
    no_change: str = ""


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """One edit of the history, with its code escaped."""

    path: str
    diff: str
    age_ms: int
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Custom:
    """A template from a user's files; made by ``codeedit.pipeline.prompt_builder.templates.files``."""

    name: str  # the TOML file's path
    prompt_file: str
    template: jinja2.Template
    answer: AnswerForm
    escaper: Escaper
    cursor: str
    system: str = ""
    plain: bool = False
    shows_related: bool = False  # whether the Jinja file names `related`
    shows_code: bool = True
    most_edits: int | None = None
    tokens: tuple[str, ...] = field(default=())
    markers: tuple[str, ...] = field(default=())

    @property
    def stops(self) -> tuple[str, ...]:
        """What stands after the range's new text."""
        return (self.answer.end,) if self.answer.end else ()

    def render(self, view: View) -> tuple[Message, ...]:
        """Return the messages.

        Raises:
            InputError: the Jinja file fails on this task.
        """
        content = self._filled(self._variables(view))
        system = (Message(role="system", content=self.system),) if self.system else ()
        return (*system, Message(role="user", content=content))

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit's diff: an estimate of its length, as only the Jinja file knows how it is shown."""
        return f"{edit.path}\n{self.escaper.escape(edit.diff)}"

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt's text: an estimate of its length; empty where the Jinja file shows none."""
        return f"{file.path}\n{self.escaper.escape(file.code)}" if self.shows_related else ""

    def render_answer(self, view: View) -> str:
        """Return the range's new text between ``start`` and ``end``, with a line end beside each."""
        form, task = self.answer, view.task
        if form.no_change and task.edit == task.original:
            return form.no_change
        edit = self.escaper.escape(task.edit)
        start = f"{form.start}\n" if form.start else ""
        return f"{start}{edit}\n{form.end}" if form.end else f"{start}{edit}"

    def frame(self, view: View) -> Frame:
        """Return the range's text."""
        return Frame(view.task.original)

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read what stands between ``start`` and ``end``; without either, the answer as it stands."""
        form, text = self.answer, answer.replace("\r\n", "\n")
        if form.no_change and text.rpartition(_THINK_END)[2].strip() == form.no_change:
            return Answer(frame.original, Status.NO_CHANGE)
        if form.start:
            _, found, text = text.rpartition(form.start)  # a thought may name it too
            if not found:
                return UNPARSABLE
            text = text.removeprefix("\n")
        if form.end:
            text, found, _ = text.partition(form.end)
            if not found:
                return UNPARSABLE
            text = text.removesuffix("\n")
        if form.no_change and form.no_change in text:
            kept = text.strip() == form.no_change
            return Answer(frame.original, Status.NO_CHANGE) if kept else UNPARSABLE
        return as_answer(self.escaper.unescape(text.replace(self.cursor, "")), frame.original)

    def _filled(self, variables: Mapping[str, Any]) -> str:
        try:
            return self.template.render(variables)
        except Exception as error:  # noqa: BLE001 - a template raises what it likes
            # The text of a foreign exception may quote the task; its type and its line do not.
            frames = traceback.extract_tb(error.__traceback__)
            line = next((f.lineno for f in reversed(frames) if f.filename == self.template.filename), "?")
            raise InputError(
                f"the template fails: {_reason(error)}", where=f"{self.prompt_file}:{line}"
            ) from None

    def _variables(self, view: View) -> dict[str, Any]:
        escape, task = self.escaper.escape, view.task
        above, region, below = view.marked(self.cursor, escape)
        return {
            "path": escape(task.path),
            "language": task.language,
            "project": escape(task.project),
            "hint": escape(task.hint) if task.hint else "",
            "above": above,
            "region": region,
            "original": escape(task.original),
            "below": below,
            "edits": [self._shown(edit) for edit in view.edits],
            "related": [RelatedFile(escape(file.path), escape(file.code)) for file in view.related],
            "first_line": view.document.first + 1,
            "last_line": view.document.end,
            "lines": len(view.document),
        }

    def _shown(self, edit: HistoryEdit) -> ShownEdit:
        diff = self.escaper.escape(edit.diff)
        return ShownEdit(self.escaper.escape(edit.path), diff, edit.age_ms, hunks(diff))


def _reason(error: Exception) -> str:
    """Say what is wrong without quoting a value: only the name that the template got wrong."""
    return str(error) if _UNKNOWN_NAME.fullmatch(str(error)) else type(error).__name__
