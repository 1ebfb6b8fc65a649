"""Records that a reader did not understand: where they are and why, never what they hold.

A reader counts every record that it reads, so that read = kept + quarantined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record that was not understood."""

    file: str  # relative to the folder that was given
    line: int  # 1-based; 0 is the file as a whole
    reason: str


class Quarantine:
    """What became of the records of one or more files.

    Attributes:
        read: records read so far, whatever became of them.
        records: those that were not understood, in the order of reading.
        agreed: how often a log restated a document's text and the replay had the same.
        disagreed: how often it had another text, so that the document was changed outside of the log.
    """

    __slots__ = ("_file", "agreed", "disagreed", "read", "records")

    def __init__(self, file: str = "") -> None:
        self._file = file
        self.read = 0
        self.agreed = 0
        self.disagreed = 0
        self.records: list[Quarantined] = []

    @contextmanager
    def reading(self, file: str) -> Iterator[None]:
        """Name the file that the records come from."""
        before, self._file = self._file, file
        try:
            yield
        finally:
            self._file = before

    def add(self, line: int, reason: str) -> None:
        """Put away one record that was counted as read; the reason never quotes it."""
        self.records.append(Quarantined(self._file, line, reason))

    def add_file(self, reason: str) -> None:
        """Put away a whole file as one record."""
        self.read += 1
        self.add(0, reason)

    @property
    def kept(self) -> int:
        """Records that were understood."""
        return self.read - len(self.records)

    def reasons(self) -> Counter[str]:
        """Return how many records were put away for each reason."""
        return Counter(record.reason for record in self.records)
