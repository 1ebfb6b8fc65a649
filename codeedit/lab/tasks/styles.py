"""What code looks like in made-up tasks: names, languages, depth, and how much of it changes.

The shifted style shares nothing with the first: its names stand in no task of the first, its languages are
others, its code is deeper, and more lines have to change.
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
GO = Language("go", "go", "func {}({} int) {{", "if {}<{} {{", "{}:={}", "", "}", "\t")
RUST = Language("rust", "rs", "fn {}({}: i64) {{", "if {}<{} {{", "let {}={}", ";", "}")


@dataclass(frozen=True, slots=True)
class Style:
    """What the tasks of a set have in common; pairs are the least and the most."""

    names: Sequence[str]  # of variables and functions
    languages: tuple[Language, ...]
    depth: tuple[int, int]  # blocks around the edit range, the function included
    changed: tuple[int, int]  # lines that have to change, where any has to
    kept: tuple[int, int]  # lines of the range that stay, beside them
    arguments: tuple[int, int]  # of a call


# Words that are single tokens of tiny's vocabulary.
IN_DOMAIN = Style(
    """
    alpha beta border delta count total index value width height left right first last start stop node item
    key data list tree path size angle batch block bonus bound brand buffer cache chain chunk client column
    cost depth digit edge error event factor field frame gauge grade graph group
    """.split(),  # noqa: SIM905 - words
    (PYTHON, JAVASCRIPT),
    depth=(1, 2),
    changed=(1, 3),
    kept=(0, 2),
    arguments=(1, 2),
)
SHIFTED = Style(
    """
    hand hash head heap hint image inner input island kernel label layer leaf level limit line link load local
    margin mark master meter minute mode module month motor number offset order output owner page pair panel
    parent part patch pattern peak phase pixel plan point pool
    """.split(),  # noqa: SIM905 - words
    (GO, RUST),
    depth=(3, 4),
    changed=(3, 4),
    kept=(1, 3),
    arguments=(2, 3),
)
