"""Task to ``<prompt>``/``<edit>``, and a model's answer back to an edit."""

from codeedit.pipeline.prompt_builder.answer import Answer, Status
from codeedit.pipeline.prompt_builder.budget import Budget, PromptTooLongError, plain_chat_template
from codeedit.pipeline.prompt_builder.builder import build, parse, render_answer
from codeedit.pipeline.prompt_builder.prompt import Message, Prompt
from codeedit.pipeline.prompt_builder.prompt_table import Lengths, build_prompts, write_prompts
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.templates import TEMPLATES, find_template

__all__ = [
    "TEMPLATES",
    "Answer",
    "Budget",
    "Lengths",
    "Message",
    "Prompt",
    "PromptTooLongError",
    "Status",
    "Template",
    "build",
    "build_prompts",
    "find_template",
    "parse",
    "plain_chat_template",
    "render_answer",
    "write_prompts",
]
