"""What an engine has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from codeedit.pipeline.ingest.session_stage import Done, Unit


class Engine(Protocol):
    """Works through units, several at once."""

    name: str

    def prepare(self) -> None:
        """See that it can be used, before anything is read.

        Raises:
            MissingDependencyError: a package is not there.
        """
        ...

    def run(self, units: Sequence[Unit], jobs: int | None) -> Iterator[Done]:
        """Yield what became of each unit, in the order in which they end.

        Args:
            units: in the order in which they begin.
            jobs: at once, at most; by default as many as there is room for.

        Raises:
            CodeEditError: a process was lost.
        """
        ...
