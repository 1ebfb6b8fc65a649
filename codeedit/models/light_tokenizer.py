"""The part of a transformers tokenizer that building prompts needs, without transformers, which loads torch.

Only for tokenizers that ``tokenizer.json`` says all of, such as tiny's; the results are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_GENERIC = ("PreTrainedTokenizerFast", "TokenizersBackend")


@dataclass(frozen=True)
class LightTokenizer:
    """Counts tokens and renders chats."""

    folder: Path
    chat_template: str

    @cached_property
    def backend_tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers' own
        """The Rust tokenizer, by transformers' name for it."""
        from tokenizers import Tokenizer

        backend = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        backend.no_truncation()
        backend.no_padding()
        return backend

    @cached_property
    def _template(self) -> Any:  # noqa: ANN401 - jinja2's own
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        return ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(
            self.chat_template
        )

    def __call__(self, text: str | Sequence[str], *, add_special_tokens: bool = True) -> dict[str, list[Any]]:
        """Return the token ids of a text, or of each text of several, as ``input_ids``."""
        encode = self.backend_tokenizer.encode
        if isinstance(text, str):
            return {"input_ids": encode(text, add_special_tokens=add_special_tokens).ids}
        return {"input_ids": [encode(one, add_special_tokens=add_special_tokens).ids for one in text]}

    def get_vocab(self) -> dict[str, int]:
        """Return the tokens and their ids, added ones included."""
        vocabulary: dict[str, int] = self.backend_tokenizer.get_vocab(with_added_tokens=True)
        return vocabulary

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token ids, special tokens included."""
        text: str = self.backend_tokenizer.decode(list(ids), skip_special_tokens=False)
        return text

    def apply_chat_template(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        add_generation_prompt: bool = False,
        tokenize: bool = False,
    ) -> str:
        """Return the chat as text.

        Raises:
            ValueError: tokens are asked for.
        """
        if tokenize:
            raise ValueError("this tokenizer renders text only")
        text: str = self._template.render(messages=messages, add_generation_prompt=add_generation_prompt)
        return text


def light_tokenizer(folder: Path) -> LightTokenizer | None:
    """Return the tokenizer in a folder, or None where it is not of the generic kind."""
    config = folder / "tokenizer_config.json"
    if not config.is_file() or not (folder / "tokenizer.json").is_file():
        return None
    settings = json.loads(config.read_text(encoding="utf-8"))
    if settings.get("tokenizer_class") not in _GENERIC:
        return None
    beside = folder / "chat_template.jinja"
    template = beside.read_text(encoding="utf-8") if beside.is_file() else settings.get("chat_template")
    return LightTokenizer(folder, template) if isinstance(template, str) else None
