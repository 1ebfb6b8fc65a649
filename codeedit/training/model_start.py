"""The model that a run begins with, and how its prompts reach it: template, tokenizer, chat template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import fix_chat_variables, load_prompt_tokenizer
from codeedit.pipeline.prompt_builder import Budget, Template, find_template, plain_chat_template
from codeedit.training.settings import Setting, ours


@dataclass(frozen=True, slots=True)
class ModelStart:
    """A model and the format of its prompts."""

    source: str  # a folder, or a name on the hub
    template: Template
    tokenizer: Any  # of the model: counts, and renders chats
    added: tuple[str, ...] = ()  # tokens that the vocabulary got
    chat: Mapping[str, Any] = field(default_factory=dict)  # variables fixed in the tokenizer's chat template

    def budget(self, limit: int) -> Budget:
        """Return the budget of prompts with so many tokens."""
        return Budget.for_tokenizer(self.tokenizer, limit, plain=self.template.plain)

    def settings(self, source: str, key: str) -> list[Setting]:
        """Return verl's settings for a model that lies at ``source`` when it starts.

        Args:
            source: folder, or name on the hub.
            key: of the model in verl's configuration.
        """
        found = [ours(f"{key}.path", source)] if self.added else []
        if self.template.plain:  # verl puts every prompt into a chat template
            found.append(ours(f"{key}.custom_chat_template", plain_chat_template(self.tokenizer)))
        elif self.chat:
            found.append(ours(f"{key}.custom_chat_template", self.tokenizer.chat_template))
        return found


def model_start(
    source: str,
    template: str,
    *,
    special_tokens: bool,
    folder: Path,
    chat: Mapping[str, Any] | None = None,
) -> ModelStart:
    """Return what a run begins with.

    Args:
        source: the model, as transformers loads it.
        template: the prompts' text format.
        special_tokens: whether the format's markers become single tokens of the vocabulary.
        folder: where a model with more tokens is written.
        chat: variables to fix in the chat template; None: none.

    Raises:
        InputError: there is no such template, the tokenizer lacks what it needs, or its chat
            template does not read such a variable.
        CodeEditError: the model cannot be loaded.
    """
    added: tuple[str, ...] = ()
    if special_tokens:
        from codeedit.models.special_tokens import extend_model

        added = extend_model(source, find_template(template).markers, folder)
    tokenizer = load_prompt_tokenizer(str(folder) if added else source)
    found, variables = find_template(template, tokenizer), chat or {}
    if found.plain and variables:
        raise InputError(
            f"{template} is no chat: there is no {', '.join(variables)} to set", hint="leave it out"
        )
    tokenizer = fix_chat_variables(tokenizer, variables)
    return ModelStart(source, found, tokenizer, added, variables)
