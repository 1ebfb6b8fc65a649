"""How codeedit asks a trainer to save and end: two files in a folder that belongs to one start of a run.

Signals would not do: verl's trainer runs in a process that Ray started, perhaps on another machine, and
Ray ends it at a signal.  The run's folder is seen by all of a run's processes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = "CODEEDIT_START_FOLDER"  # the environment variable with the folder


@dataclass(frozen=True, slots=True)
class StopFiles:
    """Both sides' view of the folder."""

    folder: Path

    @property
    def _request(self) -> Path:
        return self.folder / "stop"

    @property
    def _listening(self) -> Path:
        return self.folder / "listening"

    def listen(self) -> None:
        """Say that from here on the trainer looks for a request: training has begun."""
        self._listening.touch()

    @property
    def heard(self) -> bool:
        """Whether a trainer looks for a request."""
        return self._listening.exists()

    def ask(self) -> None:
        """Ask the trainer to save the last finished step, and to end."""
        self._request.touch()

    @property
    def asked(self) -> bool:
        """Whether the trainer should save and end."""
        return self._request.exists()


def of_this_start() -> StopFiles | None:
    """Return the files of the start that this process belongs to; None where codeedit did not start it."""
    folder = os.environ.get(FOLDER)
    return StopFiles(Path(folder)) if folder else None
