"""What an evaluation set is: tasks in a fixed order, and how predictions name them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeedit.records import Task

KeyField = Literal["id", "row"]


@dataclass(frozen=True, slots=True)
class EvalRow:
    """One task of a set."""

    key: str | int  # the task's id, or its row, 0-based
    task: Task
    rejected: str | None = None  # a worse new text of the range, where the set has one


@dataclass(frozen=True, slots=True)
class EvalSet:
    """A set of tasks with ground truth."""

    name: str  # also the folder of its reports
    key_field: KeyField  # how predictions name a row
    rows: tuple[EvalRow, ...]
    notes: tuple[str, ...] = ()  # what a reader of the scores has to know

    def first(self, count: int | None) -> EvalSet:
        """Return the set with its first rows only."""
        if count is None or count >= len(self.rows):
            return self
        note = f"the first {count} of {len(self.rows)} rows"
        return EvalSet(self.name, self.key_field, self.rows[:count], (*self.notes, note))

    @property
    def digest(self) -> str:
        """A hash of the tasks in their order: equal digests mean comparable scores."""
        joined = "\n".join(row.task.id for row in self.rows)
        return hashlib.sha256(joined.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sets are looked for."""

    data: Path = Path("data")  # the data set's folder
    zeta: Path | None = None  # a folder with zeta's files


def set_from_tasks(name: str, tasks: Iterable[Task]) -> EvalSet:
    """Return the set of these tasks, named by their ids; of two with one id the first is kept."""
    rows = {task.id: EvalRow(task.id, task) for task in tasks}
    return EvalSet(name, "id", tuple(rows.values()))
