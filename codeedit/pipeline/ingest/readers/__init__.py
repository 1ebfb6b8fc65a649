"""Readers: each turns one kind of log into sessions, and knows its files by their content.

Adding one is a module with a class like those here, and a line in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.editing_trace import EditingTrace
from codeedit.pipeline.ingest.readers.lsp_trace import LspTrace
from codeedit.pipeline.ingest.readers.vscode_recording import VSCodeRecording
from codeedit.records import Session
from codeedit.registry import Registry

HEAD_BYTES: Final = 65_536


class Reader(Protocol):
    """What a reader has."""

    name: str  # the session's and the task's ``source``

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins like this (at most ``HEAD_BYTES``) is of this kind."""
        ...

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the file's sessions; every one of them replays.

        Records that are not understood go to the quarantine; a file that can be opened raises nothing.

        Raises:
            OSError: the file cannot be read.
        """
        ...


READERS: Registry[Reader] = Registry(
    "source",
    {reader.name: reader for reader in (VSCodeRecording(), EditingTrace(), LspTrace())},
)


def detect(head: bytes) -> Reader | None:
    """Return the reader whose format a file with this beginning has."""
    return next((reader for reader in READERS.values() if reader.sniff(head)), None)
