"""Readers: each turns one kind of log into sessions, and knows its files by their content.

Adding one is a module with a class like those here, and a line in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.aider import Aider
from codeedit.pipeline.ingest.readers.continue_data import ContinueData
from codeedit.pipeline.ingest.readers.crowd_code import CrowdCode
from codeedit.pipeline.ingest.readers.editing_trace import EditingTrace
from codeedit.pipeline.ingest.readers.git_commits import GitCommits
from codeedit.pipeline.ingest.readers.local_history import LocalHistory
from codeedit.pipeline.ingest.readers.lsp_trace import LspTrace
from codeedit.pipeline.ingest.readers.vscode_recording import VSCodeRecording
from codeedit.pipeline.ingest.readers.zed_example import ZedExample
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


@runtime_checkable
class FolderReader(Reader, Protocol):
    """A reader of logs that are folders; its ``read`` takes the folder's path."""

    def claims(self, folder: Path) -> bool:
        """Whether the folder is one log of this kind.

        Raises:
            OSError: it cannot be read.
        """
        ...


READERS: Registry[Reader] = Registry(
    "source",
    {
        reader.name: reader
        for reader in (
            VSCodeRecording(),
            EditingTrace(),
            LspTrace(),
            CrowdCode(),
            ContinueData(),
            ZedExample(),
            LocalHistory(),
            Aider(),
            GitCommits(),
        )
    },
)


def detect(head: bytes) -> Reader | None:
    """Return the reader whose format a file with this beginning has."""
    return next((reader for reader in READERS.values() if reader.sniff(head)), None)


def folder_reader(folder: Path, source: str) -> Reader | None:
    """Return the reader that takes a folder as one log, ``None`` where its files are logs of their own.

    Args:
        folder: an existing one.
        source: the only reader to ask, or ``auto`` for all.
    """
    asked = READERS.values() if source == "auto" else [READERS[source]]
    for reader in asked:
        try:
            if isinstance(reader, FolderReader) and reader.claims(folder):
                return reader
        except OSError:
            continue
    return None
