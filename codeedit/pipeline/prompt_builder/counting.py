"""Tokens of texts, by the model's own tokenizer, in batches, and the pieces that recur only once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_REMEMBERED = 1 << 24  # characters; of one session's lines and diffs most recur from task to task
_LONGEST = 8_000  # characters of a piece that is remembered


def whole_counter(tokenizer: Any) -> Callable[[Sequence[str]], list[int]]:  # noqa: ANN401 - transformers' own
    """Return what counts the tokens of texts, without special tokens, in one batch.

    The Rust tokenizer is asked where there is one: it makes no copies of what is not counted, and may be
    asked from several threads at once.
    """
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or not hasattr(backend, "encode_batch_fast"):

        def count_slowly(texts: Sequence[str]) -> list[int]:
            return [len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts]

        return count_slowly
    tokenizer("", add_special_tokens=False)  # takes back a truncation that the tokenizer's file may set

    def count(texts: Sequence[str]) -> list[int]:
        encodings = backend.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    return count


class PieceCounter:
    """Counts the tokens of pieces of prompts, and remembers them.

    Args:
        count: counts the tokens of texts in one batch.
    """

    def __init__(self, count: Callable[[Sequence[str]], list[int]]) -> None:
        self._count = count
        self._known: dict[str, int] = {}
        self._size = 0  # characters of what is known

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text."""
        known = self._known
        new = list({text for text in texts if text not in known})
        fresh = dict(zip(new, self._count(new), strict=True)) if new else {}
        counts = [fresh[text] if text in fresh else known[text] for text in texts]
        if self._size > _REMEMBERED:
            self._known = known = {}
            self._size = 0
        for text, tokens in fresh.items():
            if len(text) <= _LONGEST:
                known[text] = tokens
                self._size += len(text)
        return counts
