"""Where the word around a position begins, found without a look at each character by itself."""

from __future__ import annotations

import string

_LETTERS_AND_DIGITS = string.ascii_letters + string.digits


def word_start(text: str, end: int, low: int, marks: str) -> int:
    """Return where a word begins whose characters are letters, digits and some marks.

    Args:
        text: code points.
        end: where the word ends, exclusive; `end` itself where no such character stands before it.
        low: the word is not followed back beyond this.
        marks: ASCII characters that belong to words too.
    """
    while True:
        start = low + len(text[low:end].rstrip(_LETTERS_AND_DIGITS + marks))
        if start == low or not text[start - 1].isalnum():  # a letter beyond ASCII goes on
            return start
        end = start - 1
