"""Task to ``<prompt>``/``<edit>``, and a model's answer back to an edit."""

from codeedit.pipeline.prompt_builder.answer import Answer, Status, parse
from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError
from codeedit.pipeline.prompt_builder.builder import build, render_answer
from codeedit.pipeline.prompt_builder.prompt import Message, Prompt
from codeedit.pipeline.prompt_builder.prompt_table import Lengths, build_prompts, write_prompts

__all__ = [
    "Answer",
    "Budget",
    "Lengths",
    "Message",
    "Prompt",
    "PromptTooLongError",
    "Status",
    "build",
    "build_prompts",
    "parse",
    "render_answer",
    "write_prompts",
]
