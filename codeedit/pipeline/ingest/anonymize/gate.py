"""A look at a text for all anchors at once, with hyperscan where it is installed.

It says near which places google-re2 has to look, one table of anchors at a time; most texts have none for
most tables.  It only saves work: without it google-re2 reads the whole text, with the same result.  hyperscan
makes its states before it reads, so text that it has not seen costs no more than text that it has.

To compile the anchors takes about a second, so what comes out is kept in `cache_folder` (anchors only,
nothing of any text); where it is not there yet, google-re2 reads the first 4 MB alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from codeedit.cache import cache_folder

_COMPILE_AFTER = 4_000_000  # characters: without the gate they take longer by about what it takes to compile


def widened(pattern: str) -> str:
    """Return a pattern of google-re2 for hyperscan, which matches wherever the first one does.

    hyperscan counts the vertical tab as white space, and knows no letters beyond ASCII.
    """
    plain = pattern.replace(r"[^\s", r"[^\t\n\f\r ").replace(r"\S", r"[^\t\n\f\r ]")
    return plain.replace(r"t\xe9l", r"t[\xe9\xc9]l")


class Gate:
    """All anchors of some tables.

    Args:
        tables: the patterns of each table, in google-re2's syntax.
    """

    def __init__(self, tables: Sequence[Sequence[str]]) -> None:
        self._tables = [[widened(pattern) for pattern in table] for table in tables]
        self._note = _noting([number for number, table in enumerate(tables) for _ in table])
        self._engine: Any = None
        self._failure: type[Exception] = Exception
        self._tried = False  # to load what is kept
        self._failed = False  # to make it
        self._read = 0  # characters

    def ends(self, raw: bytes) -> list[list[int]] | None:
        """Return where anchors end, by table, in ascending order; ``None`` where that is not known.

        Args:
            raw: a text, as `latin` bytes.
        """
        if self._engine is None and not self._ready(len(raw)):
            return None
        found: list[list[int]] = [[] for _ in self._tables]
        if raw:
            try:
                self._engine.scan(raw, match_event_handler=self._note, context=found)
            except self._failure:  # in use by another thread
                return None
        return found

    def _ready(self, size: int) -> bool:
        """Load the engine, or make it once enough has been read; say whether it is there."""
        self._read += size
        if self._tried and (self._read < _COMPILE_AFTER or self._failed):
            return False
        try:
            import hyperscan
        except ImportError:
            self._tried = self._failed = True
            return False
        self._failure = hyperscan.error
        path = self._path(metadata.version("hyperscan"))
        try:
            if not self._tried and path.is_file():
                self._engine = _loaded(hyperscan, path.read_bytes())
            elif self._read >= _COMPILE_AFTER:
                self._engine = self._compiled(hyperscan)
                _keep(path, hyperscan.dumpb(self._engine))
        except (hyperscan.error, OSError):  # another processor's, a torn file: it is made again
            self._failed = self._tried and self._engine is None
        self._tried = True
        return self._engine is not None

    def _compiled(self, hyperscan: Any) -> Any:  # noqa: ANN401 - a module without types
        patterns = [pattern.encode("latin-1") for table in self._tables for pattern in table]
        engine = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        # Of thousands of patterns each needs a number of its own, or it takes minutes.
        engine.compile(expressions=patterns, ids=list(range(len(patterns))), flags=0)
        return engine

    def _path(self, version: str) -> Path:
        what = hashlib.sha256(repr((version, "numbered", self._tables)).encode()).hexdigest()
        return cache_folder() / f"anchors-{what[:16]}"


def _loaded(hyperscan: Any, data: bytes) -> Any:  # noqa: ANN401 - a module without types
    engine = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    engine.scratch = hyperscan.Scratch(engine)
    return engine


def _noting(table_of: list[int]) -> Callable[[int, int, int, int, list[list[int]]], None]:
    """Return what is called for each match, and notes its end in the list of its pattern's table."""

    def note(pattern: int, _start: int, end: int, _flags: int, found: list[list[int]]) -> None:
        found[table_of[pattern]].append(end)

    return note


def _keep(path: Path, data: bytes) -> None:
    """Write a file that appears as a whole or not at all; a folder that cannot be written to is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(part).replace(path)
