"""The text formats of prompts, by name; one file each, and a user's own from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.templates import fim
from codeedit.pipeline.prompt_builder.templates.blocks import Blocks
from codeedit.pipeline.prompt_builder.templates.brief import Brief
from codeedit.pipeline.prompt_builder.templates.paper import Paper
from codeedit.pipeline.prompt_builder.templates.zeta import Zeta
from codeedit.pipeline.prompt_builder.templates.zeta2 import Zeta2
from codeedit.registry import Registry

FIM = "fim"  # of the family whose tokens the tokenizer has; without a tokenizer Qwen's

TEMPLATES: Registry[Template] = Registry(
    "template",
    {
        "paper": Paper(),
        "blocks": Blocks(),
        "brief": Brief(),
        "zeta": Zeta(),
        "zeta2": Zeta2(),
        FIM: fim.TEMPLATES["fim-qwen"],
        **fim.TEMPLATES,
    },
)


def find_template(name: str | Template, tokenizer: Any = None) -> Template:  # noqa: ANN401 - transformers' own
    """Return a template by its name, or by the path of its ``.toml`` file.

    Args:
        name: a name of ``TEMPLATES``, a path, or a template, which is returned as it is.
        tokenizer: of the model that is to read the prompts, where that is known: ``fim`` then means the
            family whose tokens it has.

    Raises:
        UnknownNameError: there is no such name.
        InputError: the file is not a template, or the tokenizer lacks tokens that the template needs.
    """
    if not isinstance(name, str):
        template = name
    elif name in TEMPLATES:
        template = TEMPLATES[name]
    elif name.endswith(".toml"):
        from codeedit.pipeline.prompt_builder.templates.files import read_template

        template = read_template(Path(name))
    else:
        raise TEMPLATES.unknown(name)
    if tokenizer is None:
        return template
    if name == FIM:
        fitting = [one for one in fim.TEMPLATES.values() if not missing_tokens(one, tokenizer)]
        template = fitting[0] if fitting else template
    missing = missing_tokens(template, tokenizer)
    if missing:
        raise InputError(
            f"template {template.name} needs tokens that this model's tokenizer lacks: {' '.join(missing)}",
            hint="choose a base model of that family, or another template",
        )
    return template


def missing_tokens(template: Template, tokenizer: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the tokens that the template needs and the tokenizer does not have."""
    vocabulary = tokenizer.get_vocab() if template.tokens else {}
    return tuple(token for token in template.tokens if token not in vocabulary)
