"""google-re2, which matches in linear time on any input; compiled when first used.

Texts are handed over as `latin` bytes: one byte per code point, ``?`` for what Latin-1 does not have, so that
positions need no conversion.  Patterns are ASCII and never match the empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

# (text, from, to) -> the first match, (-1, -1) without one.
Search = Callable[[bytes, int, int], tuple[int, int]]
_BEHIND = 40  # characters from where a match may end to where the engine stops reading for it
_LONGEST_NEAR = 200  # characters of a match of `before`
_LONGEST = 2000  # characters of a match that are looked for


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
        self._search: Search | None = None

    def _engine(self) -> Search:
        import re2

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = 64 << 20
        self._search = search = searching(re2.compile(self._pattern.encode("latin-1"), options))
        return search

    def start(self, raw: bytes, position: int = 0, end: int | None = None) -> int:
        """Return where the first match begins, -1 without one."""
        search = self._search or self._engine()
        end = len(raw) if end is None else min(end, len(raw))
        return search(raw, position, end)[0] if position <= end else -1

    def near(self, raw: bytes, ends: Sequence[int] | None, usual: int = 80) -> Iterator[tuple[int, int]]:
        """Yield where the matches lie.

        Args:
            raw: the text.
            ends: where matches may end, ascending; ``None`` where that is not known.
            usual: how long most matches are at most; where none is found, one may be longer.
        """
        if ends is None:
            yield from self.spans(raw, 0, len(raw))
            return
        search = self._search or self._engine()
        position, size = 0, len(raw)
        for end in ends:
            while end > position:
                stop = min(size, end + _BEHIND)
                low = max(position, end - usual)
                span = search(raw, low, stop)
                if span[0] < 0 and low > position:
                    span = search(raw, max(position, end - _LONGEST), stop)
                if span[0] < 0:
                    break
                yield span
                position = span[1]

    def before(self, raw: bytes, places: Sequence[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
        """Yield where the matches lie that begin in some places or so many characters before them.

        Args:
            raw: the text.
            places: stretches of it, by position.
            most: characters.
        """
        search = self._search or self._engine()
        position, size = 0, len(raw)
        for start, end in places:
            low, stop = max(position, start - most), min(size, end + _BEHIND)
            while low < stop:
                span = search(raw, low, stop)
                if span[0] < 0:  # one may begin here whose end lies beyond
                    position = max(position, stop - _LONGEST_NEAR)
                    break
                if span[0] >= end:
                    position = span[0]
                    break
                yield span
                low = position = span[1]

    def spans(self, raw: bytes, position: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the matches between two positions lie."""
        search = self._search or self._engine()
        end = min(end, len(raw))
        while position < end:
            span = search(raw, position, end)
            if span[0] < 0:
                return
            yield span
            position = span[1]


def apart(ends: Sequence[list[int]]) -> Iterator[tuple[int | None, list[int]]]:
    """Yield which of some patterns ends where, place by place; ``None`` where several are near each other.

    Args:
        ends: where the matches of each pattern may end, ascending.
    """
    some = [(which, near) for which, near in enumerate(ends) if near]
    if len(some) < 2:
        yield from some
        return
    ordered = sorted((end, which) for which, near in some for end in near)
    which: int | None = ordered[0][1]
    near: list[int] = []
    for end, other in ordered:
        if near and end - near[-1] > _LONGEST + _BEHIND:
            yield which, near
            which, near = other, []
        near.append(end)
        if other != which:
            which = None
    yield which, near


def searching(compiled: Any) -> Search:  # noqa: ANN401 - re2 has no types
    """Return the search of a compiled pattern: the engine's own, or the wrapper's where there is no such.

    The wrapper makes a generator and a match object for each search, which costs more than most searches do.
    """
    import re2

    engine = getattr(compiled, "_regexp", None)
    anchor = getattr(getattr(getattr(re2, "_re2", None), "RE2", None), "Anchor", None)
    if engine is None or anchor is None:
        return lambda raw, start, end: _span(compiled.search(raw, start, end))
    match, anywhere = engine.Match, anchor.UNANCHORED
    return lambda raw, start, end: match(anywhere, raw, start, end)[0]


def _span(match: Any) -> tuple[int, int]:  # noqa: ANN401 - re2 has no types
    return (-1, -1) if match is None else (match.start(), match.end())
