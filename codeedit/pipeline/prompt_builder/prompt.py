"""The prompt record, and its row for verl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from codeedit.pipeline.prompt_builder.context import Context

ABILITY = "code_edit"


class Message(TypedDict):
    """One chat message."""

    role: str  # "system" or "user"
    content: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not fit into the budget, or has no place in the format."""

    code_lines: int = 0
    history_edits: int = 0
    related_files: int = 0

    def __bool__(self) -> bool:
        return bool(self.code_lines or self.history_edits or self.related_files)


@dataclass(frozen=True, slots=True)
class Prompt:
    """``<prompt>`` and ``<edit>`` of one task."""

    messages: tuple[Message, ...]
    edit: str  # ground truth: the range's new text
    original: str  # the range's text before
    no_change: bool
    task_id: str
    source: str  # the task's reader or set
    language: str
    left_out: LeftOut = LeftOut()
    shortened: bool = False  # whether the budget left something out
    tokens: int | None = None  # of the whole prompt; None where no budget was set
    template: str = "paper"  # a name, or the path of a user's own
    plain: bool = False  # whether it is one text, not to be put into a chat template
    answer: str = ""  # what a perfect model answers
    above: str = ""  # what an answer repeats above the range
    below: str = ""  # the same below the range
    context: Context | None = None  # what the reward needs beyond the range

    def as_row(self) -> dict[str, Any]:
        """Return the row that verl's data set reads."""
        context = self.context or Context()
        return {
            "data_source": self.source,
            "prompt": [dict(message) for message in self.messages],
            "edit": self.edit,
            "answer": self.answer,
            "ability": ABILITY,
            "reward_model": {"style": "rule", "ground_truth": self.edit},
            "extra_info": {
                "task_id": self.task_id,
                "language": self.language,
                "original": self.original,
                "no_change": self.no_change,
                "template": self.template,
                "above": self.above,
                "below": self.below,
                "tokens": self.tokens,
                "left_out_code_lines": self.left_out.code_lines,
                "left_out_history_edits": self.left_out.history_edits,
                "left_out_related_files": self.left_out.related_files,
                "path": context.path or None,
                "code_above": context.above,
                "code_below": context.below,
                "earlier": context.earlier,
            },
        }
