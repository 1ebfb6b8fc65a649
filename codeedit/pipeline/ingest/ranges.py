"""How the edit range of a task is chosen: ``--range syntax``, ``lines:N`` or ``log``.

None of them looks at the answer: all they know is the code, the cursor, and what the editor itself had
recorded before the edit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from codeedit.errors import InputError
from codeedit.pipeline.ingest.edit_range import EditRange, Parse, edit_range
from codeedit.pipeline.ingest.quality import MAX_EDIT_CHARS
from codeedit.registry import Registry, UnknownNameError

DEFAULT_RANGE: Final = "syntax"
MOST_LINES: Final = 200
_WHERE: Final = "--range"


@dataclass(frozen=True, slots=True)
class Place:
    """What a range is chosen by."""

    code: str  # LF line ends
    cursor: int  # code points in `code`
    language: str
    path: str
    parse: Parse  # makes the syntax tree
    recorded: tuple[int, int] | None  # the range that the editor recorded, code points in `code`


class RangeStrategy(Protocol):
    """Chooses ranges."""

    def choose(self, place: Place) -> tuple[EditRange, str]:
        """Return the range, whole lines that need not hold the cursor, and the name of what chose it."""


@dataclass(frozen=True, slots=True)
class SyntaxRange:
    """The largest syntax node around the cursor that is small enough; see ``edit_range``."""

    def choose(self, place: Place) -> tuple[EditRange, str]:
        """Return the node's lines."""
        found = edit_range(place.code, place.cursor, place.language, place.path, parse=place.parse)
        return found, "syntax"


@dataclass(frozen=True, slots=True)
class LinesRange:
    """So many lines with the cursor's in their middle; near an end of the code the window moves."""

    lines: int

    def choose(self, place: Place) -> tuple[EditRange, str]:
        """Return the window: fewer lines only where the code has fewer."""
        code, row = place.code, place.code.count("\n", 0, place.cursor)
        total = code.count("\n") + 1
        first = max(0, min(row - (self.lines - 1) // 2, total - self.lines))
        start = _line_start(code, place.cursor, row - first)
        end = start
        for _ in range(min(self.lines, total)):
            end = code.find("\n", end) + 1 or len(code) + 1
        return EditRange(start, end - 1), "lines"


@dataclass(frozen=True, slots=True)
class LogRange:
    """The range that the editor recorded, in whole lines; by syntax where there is none, or a long one."""

    def choose(self, place: Place) -> tuple[EditRange, str]:
        """Return the recorded range, or another."""
        if place.recorded is None or place.recorded[1] - place.recorded[0] > MAX_EDIT_CHARS:
            return SyntaxRange().choose(place)
        start, end = place.recorded
        end -= end > start and place.code[end - 1] == "\n"
        below = place.code.find("\n", end)
        return EditRange(
            place.code.rfind("\n", 0, start) + 1, below if below >= 0 else len(place.code)
        ), "log"


def _line_start(code: str, at: int, above: int) -> int:
    """Return where the line begins that stands so many lines above the one at an offset."""
    start = code.rfind("\n", 0, at) + 1
    for _ in range(above):
        start = code.rfind("\n", 0, start - 1) + 1
    return start


def _syntax(size: str) -> RangeStrategy:
    return _plain("syntax", size, SyntaxRange())


def _log(size: str) -> RangeStrategy:
    return _plain("log", size, LogRange())


def _plain(name: str, size: str, strategy: RangeStrategy) -> RangeStrategy:
    if size:
        raise InputError(f"{name} takes no size", where=_WHERE, hint="only lines:N has one")
    return strategy


def _lines(size: str) -> RangeStrategy:
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= MOST_LINES):
        hint = f"as in lines:20, from 1 to {MOST_LINES}"
        raise InputError(f"lines needs a number, not {size!r}", where=_WHERE, hint=hint)
    return LinesRange(int(size))


RANGES: Registry[Callable[[str], RangeStrategy]] = Registry(
    "range strategy", {"syntax": _syntax, "lines": _lines, "log": _log}
)


@lru_cache(maxsize=16)
def range_strategy(text: str) -> RangeStrategy:
    """Return a strategy as it is written on the command line.

    Raises:
        UnknownNameError: there is none of that name.
        InputError: its size is missing, or no size that it can have.
    """
    name, _, size = text.partition(":")
    if name not in RANGES:
        unknown = RANGES.unknown(name)
        raise UnknownNameError(unknown.message, where=_WHERE, hint=unknown.hint)
    return RANGES[name](size)
