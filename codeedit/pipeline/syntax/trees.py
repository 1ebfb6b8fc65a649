"""Syntax trees by tree-sitter, offline: one grammar package per language."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import tree_sitter

_FUNCTIONS: Final = {"typescript": "language_typescript", "tsx": "language_tsx"}


@cache
def _parser(grammar: str) -> tree_sitter.Parser:
    from tree_sitter import Language, Parser

    package = "typescript" if grammar == "tsx" else grammar
    module = importlib.import_module(f"tree_sitter_{package}")
    return Parser(Language(getattr(module, _FUNCTIONS.get(grammar, "language"))()))


def parse(code: str, language: str, path: str = "") -> tree_sitter.Tree:
    """Return the syntax tree of a text; broken code gives a tree with error nodes.

    Args:
        code: any text.
        language: one of ``LANGUAGES``.
        path: a TypeScript file that ends in ``.tsx`` has a grammar of its own.
    """
    grammar = "tsx" if language == "typescript" and path.lower().endswith(".tsx") else language
    return _parser(grammar).parse(code.encode("utf-8"))
