"""A lab's folder: its settings, fixed when it begins, and where everything lies.

lab/train/lab.json        the settings that all runs share
          tasks/          the made-up sets
          warm/           the run that all others begin with
          runs/NAME/      one folder a run, as ``codeedit train`` leaves it, with its evaluation
          report.json report.md *.png
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.lab.tasks import TaskSizes
from codeedit.runs import Run, write_json

LAB = "lab.json"


@dataclass(frozen=True, slots=True)
class LabSettings:
    """What all runs of a lab share."""

    model: str = "tiny"
    steps: int = 50  # of each run
    target: float = 0.78  # exact match, greedy, at which the warm start ends
    trials: int = 5  # answers to each task that is reported
    seed: int = 1  # of the tasks and of the warm start
    sizes: TaskSizes = field(default_factory=TaskSizes)


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab."""

    path: Path
    settings: LabSettings

    @property
    def tasks(self) -> Path:
        """The made-up sets."""
        return self.path / "tasks"

    @property
    def warm(self) -> Run:
        """The run that all others begin with."""
        return Run(self.path / "warm")

    def run(self, name: str) -> Run:
        """Return a run of the grid."""
        return Run(self.path / "runs" / name)


def open_lab(path: Path, given: Mapping[str, Any] | None = None) -> Lab:
    """Return the lab of a folder; a new one is noted there with its settings.

    Args:
        path: the folder.
        given: settings by name that the user gave; None where only a lab that is there will do.

    Raises:
        InputError: there is none, or a setting is another than this lab began with.
    """
    path = path.absolute()
    file = path / LAB
    if file.is_file():
        stored = _read(file)
        for name, value in (given or {}).items():
            if getattr(stored, name) != value:
                raise InputError(
                    f"this lab has {name} {getattr(stored, name)}, not {value}",
                    where=str(file),
                    hint="leave it out, or begin another lab with --out",
                )
        return Lab(path, stored)
    if given is None:
        raise InputError("no lab here", where=str(path), hint="begin one with: codeedit lab train")
    settings = LabSettings(**given)
    path.mkdir(parents=True, exist_ok=True)
    write_json(file, asdict(settings))
    return Lab(path, settings)


def _read(file: Path) -> LabSettings:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return LabSettings(**{**values, "sizes": TaskSizes(**values["sizes"])})
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("not a lab's settings", where=str(file)) from error
