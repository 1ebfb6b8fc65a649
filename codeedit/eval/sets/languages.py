"""The language of any file by its name, as tree-sitter calls it: the ten of the paper, and others in zeta."""

from __future__ import annotations

from pathlib import PurePosixPath

from codeedit.pipeline import syntax

PLAIN = "text"

_BY_SUFFIX = {
    "cs": "c_sharp",
    "css": "css",
    "dart": "dart",
    "erb": "embedded_template",
    "ex": "elixir",
    "exs": "elixir",
    "gleam": "gleam",
    "graphql": "graphql",
    "hs": "haskell",
    "html": "html",
    "json": "json",
    "md": "markdown",
    "mdx": "markdown",
    "ml": "ocaml",
    "php": "php",
    "rb": "ruby",
    "scala": "scala",
    "sh": "bash",
    "sql": "sql",
    "svelte": "svelte",
    "swift": "swift",
    "toml": "toml",
    "vue": "vue",
    "yaml": "yaml",
    "yml": "yaml",
    "zig": "zig",
}


def language_of(path: str) -> str:
    """Return the language of a path by its suffix; ``text`` where it is not known."""
    suffix = PurePosixPath(path).suffix.removeprefix(".").lower()
    return syntax.language_of(path) or _BY_SUFFIX.get(suffix, PLAIN)
