"""The ten languages of the paper's Table 1, by file name."""

from __future__ import annotations

import re
from typing import Final

# Tree-sitter's name of a language -> the endings of its files.
LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "go": (".go",),
    "python": (".py", ".pyi"),
    "java": (".java",),
    "cpp": (".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".tpp"),
    "kotlin": (".kt", ".kts"),
    "typescript": (".ts", ".mts", ".cts", ".tsx"),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "c": (".c", ".h"),
    "rust": (".rs",),
    "lua": (".lua",),
}
_BY_ENDING: Final = {ending: name for name, endings in LANGUAGES.items() for ending in endings}
_CPP_HEADER = re.compile(
    r"^\s*(?:class\s+\w|namespace\b|template\s*<|public:|private:|protected:|using\s+\w)"
    r"|\bstd::|#\s*include\s*<\w+>",
    re.MULTILINE,
)


def language_of(path: str, text: str = "") -> str | None:
    """Return tree-sitter's name of a file's language, or ``None`` if it is none of the ten.

    Args:
        path: with ``/``; its ending decides.
        text: the file's text, which tells a C++ header from a C header.
    """
    name = path.rpartition("/")[2].lower()
    ending = name[name.rfind(".") :] if "." in name else ""
    language = _BY_ENDING.get(ending)
    if ending == ".h" and _CPP_HEADER.search(text):
        return "cpp"
    return language
