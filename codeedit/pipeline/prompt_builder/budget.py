"""Tokens: how many a prompt may have, and how they are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeedit.errors import CodeEditError, InputError
from codeedit.pipeline.prompt_builder.counting import PieceCounter, whole_counter
from codeedit.pipeline.prompt_builder.prompt import Message

_PROBE = "probe"
_FRAME = 8  # tokens of a chat template around a message, at most about


class PromptTooLongError(CodeEditError):
    """The range, the cursor and the hint alone exceed the budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a model's prompt may hold."""

    max_tokens: int  # of the whole prompt
    count: Callable[[Sequence[str]], list[int]]  # tokens of each text, without special tokens
    count_messages: Callable[[Sequence[Message]], int]  # tokens of the whole prompt
    system_role: bool = True  # whether the chat template knows one

    def estimate(self, messages: Sequence[Message]) -> int:
        """Return nearly the tokens of a prompt: what recurs from prompt to prompt is not counted again."""
        return sum(self.count([message["content"] for message in messages])) + _FRAME * len(messages)

    @classmethod
    def for_tokenizer(
        cls,
        tokenizer: Any,  # noqa: ANN401 - transformers' own
        max_tokens: int,
        *,
        plain: bool = False,
    ) -> Budget:
        """Count with a transformers tokenizer.

        Args:
            tokenizer: of the model that reads the prompts.
            max_tokens: of the whole prompt.
            plain: whether prompts are one text (``Template.plain``), not put into the chat template.

        Raises:
            InputError: the tokenizer has no chat template, and needs one.
        """
        count = whole_counter(tokenizer)
        if plain:
            start = len(_start_ids(tokenizer))

            def count_plain(messages: Sequence[Message]) -> int:
                return count([_text_of(messages)])[0] + start

            return cls(max_tokens, PieceCounter(count), count_plain)
        if not getattr(tokenizer, "chat_template", None):
            raise InputError(
                "this model's tokenizer has no chat template",
                hint="choose an instruct model, or a template for base models, such as fim",
            )

        def count_messages(messages: Sequence[Message]) -> int:
            text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
            return count([text])[0]

        return cls(max_tokens, PieceCounter(count), count_messages, _has_system_role(tokenizer))


def plain_chat_template(tokenizer: Any) -> str:  # noqa: ANN401
    """Return the chat template that passes plain prompts through, after the tokens that begin every text.

    Set as ``tokenizer.chat_template`` it lets verl and the engines, which all apply one, run plain
    prompts.
    """
    start = tokenizer.decode(_start_ids(tokenizer)).replace("'", "\\'")
    return f"{{{{ '{start}' }}}}{{% for message in messages %}}{{{{ message['content'] }}}}{{% endfor %}}"


def _start_ids(tokenizer: Any) -> list[int]:  # noqa: ANN401
    """Return the tokens that the tokenizer itself puts before a text."""
    bare = tokenizer(_PROBE, add_special_tokens=False)["input_ids"]
    full = tokenizer(_PROBE)["input_ids"]
    at = next((n for n in range(len(full)) if full[n : n + len(bare)] == bare), 0)
    return list(full[:at])


def _text_of(messages: Sequence[Message]) -> str:
    return "".join(message["content"] for message in messages)


def _has_system_role(tokenizer: Any) -> bool:  # noqa: ANN401
    messages = [{"role": "system", "content": _PROBE}, {"role": "user", "content": "hello"}]
    try:
        return _PROBE in tokenizer.apply_chat_template(messages, tokenize=False)
    except Exception:  # noqa: BLE001 - templates raise what they like for a role that they do not know
        return False
