"""google-re2, which matches in linear time on any input; compiled when first used.

Texts are handed over as `latin` bytes: one byte per code point, ``?`` for what Latin-1 does not have, so that
positions need no conversion.  Patterns are ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def latin(text: str) -> bytes:
    """Return a text with one byte per code point."""
    return text.encode("latin-1", "replace")


class LinearPattern:
    """A pattern of google-re2.

    Args:
        pattern: RE2's syntax, ASCII.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._compiled: Any = None

    def _engine(self) -> Any:  # noqa: ANN401 - re2 has no types
        if self._compiled is None:
            import re2

            options = re2.Options()
            options.encoding = re2.Options.Encoding.LATIN1
            options.max_mem = 64 << 20
            self._compiled = re2.compile(self._pattern.encode("latin-1"), options)
        return self._compiled

    def start(self, raw: bytes, position: int = 0, end: int | None = None) -> int:
        """Return where the first match begins, -1 without one."""
        match = (self._compiled or self._engine()).search(raw, position, end)
        return -1 if match is None else int(match.start())

    def starts(self, raw: bytes) -> Iterator[int]:
        """Yield where the matches begin."""
        for match in (self._compiled or self._engine()).finditer(raw):
            yield match.start()

    def spans(self, raw: bytes, position: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the matches between two positions lie."""
        for match in (self._compiled or self._engine()).finditer(raw, position, end):
            yield match.span()
