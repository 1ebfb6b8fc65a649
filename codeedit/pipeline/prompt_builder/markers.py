r"""The markers of the prompt's text, and how code that already contains one is escaped.

The markers of ``paper`` are those of Zed's first zeta format, and one of our own for "nothing changes";
other templates have sets of their own.  In code, ``<|user_cursor_is_here|>`` becomes
``<\|user_cursor_is_here|>``; one more backslash is added to what already looks escaped, so that
``unescape(escape(text)) == text`` for every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

REGION_START = "<|editable_region_start|>"
REGION_END = "<|editable_region_end|>"
CURSOR = "<|user_cursor_is_here|>"
NO_CHANGE = "<|no_change|>"
MARKERS = (REGION_START, REGION_END, CURSOR, NO_CHANGE)


class Escaper:
    """Makes a set of markers harmless in code, reversibly.

    Args:
        markers: each begins with a character that occurs nowhere else in any of them, has another one
            after it, and holds neither a backslash nor a line end.
        patterns: regular expressions of further markers, such as numbered ones; the same holds for them.
    """

    __slots__ = ("_escapable", "_escaped")

    def __init__(self, markers: Iterable[str], patterns: Iterable[str] = ()) -> None:
        rests: dict[str, list[str]] = {}
        for marker in markers:
            rests.setdefault(marker[0], []).append(re.escape(marker[1:]))
        for pattern in patterns:
            rests.setdefault(pattern[0], []).append(pattern[1:])
        self._escapable = _any_of(rests, r"\\*")
        self._escaped = _any_of(rests, r"\\+")

    def escape(self, text: str) -> str:
        """Return the text with every marker in it made harmless."""
        return self._escapable.sub(lambda match: f"{match[0][0]}\\{match[0][1:]}", text)

    def unescape(self, text: str) -> str:
        """Undo ``escape``; bare markers stay as they are."""
        return self._escaped.sub(lambda match: match[0][0] + match[0][2:], text)


def _any_of(rests: dict[str, list[str]], backslashes: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"{re.escape(first)}{backslashes}(?:{'|'.join(rest)})" for first, rest in rests.items())
    )


_PAPER = Escaper(MARKERS)
escape = _PAPER.escape
unescape = _PAPER.unescape
