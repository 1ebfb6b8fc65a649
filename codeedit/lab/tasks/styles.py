"""What code looks like in made-up tasks: names, languages, depth, and how much of it changes.

The shifted style shares nothing with the first: it has other names and another language, its code is deeper,
and more lines have to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """How a few kinds of lines are written."""

    name: str  # tree-sitter's
    suffix: str  # of files
    function: str  # opens a function: its name, its parameters
    block: str  # opens a block: a name, a number
    declare: str  # declares a variable: its name, its value
    end: str  # closes a statement
    close: str | None  # closes a block; None: indentation does
    indent: str = "    "


PYTHON = Language("python", "py", "def {}({}):", "if {}<{}:", "{}={}", "", None)
JAVASCRIPT = Language("javascript", "js", "function {}({}) {{", "if ({}<{}) {{", "let {}={}", ";", "}")


@dataclass(frozen=True, slots=True)
class Style:
    """What the tasks of a set have in common; pairs are the least and the most."""

    names: Sequence[str]  # of variables, and of the functions that they are given to
    places: Sequence[str]  # names of files and of the functions around
    languages: tuple[Language, ...]
    depth: tuple[int, int]  # blocks around the edit range, the function included
    changed: tuple[int, int]  # lines that have to change, where any has to
    kept: tuple[int, int]  # lines of the range that stay, beside them
    arguments: tuple[int, int]  # of a call


# Words that are single tokens of tiny's vocabulary; few, as copying a name is learned by seeing it often.
IN_DOMAIN = Style(
    ("alpha", "beta", "count", "total", "index", "value", "width", "left", "first", "last", "start", "node"),
    ("main", "run"),
    (PYTHON,),
    depth=(1, 1),
    changed=(2, 3),
    kept=(0, 1),
    arguments=(1, 2),
)
SHIFTED = Style(
    (
        "item",
        "key",
        "data",
        "list",
        "tree",
        "path",
        "size",
        "angle",
        "batch",
        "block",
        "chain",
        "client",
        "column",
        "cost",
    ),
    ("load", "save"),
    (JAVASCRIPT,),
    depth=(2, 3),
    changed=(3, 4),
    kept=(0, 1),
    arguments=(2, 3),
)
