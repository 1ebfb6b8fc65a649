"""What an evaluation set is: tasks in a fixed order, and how predictions name them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from codeedit.errors import InputError
from codeedit.records import Task

T = TypeVar("T")

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

    def part(self, languages: Collection[str] = (), limit: int | None = None) -> SetPart:
        """Return the rows in some languages, or some of them; the set itself where nothing is left out.

        Rows lie by session and language, so a limit draws from all over the set: always the same rows,
        and with a higher limit more of them.

        Args:
            languages: tree-sitter's names; none: all.
            limit: how many rows at most.

        Raises:
            InputError: no row is left.
        """
        wanted = {name.casefold() for name in languages}
        found = [at for at, row in enumerate(self.rows) if not wanted or row.task.language in wanted]
        if not found:
            counts = Counter(row.task.language for row in self.rows)
            having = ", ".join(f"{name} {count}" for name, count in counts.most_common())
            problem = f"no row of the set {self.name} is in {' or '.join(sorted(wanted))}"
            raise InputError(problem, where="--language", hint=f"it has: {having}")
        chosen = sorted(sorted(found, key=lambda at: _lot(self.rows[at].task.id))[:limit])
        if len(chosen) == len(self.rows):
            return SetPart(self, tuple(chosen))
        words = [*sorted(wanted), *([f"drawn-{len(chosen)}"] if len(chosen) < len(found) else [])]
        note = f"{len(chosen)} of {len(self.rows)} rows: {', '.join(words).replace('-', ' ')}"
        rows = tuple(self.rows[at] for at in chosen)
        part = EvalSet(self.name, self.key_field, rows, (*self.notes, note))
        return SetPart(part, tuple(chosen), "-".join(words))

    @property
    def digest(self) -> str:
        """A hash of the tasks in their order: equal digests mean comparable scores."""
        joined = "\n".join(row.task.id for row in self.rows)
        return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _lot(name: str) -> str:
    """Return where a task comes among those that are drawn."""
    return hashlib.sha256(name.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SetPart:
    """Some rows of a set."""

    rows: EvalSet
    positions: tuple[int, ...]  # of each row in the whole set
    label: str = ""  # what tells the part from the whole, for a file's name; empty for the whole

    def localize(self, answers: Mapping[tuple[int, int], T]) -> dict[tuple[int, int], T]:
        """Return answers by position in the whole set as answers by position in the part."""
        place = {position: at for at, position in enumerate(self.positions)}
        return {(place[at], trial): found for (at, trial), found in answers.items() if at in place}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sets are looked for."""

    data: Path = Path("data")  # the data set's folder
    zeta: Path | None = None  # a folder with zeta's files


def set_from_tasks(name: str, tasks: Iterable[Task]) -> EvalSet:
    """Return the set of these tasks, named by their ids; of two with one id the first is kept."""
    rows = {task.id: EvalRow(task.id, task) for task in tasks}
    return EvalSet(name, "id", tuple(rows.values()))
