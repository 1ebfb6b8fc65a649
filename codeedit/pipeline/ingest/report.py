"""The counts of an ingest: what went into every stage, what came out, and why the rest did not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class LogCounts:
    """What the logs are, against the data set that was there and the work that was done already."""

    given: int
    reused: int  # worked through by an earlier run
    new: int  # no part of the data set that was there; 0 where there was none
    changed: int
    gone: int  # part of it, and not given now


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
    sessions_with_tasks: int
    logs: LogCounts
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
