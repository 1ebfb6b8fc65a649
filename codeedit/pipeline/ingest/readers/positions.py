"""Positions by line and column, as editors state them, become offsets in code points."""

from __future__ import annotations

from typing import Final

from codeedit.pipeline.ingest.document import Document, PositionError, utf16_length
from codeedit.pipeline.ingest.readers.fields import Unreadable, count

_UNITS: Final = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_HALVES: Final = "surrogatepass"
ENCODINGS: Final = frozenset(_UNITS)


def offset_at(document: Document, position: object, encoding: str = "utf-16") -> int:
    """Return where a position lies, in code points; one beyond a line's end lies at its end.

    Args:
        document: its text as it is.
        position: an object of ``line`` and ``character``, both 0-based.
        encoding: what ``character`` counts the units of.

    Raises:
        Unreadable: wrong types, no such line, or a place inside a character.
    """
    start, line, units = _line_at(document, position)
    if line.isascii():
        return start + min(units, len(line))
    codec, width = _codec(encoding)
    try:
        return start + len(line.encode(codec, _HALVES)[: units * width].decode(codec, _HALVES))
    except UnicodeDecodeError:
        raise Unreadable("offset inside a character") from None


def units_at(document: Document, position: object) -> int:
    """Return where a position in UTF-16 code units lies, in those, also inside a character.

    Args:
        document: its text as it is.
        position: as in `offset_at`.

    Raises:
        Unreadable: wrong types, or no such line.
    """
    start, line, units = _line_at(document, position)
    return document.units(start) + min(units, utf16_length(line))


def length_in(text: str, encoding: str) -> int:
    """Return how many units a text has in an encoding.

    Raises:
        Unreadable: the encoding is not known.
    """
    codec, width = _codec(encoding)
    return len(text.encode(codec, _HALVES)) // width


def _line_at(document: Document, position: object) -> tuple[int, str, int]:
    """Return where a position's line begins, in code points, the line, and the position in it in units."""
    row, units = count(position, "line"), count(position, "character")
    try:
        start, line = document.line(row)
    except PositionError as error:
        raise Unreadable(str(error)) from None
    if "\r" in line:
        raise Unreadable("lone carriage return")
    return start, line, units


def _codec(encoding: str) -> tuple[str, int]:
    if encoding not in _UNITS:
        raise Unreadable("unknown encoding of positions")
    return _UNITS[encoding]
