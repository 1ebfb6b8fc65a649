"""The counts of an ingest: what went into every stage, what came out, and why the rest did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.syntax import LANGUAGES
from codeedit.records import Task

SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: ``into`` = ``out`` + the sum of ``dropped``."""

    name: str
    unit: str  # what is counted
    into: int
    out: int
    dropped: dict[str, int]
    seconds: float  # of all processes together

    def as_dict(self) -> dict[str, Any]:
        """Return what report.json holds."""
        return {
            "name": self.name,
            "unit": self.unit,
            "in": self.into,
            "out": self.out,
            "dropped": self.dropped,
            "seconds": round(self.seconds, 3),
        }


@dataclass(slots=True)
class LanguageStatistics:
    """Table 1 for one language: how many tasks, and how long their texts are in characters."""

    count: int = 0
    inputs: tuple[int, int] = (0, 0)  # least and most: code, history and hint
    outputs: tuple[int, int] = (0, 0)  # least and most: the edit

    def add(self, task: Task) -> None:
        """Take in one task."""
        size = len(task.code) + len(task.hint or "") + sum(len(edit.diff) for edit in task.history)
        self.inputs = _widened(self.inputs, size, first=self.count == 0)
        self.outputs = _widened(self.outputs, len(task.edit), first=self.count == 0)
        self.count += 1


def _widened(span: tuple[int, int], value: int, *, first: bool) -> tuple[int, int]:
    return (value, value) if first else (min(span[0], value), max(span[1], value))


@dataclass(slots=True)
class Statistics:
    """Table 1 over the tasks that were written."""

    languages: dict[str, LanguageStatistics] = field(default_factory=dict)
    no_change: int = 0

    def watch(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Pass tasks on and take them in."""
        for task in tasks:
            self.languages.setdefault(task.language, LanguageStatistics()).add(task)
            self.no_change += task.no_change
            yield task

    @property
    def total(self) -> int:
        """All tasks."""
        return sum(language.count for language in self.languages.values())

    def table(self) -> dict[str, dict[str, Any]]:
        """Return Table 1's rows by language, in the paper's order."""
        return {
            name: {
                "count": row.count,
                "percent": round(100 * row.count / self.total, 2),
                "input_chars": list(row.inputs),
                "output_chars": list(row.outputs),
            }
            for name in LANGUAGES
            if (row := self.languages.get(name)) is not None
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All counts of one ingest, and where its files are."""

    sessions: int
    events: int
    train: int
    test: int
    quarantined: dict[str, int]
    redactions: dict[str, int]
    stages: tuple[Stage, ...]
    languages: dict[str, dict[str, Any]]
    no_change: int
    agreed: int  # restated contents that the replay had as well
    disagreed: int
    out: Path
    key_file: Path
    ranges: dict[str, int] = field(default_factory=dict)  # tasks made, by what chose their range

    @property
    def dropped(self) -> dict[str, int]:
        """What the stages after reading dropped, by reason."""
        total: Counter[str] = Counter()
        for stage in self.stages:
            if stage.name != "read":
                total.update(stage.dropped)
        return by_count(total)

    def as_dict(self) -> dict[str, Any]:
        """Return what report.json holds and ``--json`` prints."""
        return {
            "schema_version": SCHEMA_VERSION,
            "sessions": self.sessions,
            "events": self.events,
            "tasks": {"train": self.train, "test": self.test},
            "dropped": self.dropped,
            "quarantined": self.quarantined,
            "redactions": self.redactions,
            "stages": [stage.as_dict() for stage in self.stages],
            "languages": self.languages,
            "no_change": self.no_change,
            "ranges": self.ranges,
            "contents_checked": {"agreed": self.agreed, "disagreed": self.disagreed},
        }


def by_count(counts: Counter[str]) -> dict[str, int]:
    """Return counts, the largest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
