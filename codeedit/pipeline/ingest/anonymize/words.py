"""Words before a position: where one begins, and whether they make the next one a name with a value.

Names are met often and lines may be long, so nothing here looks at characters one by one.
"""

from __future__ import annotations

import re
import string

_LETTERS_AND_DIGITS = string.ascii_letters + string.digits
_DIRECTIVES = frozenset(["ENV", "ARG", "setenv", "SetEnv", "define"])
_LOGIN = re.compile(r"\blogin\Z")


def word_start(text: str, end: int, low: int, marks: str) -> int:
    """Return where a word begins whose characters are letters, digits and some marks.

    Args:
        text: code points.
        end: where the word ends, exclusive; `end` itself where no such character stands before it.
        low: the word is not followed back beyond this.
        marks: ASCII characters that belong to words too.
    """
    all_marks = _LETTERS_AND_DIGITS + marks
    while True:
        start = low + len(text[low:end].rstrip(all_marks))
        if start == low or not text[start - 1].isalnum():  # a letter beyond ASCII goes on
            return start
        end = start - 1


def takes_a_blank(head: str) -> bool:
    """Say whether a blank separates a name behind this from its value: dashes, ENV, a login of netrc."""
    if head.endswith("-"):
        before = head[:-1].removesuffix("-")
        return not before or before[-1].isspace()
    words = head.rsplit(None, 2) if head[-1:].isspace() else []
    return bool(words) and (
        words[-1] in _DIRECTIVES or (len(words) > 1 and _LOGIN.search(words[-2]) is not None)
    )
