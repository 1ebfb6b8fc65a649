"""What a template is: it renders the prompt and the answer, and reads answers."""

from __future__ import annotations

from typing import Protocol

from codeedit.pipeline.prompt_builder.answer import Answer
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.view import Frame, View
from codeedit.records import HistoryEdit, RelatedFile


class Template(Protocol):
    """One text format, in both directions: ``parse(render_answer(view), frame(view))`` is the edit."""

    @property
    def name(self) -> str:
        """What ``--template`` takes."""

    @property
    def plain(self) -> bool:
        """Whether the prompt is one text for a model without chat template, rather than chat messages."""

    @property
    def shows_code(self) -> bool:
        """Whether the prompt has room for the code around the range."""

    @property
    def most_edits(self) -> int | None:
        """How many of the newest edits the prompt shows at most; None: as many as fit."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that the model's vocabulary must have."""

    @property
    def markers(self) -> tuple[str, ...]:
        """The texts of the format that a vocabulary may have as single tokens (``--special-tokens``)."""

    @property
    def stops(self) -> tuple[str, ...]:
        """Texts after which nothing of an answer is read; generation may stop there."""

    def render(self, view: View) -> tuple[Message, ...]:
        """Return the chat messages, the system message first; of a plain template one user message."""

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit of the history as the prompt shows it."""

    def render_related(self, file: RelatedFile) -> str:
        """Return an excerpt of another file as the prompt shows it; empty where the format has no place."""

    def render_answer(self, view: View) -> str:
        """Return what a perfect model answers."""

    def frame(self, view: View) -> Frame:
        """Return what ``parse`` has to know of this prompt."""

    def parse(self, answer: str, frame: Frame) -> Answer:
        """Read a model's answer."""
