"""Recordings of the crowd-code extension: version 1's CSV, and version 2's folders of chunks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.crowd_code_chunks import read_chunks
from codeedit.pipeline.ingest.readers.crowd_code_csv import HEADER, read_csv
from codeedit.pipeline.ingest.readers.crowd_code_files import is_chunk, is_session_folder
from codeedit.pipeline.ingest.unpack import open_log
from codeedit.records import Session


class CrowdCode:
    """Reader of ``source.csv``, and of folders of ``chunk_000.json`` or ``source_part_001.tar.gz``."""

    name = "crowd-code"

    def sniff(self, head: bytes) -> bool:
        """Whether the file begins as a CSV or a chunk does."""
        return head.removeprefix(b"\xef\xbb\xbf").startswith(HEADER) or is_chunk(head)

    def claims(self, folder: Path) -> bool:
        """Whether the folder is a session of version 2."""
        return is_session_folder(folder)

    def reads(self, path: Path) -> Iterator[Path]:
        """Yield the folder, or a file and the snapshots beside it."""
        yield path
        if path.is_file() and (path.parent / "snapshots").is_dir():
            yield path.parent / "snapshots"

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the recording as one session.

        Raises:
            OSError: a file cannot be read.
        """
        if not path.is_dir():
            with open_log(path) as file:
                is_csv = not is_chunk(file.read(65_536))
            if is_csv:
                yield from read_csv(path, self.name, quarantine)
                return
        yield from read_chunks(path, self.name, quarantine)
