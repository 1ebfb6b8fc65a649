"""The lines that enclose a place by indentation: the headers of its function, its class, its blocks.

Indentation is read, not the syntax tree: it costs microseconds where a parse of a long document costs
more than tokenizing the whole prompt, and holds in all languages for code that is laid out.
"""

from __future__ import annotations

from codeedit.pipeline.prompt_builder.view import Document

_NO_HEADER = ("}", "]", ")", "#", "//", "/*", "*", "@", "end")
_FARTHEST = 2_000  # lines looked at
_TAB = 4  # columns


def enclosing_headers(document: Document, line: int) -> tuple[int, ...]:
    """Return the lines, ascending and 0-based, that enclose a line.

    Args:
        document: the code.
        line: 0-based; its indentation, or that of the next line that is not blank, is where to begin.
    """
    depth = next(
        (indent for number in range(line, document.end) if (indent := _indent(document.line(number))) >= 0),
        0,
    )
    found: list[int] = []
    for number in range(line - 1, max(-1, line - 1 - _FARTHEST), -1):
        if depth == 0:
            break
        text = document.lines[number]
        if not text[:depth].strip(" \t"):  # blank, or no less indented: most lines
            continue
        indent = _indent(text)
        if 0 <= indent < depth and not text.lstrip().startswith(_NO_HEADER):
            found.append(number)
            depth = indent
    return tuple(reversed(found))


def _indent(line: str) -> int:
    """Return the columns before a line's text; -1 for a blank line."""
    text = line.lstrip(" \t")
    if not text.rstrip():
        return -1
    return len(line[: len(line) - len(text)].expandtabs(_TAB))
