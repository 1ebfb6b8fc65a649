"""Syntax trees by tree-sitter, offline: one grammar package per language."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import tree_sitter

_REUSE: Final = 5_000  # bytes of change up to which the tree before is of use; of a long text half of it
_PIECE: Final = 256  # bytes that are looked for where texts differ in much
_SPLITS: Final = 4  # how often
# tree-sitter asks every 100 of its steps whether to go on: 5 to 13 times in 1,000 bytes of ordinary code.
_STEPS: Final = 100
_BYTES_PER_STEP: Final = 25
_PART: Final = 65_536  # bytes that it is handed at once
_FUNCTIONS: Final = {"typescript": "language_typescript", "tsx": "language_tsx"}


@cache
def _parser(grammar: str) -> tree_sitter.Parser:
    from tree_sitter import Language, Parser

    package = "typescript" if grammar == "tsx" else grammar
    module = importlib.import_module(f"tree_sitter_{package}")
    return Parser(Language(getattr(module, _FUNCTIONS.get(grammar, "language"))()))


def parse(code: str, language: str, path: str = "") -> tree_sitter.Tree | None:
    """Return the syntax tree of a text; broken code gives a tree with error nodes.

    A few broken texts make tree-sitter follow ever more readings at once, for minutes and gigabytes.  It is
    given up there after so many steps, not seconds, so that the answer is the same everywhere.

    Args:
        code: any text.
        language: one of ``LANGUAGES``.
        path: a TypeScript file that ends in ``.tsx`` has a grammar of its own.

    Returns:
        The tree; ``None`` where tree-sitter was given up.
    """
    return _bounded(_parser(_grammar(language, path)), code.encode("utf-8"), None)


def _bounded(
    parser: tree_sitter.Parser, data: bytes, before: tree_sitter.Tree | None
) -> tree_sitter.Tree | None:
    left = _STEPS + len(data) // _BYTES_PER_STEP

    def give_up(_offset: int, _has_error: bool) -> bool:
        nonlocal left
        left -= 1
        return left < 0

    def read(at: int, _place: object) -> bytes:
        return data[at : at + _PART]

    try:
        if before is None:
            return parser.parse(read, progress_callback=give_up)
        return parser.parse(read, before, progress_callback=give_up)
    except ValueError:  # it was given up
        parser.reset()
        return None


def is_broken(tree: tree_sitter.Tree | None) -> bool:
    """Tell whether a tree that ``parse`` returned has errors, or there is none."""
    return tree is None or tree.root_node.has_error


def syntax_errors(code: str, language: str, path: str = "") -> int:
    """Return how many error nodes and missing tokens a text's tree has; arguments as of ``parse``.

    A text without a tree has as many as characters.
    """
    tree = parse(code, language, path)
    if tree is None:
        return len(code)
    waiting = [tree.root_node]
    found = 0
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found += 1
        elif node.has_error:
            waiting += node.children
    return found


def _grammar(language: str, path: str) -> str:
    return "tsx" if language == "typescript" and path.lower().endswith(".tsx") else language


class _Replacement(NamedTuple):
    """Bytes ``low`` to ``high`` of one text become ``new_low`` to ``new_high`` of another."""

    low: int
    high: int
    new_low: int
    new_high: int


class Trees:
    """Parses the states of a session's documents, each from the tree of the state before.

    Whether a tree has errors, and all of one without, does not depend on how it came about.  Where the
    errors are may depend on it.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[bytes, tree_sitter.Tree | None]] = {}

    def parse(self, code: str, language: str, path: str = "") -> tree_sitter.Tree | None:
        """Return the syntax tree of a text; arguments and result as of ``parse``."""
        grammar = _grammar(language, path)
        parser, data = _parser(grammar), code.encode("utf-8")
        before, tree = self._last.get((grammar, path), (b"", None))
        if tree is not None and before == data:
            return tree
        replacements = _replacements(before, data) if tree is not None else []
        new = sum(made.new_high - made.new_low for made in replacements)
        if tree is None or new > max(_REUSE, len(data) // 2):
            fresh = _bounded(parser, data, None)
        else:
            for made in reversed(replacements):
                tree.edit(**_edit(before, data, made))
            fresh = _bounded(parser, data, tree)
        self._last[grammar, path] = data, fresh
        return fresh


def _replacements(before: bytes, after: bytes) -> list[_Replacement]:
    """Return replacements in order that make one text of another.

    What both begin and end with stays.  Where much is left, as of two windows of one document that begin at
    different lines, a piece from its middle is looked for in the other text.
    """
    made: list[_Replacement] = []
    waiting = [(_Replacement(0, len(before), 0, len(after)), _SPLITS)]
    while waiting:
        between, splits = waiting.pop()
        low, high, new_low, new_high = _differing(before, after, between)
        if low == high and new_low == new_high:
            continue
        middle, found = (new_low + new_high) // 2, -1
        if splits and new_high - new_low > _REUSE:
            found = before.find(after[middle : middle + _PIECE], low, high)
        if found < 0:
            made.append(_Replacement(low, high, new_low, new_high))
            continue
        waiting.append((_Replacement(found, high, middle, new_high), splits - 1))
        waiting.append((_Replacement(low, found, new_low, middle), splits - 1))
    return made


def _differing(before: bytes, after: bytes, between: _Replacement) -> _Replacement:
    """Return a replacement without what its two texts begin and end with alike."""
    low, high, new_low, new_high = between
    most = min(high - low, new_high - new_low)
    head = _common(most, lambda a, b: before[low + a : low + b] == after[new_low + a : new_low + b])
    tail = _common(
        most - head, lambda a, b: before[high - b : high - a] == after[new_high - b : new_high - a]
    )
    return _Replacement(low + head, high - tail, new_low + head, new_high - tail)


def _edit(before: bytes, after: bytes, made: _Replacement) -> dict[str, Any]:
    """Return a replacement in tree-sitter's terms; of others, those behind it have been made already."""
    row, column = start = _point(before, made.low)
    rows, columns = _point(after[made.new_low : made.new_high], made.new_high - made.new_low)
    return {
        "start_byte": made.low,
        "old_end_byte": made.high,
        "new_end_byte": made.low + made.new_high - made.new_low,
        "start_point": start,
        "old_end_point": _point(before, made.high),
        "new_end_point": (row + rows, columns if rows else column + columns),
    }


def _common(most: int, equal: Callable[[int, int], bool]) -> int:
    """Return the greatest size up to ``most`` that two texts have in common, by halving.

    Args:
        most: bytes.
        equal: whether the texts are the same from one size to a larger one.
    """
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        if equal(low, middle):
            low = middle
        else:
            most = middle - 1
    return low


def _point(data: bytes, at: int) -> tuple[int, int]:
    return data.count(b"\n", 0, at), at - (data.rfind(b"\n", 0, at) + 1)
