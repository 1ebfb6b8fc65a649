"""Tokens: how many a prompt may have, and which parts of a task fit.

The order of priority is fixed: range, cursor and hint always; then the lines next to the range, the
newest edits of the history, and the lines farther away.  Nothing is cut within a line or a diff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from codeedit.errors import CodeEditError
from codeedit.pipeline.prompt_builder.prompt import Message

NEAR_LINES = 20  # lines on each side of the range that come before any history
_PROBE = "probe"


class PromptTooLongError(CodeEditError):
    """The range, the cursor and the hint alone exceed the budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a model's prompt may hold."""

    max_tokens: int  # of the whole chat prompt
    count: Callable[[Sequence[str]], list[int]]  # tokens of each text, without special tokens
    count_messages: Callable[[Sequence[Message]], int]  # tokens of the whole chat prompt
    system_role: bool = True  # whether the chat template knows one

    @classmethod
    def for_tokenizer(cls, tokenizer: Any, max_tokens: int) -> Budget:  # noqa: ANN401 - transformers' own
        """Count with a transformers tokenizer and its chat template.

        Raises:
            CodeEditError: the tokenizer has no chat template.
        """
        if not getattr(tokenizer, "chat_template", None):
            raise CodeEditError(
                "this model's tokenizer has no chat template", hint="choose an instruct model"
            )

        def count(texts: Sequence[str]) -> list[int]:
            if not texts:
                return []
            return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]]

        def count_messages(messages: Sequence[Message]) -> int:
            text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
            return count([text])[0]

        return cls(max_tokens, count, count_messages, _has_system_role(tokenizer))


def _has_system_role(tokenizer: Any) -> bool:  # noqa: ANN401
    messages = [{"role": "system", "content": _PROBE}, {"role": "user", "content": "hello"}]
    try:
        return _PROBE in tokenizer.apply_chat_template(messages, tokenize=False)
    except Exception:  # noqa: BLE001 - templates raise what they like for a role that they do not know
        return False


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a task that a prompt shows."""

    first_line: int  # 0-based line of the code
    end_line: int  # exclusive
    history: int  # number of newest edits


def windows(
    lines: Sequence[str], first: int, end: int, history: Sequence[str], budget: Budget, fixed: int
) -> Iterator[Window]:
    """Yield windows from the largest that should fit down to the range alone.

    Args:
        lines: all lines of the code.
        first: the range's first line, 0-based.
        end: the line after the range's last.
        history: rendered edits, oldest first.
        budget: whose ``count`` measures lines and edits.
        fixed: tokens of the prompt that shows the range alone.

    Yields:
        Windows that sum to at most the budget by the tokens of their parts; as tokens of parts and of
        the whole differ a little, the caller tries one after the other.
    """
    counts = budget.count([f"{line}\n" for line in lines] + [f"{edit}\n" for edit in history])
    line_cost, edit_cost = counts[: len(lines)], counts[len(lines) :]
    free = budget.max_tokens - fixed
    while free > 0:
        yield _fill(line_cost, edit_cost, first, end, free)
        free -= max(16, free // 16)
    yield Window(first, end, 0)


def _fill(line_cost: Sequence[int], edit_cost: Sequence[int], first: int, end: int, free: int) -> Window:
    top, bottom, free = _grow(line_cost, first, end, free, NEAR_LINES)
    history = 0
    for cost in reversed(edit_cost):
        if cost > free:
            break
        free -= cost
        history += 1
    top, bottom, _ = _grow(line_cost, top, bottom, free, len(line_cost))
    return Window(top, bottom, history)


def _grow(costs: Sequence[int], top: int, bottom: int, free: int, most: int) -> tuple[int, int, int]:
    """Take up to ``most`` lines on each side in turn, nearest first, while they fit."""
    above, below = top, bottom
    open_above = open_below = True
    while open_above or open_below:
        open_above = open_above and above > 0 and top - above < most and costs[above - 1] <= free
        if open_above:
            above -= 1
            free -= costs[above]
        open_below = open_below and below < len(costs) and below - bottom < most and costs[below] <= free
        if open_below:
            free -= costs[below]
            below += 1
    return above, below, free
