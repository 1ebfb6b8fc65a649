"""The stages that need one session only: read, anonymize, make tasks, look once more, write a shard.

A file's sessions are worked through in one process; several files may be worked through at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

from codeedit.pipeline.ingest.audit import Replaced
from codeedit.pipeline.ingest.logs import LogFile, sessions_of
from codeedit.pipeline.ingest.quarantine import Quarantine, Quarantined
from codeedit.pipeline.ingest.redactions import checked
from codeedit.pipeline.ingest.tasks import SessionTasks, TaskSettings, session_tasks
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import Session

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize import Anonymizer
    from codeedit.pipeline.ingest.anonymize.rules import Rules

T = TypeVar("T")

STAGES: Final = ("read", "anonymize", "segment", "check")


@dataclass(frozen=True, slots=True)
class Work:
    """One file to work through."""

    number: int
    file: LogFile
    source: str
    key: bytes
    shards: Path  # a folder
    rules: Rules | None = None  # beside the built-in ones
    tasks: TaskSettings = TaskSettings()  # noqa: RUF009 - frozen

    def __repr__(self) -> str:
        """Return everything but the key."""
        return f"Work({self.number}, {self.source!r})"


@dataclass(frozen=True, slots=True)
class SessionOutcome:
    """What became of one session."""

    id: str  # before anonymizing: what the split goes by
    events: int
    made: SessionTasks  # without its tasks, which are in the shard
    leaks: int  # tasks in which the second look found something
    task_ids: tuple[str, ...]
    redactions: Counter[str]  # values replaced in the session, by kind
    replaced: tuple[Replaced, ...]
    shard: Path | None


@dataclass(slots=True)
class FileOutcome:
    """What became of one file."""

    number: int
    sessions: list[SessionOutcome] = field(default_factory=list)
    read: int = 0  # records
    quarantined: list[Quarantined] = field(default_factory=list)
    agreed: int = 0
    disagreed: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))


@cache
def _anonymizer(key: bytes, rules: Rules | None) -> Anonymizer:
    from codeedit.pipeline.ingest.anonymize import Anonymizer

    return Anonymizer(key) if rules is None else Anonymizer(key, rules=rules)


def work_through(work: Work) -> FileOutcome:
    """Work through one file; its tasks go to shards, the rest comes back."""
    outcome = FileOutcome(work.number)
    quarantine = Quarantine()
    sessions = sessions_of(work.file, work.source, quarantine)
    while (session := _timed(outcome, "read", lambda: next(sessions, None))) is not None:
        shard = work.shards / f"{work.number:08d}-{len(outcome.sessions):05d}.parquet"
        outcome.sessions.append(_session(session, work, shard, outcome))
    from codeedit.pipeline.ingest.anonymize.session import clean_path

    outcome.read = quarantine.read
    outcome.agreed, outcome.disagreed = quarantine.agreed, quarantine.disagreed
    anonymizer = _anonymizer(work.key, work.rules)
    names = {record.file: clean_path(record.file, anonymizer) for record in quarantine.records}
    outcome.quarantined = [replace(record, file=names[record.file]) for record in quarantine.records]
    return outcome


def _session(session: Session, work: Work, shard: Path, outcome: FileOutcome) -> SessionOutcome:
    from codeedit.pipeline.ingest.anonymize.session import anonymize_session

    anonymizer = _anonymizer(work.key, work.rules)
    done = _timed(outcome, "anonymize", lambda: anonymize_session(session, anonymizer))
    clean, placeholders = done.session, done.placeholders
    made = _timed(outcome, "segment", lambda: session_tasks(clean, work.tasks))
    finder = anonymizer.with_identities(session.identities)
    kept = _timed(outcome, "check", lambda: list(checked(made.tasks, finder, placeholders, done.untouched)))
    if kept:
        write_tasks(kept, shard)
    return SessionOutcome(
        id=session.id,
        events=len(session.events),
        made=replace(made, tasks=[]),
        leaks=len(made.tasks) - len(kept),
        task_ids=tuple(task.id for task in kept),
        redactions=Counter(placeholders.values()),
        replaced=tuple(
            Replaced(clean.project, path, placeholder, finding.kind, finding.area, finding.found_by)
            for path, found in done.found.items()
            for placeholder, finding in found.items()
        ),
        shard=shard if kept else None,
    )


def _timed(outcome: FileOutcome, stage: str, action: Callable[[], T]) -> T:
    began = perf_counter()
    result = action()
    outcome.seconds[stage] += perf_counter() - began
    return result
