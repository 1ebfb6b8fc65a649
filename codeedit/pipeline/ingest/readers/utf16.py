"""Replacements whose offsets count UTF-16 code units, as JavaScript editors write them.

An editor may compute a change by comparing code units, and so replace one half of a surrogate pair: U+1F600
becomes U+1F601 by its second unit alone.  Such a change is widened by the other half, which gives the same
text.  One that would leave half a pair in the document is refused: no file could hold it.
"""

from __future__ import annotations

from typing import Final

from codeedit.pipeline.ingest.document import Document, PositionError, is_text
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.text_edits import Change

HALF: Final = "half of a surrogate pair"

Units = tuple[int, int, str]  # start, end, text; offsets in UTF-16 code units; the text may hold halves


def from_units(document: Document, replacements: list[Units]) -> list[Change]:
    """Convert the replacements of one editor action to code points.

    Args:
        document: the text before the action, which all offsets refer to.
        replacements: in order, none overlapping another.

    Raises:
        Unreadable: they overlap, an offset is not there, or half a pair would be left.
    """
    changes: list[Change] = []
    reached = 0
    for start, end, _ in replacements:
        if start < reached:
            raise Unreadable("overlapping replacements")
        reached = end
    try:
        for start, end, text in replacements:
            changes.append((document.code_points(start), document.code_points(end), text))
    except PositionError:
        changes.clear()
    if len(changes) == len(replacements) and all(is_text(text) for _, _, text in replacements):
        return changes
    return [_widened(document, *whole) for whole in _joined(replacements)]


def _joined(replacements: list[Units]) -> list[Units]:
    """Join replacements that meet: one may bring or leave the half that the other lacks."""
    joined: list[Units] = []
    for start, end, text in replacements:
        if joined and joined[-1][1] == start:
            first, _, before = joined.pop()
            joined.append((first, end, before + text))
        else:
            joined.append((start, end, text))
    return joined


def _widened(document: Document, start: int, end: int, text: str) -> Change:
    low, high = start - _splits(document, start), end + _splits(document, end)
    try:
        first, last = document.code_points(low), document.code_points(high)
    except PositionError as error:
        raise Unreadable(str(error)) from None
    units = document.slice(first, last).encode("utf-16-le")
    before, after = units[: 2 * (start - low)], units[len(units) - 2 * (high - end) :]
    try:
        whole = before + text.encode("utf-16-le", "surrogatepass") + after
        return first, last, whole.decode("utf-16-le")
    except UnicodeDecodeError:
        raise Unreadable(HALF) from None


def _splits(document: Document, offset: int) -> bool:
    """Whether an offset lies inside a surrogate pair."""
    if not 0 < offset < document.utf16_length:
        return False
    try:
        document.code_points(offset)
    except PositionError:
        return True
    return False
