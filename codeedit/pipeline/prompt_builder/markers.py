r"""The markers of the prompt's text, and how code that already contains one is escaped.

The markers are those of Zed's first zeta format, and one of our own for "nothing changes".  In code,
``<|user_cursor_is_here|>`` becomes ``<\|user_cursor_is_here|>``; one more backslash is added to what
already looks escaped, so that ``unescape(escape(text)) == text`` for every text.
"""

from __future__ import annotations

import re

REGION_START = "<|editable_region_start|>"
REGION_END = "<|editable_region_end|>"
CURSOR = "<|user_cursor_is_here|>"
NO_CHANGE = "<|no_change|>"
MARKERS = (REGION_START, REGION_END, CURSOR, NO_CHANGE)

_NAMES = "|".join(re.escape(marker[2:-2]) for marker in MARKERS)
_ESCAPABLE = re.compile(rf"<(\\*)\|({_NAMES})\|>")
_ESCAPED = re.compile(rf"<\\(\\*)\|({_NAMES})\|>")


def escape(text: str) -> str:
    """Return the text with every marker in it made harmless."""
    return _ESCAPABLE.sub(r"<\1\\|\2|>", text)


def unescape(text: str) -> str:
    """Undo ``escape``; bare markers stay as they are."""
    return _ESCAPED.sub(r"<\1|\2|>", text)
