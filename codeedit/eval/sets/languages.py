"""The language of a file by its name, as tree-sitter calls it."""

from __future__ import annotations

from pathlib import PurePosixPath

PLAIN = "text"

_BY_SUFFIX = {
    "c": "c",
    "cc": "cpp",
    "cpp": "cpp",
    "cs": "c_sharp",
    "css": "css",
    "cxx": "cpp",
    "dart": "dart",
    "erb": "embedded_template",
    "ex": "elixir",
    "exs": "elixir",
    "gleam": "gleam",
    "go": "go",
    "graphql": "graphql",
    "h": "c",
    "hh": "cpp",
    "hpp": "cpp",
    "hs": "haskell",
    "html": "html",
    "java": "java",
    "js": "javascript",
    "json": "json",
    "jsx": "javascript",
    "kt": "kotlin",
    "kts": "kotlin",
    "lua": "lua",
    "md": "markdown",
    "mdx": "markdown",
    "mjs": "javascript",
    "ml": "ocaml",
    "mts": "typescript",
    "php": "php",
    "py": "python",
    "pyi": "python",
    "rb": "ruby",
    "rs": "rust",
    "scala": "scala",
    "sh": "bash",
    "sql": "sql",
    "svelte": "svelte",
    "swift": "swift",
    "toml": "toml",
    "ts": "typescript",
    "tsx": "typescript",
    "vue": "vue",
    "yaml": "yaml",
    "yml": "yaml",
    "zig": "zig",
}


def language_of(path: str) -> str:
    """Return the language of a path by its suffix; ``text`` where it is not known."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.removeprefix(".").lower(), PLAIN)
