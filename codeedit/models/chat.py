"""Chat templates with variables that are fixed, such as Qwen3's switch for thinking.

The variables become part of the template's text.  Whoever renders a prompt with it, be it the budget that
counts tokens, verl's rollouts, its SFT data or an engine, then sends the same; and a checkpoint, which
carries its template, is asked as it was trained wherever it is served.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from codeedit.errors import InputError
from codeedit.models.light_tokenizer import LightTokenizer

THINKING = "enable_thinking"  # the variable of chat templates that have the switch
NO_THINKING: Mapping[str, Any] = {THINKING: False}


def fix_chat_variables(tokenizer: Any, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - transformers'
    """Return a tokenizer whose chat template has variables fixed; transformers' own is changed in place.

    Args:
        tokenizer: of a model.
        variables: name to value; none: nothing is changed.

    Raises:
        InputError: the template does not read one of them.
    """
    if not variables:
        return tokenizer
    template = _default_template(tokenizer)
    for name in variables:
        if name not in template:
            what = "switch for thinking" if name == THINKING else f"variable {name}"
            raise InputError(f"this model's chat template has no {what}", hint="leave it out")
    lines = [f"{{% set {name} = {_literal(value)} %}}" for name, value in variables.items()]
    fixed = "".join(line for line in lines if line not in template) + template
    if isinstance(tokenizer, LightTokenizer):
        return dataclasses.replace(tokenizer, chat_template=fixed)
    tokenizer.chat_template = fixed
    return tokenizer


def _default_template(tokenizer: Any) -> str:  # noqa: ANN401
    template = getattr(tokenizer, "chat_template", None) or ""
    return str(template.get("default", "")) if isinstance(template, Mapping) else str(template)


def _literal(value: Any) -> str:  # noqa: ANN401
    """Return a value as jinja has it: JSON but for None."""
    return "none" if value is None else json.dumps(value)
