"""Zeta 2's numbered markers: where they stand in a region, and what an answer between two of them means.

``<|marker_1|>`` stands at the region's beginning, the last one at its end, and others between blocks of
lines; none adds a line end of its own.  An answer names the block where it begins and the one where it
ends, and holds the new text between them; two equal markers mean that nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST, MOST = 6, 16  # lines of a block
_FARTHEST = 5  # lines by which a boundary moves down to leave a block's closing lines together
MARKER = re.compile(r"<\|marker_(\d{1,6})\|>")
_CLOSING = re.compile(r"\s*(?:[)\]}].*|(?:break|continue|return|throw|end);*\s*|)")


def marker(number: int) -> str:
    """Return the marker with this number, counted from 1."""
    return f"<|marker_{number}|>"


def boundaries(region: str) -> tuple[int, ...]:
    """Return where markers stand, in code points: 0, the beginnings of further blocks, the region's end."""
    lines = region.split("\n")
    count = len(lines) - (len(lines) > 1 and not lines[-1])
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found, last, number = [0], 0, 1
    while number < count:
        size = number - last
        after_blank = not lines[number - 1].strip() and bool(lines[number].strip())
        if size >= MOST or (size >= LEAST and after_blank):
            at = _not_closing(lines, number, count)
            if size >= MOST or count - at >= LEAST:
                found.append(starts[at])
                last = number = at
        number += 1
    return (*found, len(region))


def _not_closing(lines: Sequence[str], number: int, count: int) -> int:
    below = range(number, min(count, number + _FARTHEST))
    return next((at for at in below if not _CLOSING.fullmatch(lines[at])), number)


def nearest(places: Sequence[int], offset: int) -> int:
    """Return the number of the marker that stands nearest to an offset."""
    return min(range(len(places)), key=lambda index: abs(places[index] - offset)) + 1


def encode(original: str, edit: str, cursor: int) -> list[tuple[str, str]]:
    """Return what an answer holds: pairs of a marker and the text after it; the last text is empty.

    Args:
        original: the region's text.
        edit: its new text.
        cursor: code points in ``original``; for an answer without change.
    """
    places = boundaries(original)
    if edit == original:
        tag = marker(nearest(places, cursor))
        return [(tag, ""), (tag, "")]
    same_before = _common(original, edit)
    same_after = _common(original[same_before:][::-1], edit[same_before:][::-1])
    changed_to = len(original) - same_after
    first = max(index for index, place in enumerate(places) if place <= same_before)
    last = min(index for index, place in enumerate(places) if place >= changed_to)
    first = min(first, len(places) - 2)
    last = max(last, first + 1)
    grown = len(edit) - len(original)
    cuts, end = [places[first]], places[last] + grown
    for place in places[first + 1 : last]:
        inside = place if place <= same_before else place + grown
        cuts.append(min(_line_start(edit, max(cuts[-1], min(inside, end))), end))
    texts = [edit[start:stop] for start, stop in zip(cuts, [*cuts[1:], end], strict=True)]
    return [(marker(first + 1 + step), text) for step, text in enumerate([*texts, ""])]


def _common(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _line_start(text: str, offset: int) -> int:
    if offset in {0, len(text)} or text[offset - 1] == "\n":
        return offset
    return text.find("\n", offset) + 1 or len(text)


def decode(original: str, parts: Sequence[tuple[int, str]]) -> str | None:
    """Return the region's new text, or None if the markers contradict each other.

    Args:
        original: the region's text.
        parts: an answer's marker numbers in order, each with the text between it and the next.
    """
    places = boundaries(original)
    if len(parts) < 2:
        return None
    first, last = parts[0][0], parts[-1][0]
    if first == last:
        return original
    if not 1 <= first < last <= len(places):
        return None
    inner = "".join(text for _, text in parts[:-1])
    return original[: places[first - 1]] + inner + original[places[last - 1] :]
