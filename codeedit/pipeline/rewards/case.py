"""What a term of the reward judges: one readable answer to one task."""

from __future__ import annotations

from dataclasses import dataclass, field

from codeedit.pipeline.prompt_builder.context import Context


@dataclass(frozen=True, slots=True)
class Case:
    """One readable answer to one task."""

    text: str  # the range's new text, as answered
    truth: str  # the true one
    original: str  # the range's text before the edit
    language: str = ""
    context: Context = field(default_factory=Context)
