"""The edit range: the part of the code that the model may rewrite, from the cursor and the code alone.

Of the syntax tree's nodes around the cursor's line the largest that fits the limits is taken, in whole
lines.  One that is very small grows by its neighbours in the tree, then by plain lines, so that there
is room for what the user is about to write.  The answer is never looked at.

Of code with errors, or that no tree is made of, only the pieces around the cursor are parsed, always
anew: an error far away does no harm, and the range depends on nothing but the code and the cursor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codeedit.pipeline.syntax import is_broken, parse
from codeedit.pipeline.syntax import parse as parse_anew

if TYPE_CHECKING:
    import tree_sitter

MAX_LINES: Final = 30
MAX_CHARS: Final = 1_500  # code points, line ends included
_ROOM_LINES: Final = 12  # a smaller range grows by its neighbours in the tree
_WHOLE_CHARS: Final = 65_000  # of a longer text only the surroundings of the cursor are parsed
_AROUND_CHARS: Final = 10_000
_LEAST_CHARS, _MOST_CHARS = 2_000, 6_000  # how far around the cursor code with errors is parsed
_BEGINNING: Final = re.compile(r"\n\n([ \t]*)(?=[^\s})\]])")
_LEAST_LINES: Final = 5  # ... and a still smaller one by plain lines


Parse = Callable[[str, str, str], "tree_sitter.Tree | None"]  # code, language, path


@dataclass(frozen=True, slots=True)
class EditRange:
    """Whole lines of a text, without the line end of the last."""

    start: int  # code points
    end: int  # code points, exclusive


class _Lines:
    """The lines of a text that a range around a cursor may hold: where they begin, and how many there are."""

    def __init__(self, code: str, cursor: int) -> None:
        self.row = code.count("\n", 0, cursor)  # of the cursor
        self.count = self.row + code.count("\n", cursor) + 1
        above = below = code.rfind("\n", 0, cursor) + 1
        starts = [above]
        for _ in range(min(MAX_LINES, self.row)):
            above = code.rfind("\n", 0, above - 1) + 1
            starts.append(above)
        starts.reverse()
        for _ in range(min(MAX_LINES + 1, self.count - self.row)):
            below = code.find("\n", below) + 1 or len(code) + 1
            starts.append(below)
        self._starts = starts
        self._first = self.row - min(MAX_LINES, self.row)  # the first of them
        self.text = code[self.start(self.row) : self.start(self.row + 1) - 1]  # the cursor's

    def start(self, row: int) -> int:
        """Return where a line begins that is not farther from the cursor's than a range can reach."""
        return self._starts[row - self._first]

    def fits(self, first: int, last: int) -> bool:
        if last - first >= MAX_LINES:
            return False
        return self.start(last + 1) - self.start(first) <= MAX_CHARS


def edit_range(
    code: str, cursor: int, language: str | None, path: str = "", *, parse: Parse = parse
) -> EditRange:
    """Choose the range for a cursor.

    Args:
        code: the text, LF line ends.
        cursor: code points in ``code``.
        language: one of the ten, or ``None`` for lines alone.
        path: tells apart the grammars of one language.
        parse: makes the syntax tree; another one may be faster, with the same trees of code without errors.

    Returns:
        At least the cursor's line; at most ``MAX_LINES`` and ``MAX_CHARS`` unless that line is longer.
    """
    base = 0
    if len(code) > _WHOLE_CHARS:
        base, code = _excerpt(code, cursor)
        parse = parse_anew
    tree = parse(code, language, path) if language is not None else None
    if language is not None and is_broken(tree):
        above, code = _pieces(code, cursor - base)
        base += above
        tree = parse_anew(code, language, path)
    lines = _Lines(code, cursor - base)
    first = last = lines.row
    if tree is not None:
        first, last = _by_syntax(lines, tree.root_node)
    first, last = _grow_by_lines(lines, first, last, _LEAST_LINES if tree is not None else _ROOM_LINES)
    return EditRange(base + lines.start(first), base + lines.start(last + 1) - 1)


def _excerpt(code: str, cursor: int) -> tuple[int, str]:
    """Return where whole lines around a cursor begin, and the lines: far more than any range has."""
    start = code.rfind("\n", 0, max(0, cursor - _AROUND_CHARS)) + 1
    end = code.find("\n", cursor + _AROUND_CHARS)
    return start, code[start : end if end >= 0 else len(code)]


def _pieces(code: str, cursor: int) -> tuple[int, str]:
    """Return where the pieces around a cursor begin, and their text.

    A piece begins behind a blank line, with a line that closes nothing; on either side the least indented one
    is taken that is not too far away.
    """
    near, far = max(0, cursor - _LEAST_CHARS), max(0, cursor - _MOST_CHARS)
    start = max(_beginnings(code, far, near), default=(0, far))[1] if far else 0
    near, far = cursor + _LEAST_CHARS, cursor + _MOST_CHARS
    end = max(((wide, -at) for wide, at in _beginnings(code, near, far)), default=(0, -far))[1]
    return start, code[start : -end if far < len(code) else len(code)]


def _beginnings(code: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield where pieces begin, each with minus its indentation."""
    for found in _BEGINNING.finditer(code, low, high):
        yield -len(found[1]), found.start(1)


def _by_syntax(lines: _Lines, root: tree_sitter.Node) -> tuple[int, int]:
    row, text = lines.row, lines.text
    blank = len(text) - len(text.lstrip())
    begin, end = (len(part.encode()) for part in (text[:blank], text.rstrip() or text))
    node = root.descendant_for_point_range((row, min(begin, end)), (row, end)) or root
    first = last = row
    fitting: tree_sitter.Node | None = None
    while True:
        above, below = _rows(node)
        above, below = min(above, first), max(below, last)
        if not lines.fits(above, below):
            break
        first, last, fitting = above, below, node
        if node.parent is None:
            return first, last
        node = node.parent
    # `node` is the smallest that does not fit: its other children are the neighbours.
    siblings = [_rows(child) for child in node.named_children if fitting is None or child.id != fitting.id]
    return _grow_by_siblings(lines, first, last, siblings)


def _rows(node: tree_sitter.Node) -> tuple[int, int]:
    last = node.end_point[0]
    if node.end_point[1] == 0 and last > node.start_point[0]:
        last -= 1  # the node takes in the line end of its last line
    return node.start_point[0], last


def _grow_by_siblings(
    lines: _Lines, first: int, last: int, siblings: list[tuple[int, int]]
) -> tuple[int, int]:
    """Take in the neighbour below, then the one above, in turns, while the range is small."""
    below = [rows for rows in siblings if rows[1] > last]
    above = [rows for rows in siblings if rows[0] < first][::-1]
    while last - first + 1 < _ROOM_LINES and (below or above):
        for queue in (below, above):
            if not queue:
                continue
            wider = min(first, queue[0][0]), max(last, queue[0][1])
            if lines.fits(*wider) and wider[1] - wider[0] < 2 * _ROOM_LINES:
                first, last = wider
                queue.pop(0)
            else:
                queue.clear()
    return first, last


def _grow_by_lines(lines: _Lines, first: int, last: int, least: int) -> tuple[int, int]:
    below = True
    tries = 0
    while last - first + 1 < least and tries < 2:
        wider = (first, last + 1) if below else (first - 1, last)
        if wider[0] >= 0 and wider[1] < lines.count and lines.fits(*wider):
            first, last = wider
            tries = 0
        else:
            tries += 1
        below = not below
    return first, last
