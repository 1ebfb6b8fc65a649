"""Replacements whose offsets count UTF-16 code units, as JavaScript editors write them.

An editor may compute a change by comparing code units, and so replace one half of a surrogate pair: U+1F600
becomes U+1F601 by its second unit alone.  It may also write a character in two steps, one half each.  Such a
change is widened by the halves beside it, which gives the same text: a document has a half by itself only as
long as the other one is not beside it.
"""

from __future__ import annotations

from codeedit.pipeline.ingest.document import Document, PositionError, is_text
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.text_edits import Change

Units = tuple[int, int, str]  # start, end, text; offsets in UTF-16 code units; the text may hold halves


def from_units(document: Document, replacements: list[Units]) -> list[Change]:
    """Convert the replacements of one editor action to code points.

    Args:
        document: the text before the action, which all offsets refer to.
        replacements: in order, none overlapping another.

    Raises:
        Unreadable: they overlap, or an offset is not there.
    """
    reached = 0
    for start, end, _ in replacements:
        if start < reached:
            raise Unreadable("overlapping replacements")
        reached = end
    if reached > document.utf16_length:
        raise Unreadable("edit past the end of the document")
    if document.has_halves or not all(is_text(text) for _, _, text in replacements):
        return _widened(document, replacements)
    try:
        return [
            (document.code_points(start), document.code_points(end), text)
            for start, end, text in replacements
        ]
    except PositionError:  # inside a pair
        return _widened(document, replacements)


def _widened(document: Document, replacements: list[Units]) -> list[Change]:
    """Widen replacements by the halves beside them, and make one of those that meet."""
    groups: list[tuple[int, int, list[Units]]] = []  # from and to in code points
    for replacement in replacements:
        first, last = _first(document, replacement[0]), _last(document, replacement[1])
        members = [replacement]
        if groups and first <= groups[-1][1]:
            first, before, earlier = groups.pop()
            last, members = max(last, before), [*earlier, replacement]
        groups.append((first, last, members))
    return [_change(document, *group) for group in groups]


def _first(document: Document, offset: int) -> int:
    """Return the last place at or before an offset that has no half on either side, in code points."""
    try:
        at = document.code_points(offset)
    except PositionError:
        return document.code_points(offset - 1)
    return at - (not is_text(document.slice(at - 1, at)))


def _last(document: Document, offset: int) -> int:
    try:
        at = document.code_points(offset)
    except PositionError:
        return document.code_points(offset + 1)
    return at + (not is_text(document.slice(at, at + 1)))


def _change(document: Document, first: int, last: int, replacements: list[Units]) -> Change:
    base, units = document.units(first), _encoded(document.slice(first, last))
    for start, end, text in reversed(replacements):
        units = units[: 2 * (start - base)] + _encoded(text) + units[2 * (end - base) :]
    return first, last, units.decode("utf-16-le", "surrogatepass")


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
