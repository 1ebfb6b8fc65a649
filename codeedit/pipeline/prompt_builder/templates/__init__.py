"""The text formats of prompts, by name; one file each."""

from __future__ import annotations

from typing import Protocol

from codeedit.pipeline.prompt_builder.budget import Window
from codeedit.pipeline.prompt_builder.prompt import Message
from codeedit.pipeline.prompt_builder.templates import paper
from codeedit.records import HistoryEdit, Task
from codeedit.registry import Registry


class Template(Protocol):
    """What a template's module has."""

    def render(self, task: Task, window: Window) -> tuple[Message, ...]:
        """Return the chat messages that show this much of the task; the system message first."""

    def render_edit(self, edit: HistoryEdit) -> str:
        """Return one edit of the history as the prompt shows it."""


TEMPLATES: Registry[Template] = Registry("template", {"paper": paper})
