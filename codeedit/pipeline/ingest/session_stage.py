"""The stages that need one session only: read, anonymize, make tasks, look once more, write them away.

A unit of work is a log, or some sessions of a log that has many.  It is worked through in one process, and
several units may be worked through at once, on this machine or on others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

from codeedit.pipeline.ingest.audit import Replaced
from codeedit.pipeline.ingest.halves import without_halves
from codeedit.pipeline.ingest.keys import load_key
from codeedit.pipeline.ingest.log_content import log_content
from codeedit.pipeline.ingest.logs import LogFile, sessions_of
from codeedit.pipeline.ingest.quarantine import Quarantine, Quarantined
from codeedit.pipeline.ingest.redactions import checked
from codeedit.pipeline.ingest.report import by_count
from codeedit.pipeline.ingest.split import place
from codeedit.pipeline.ingest.tasks import TaskSettings, session_tasks
from codeedit.pipeline.ingest.unit_file import SessionCounts, UnitCounts, UnitWriter
from codeedit.records import Session

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize import Anonymizer
    from codeedit.pipeline.ingest.anonymize.rules import Rules

T = TypeVar("T")

STAGES: Final = ("read", "anonymize", "segment", "check")
UNIT_EVENTS: Final = 100_000  # at which a log's further sessions become units of their own
_MOST_UNITS: Final = 16  # of one log, since each reads it from the beginning


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work; what it is made from has been hashed into its file's name."""

    number: int  # of the log
    file: LogFile
    source: str
    content: str  # hash of what the log held when the work was given out
    key_file: Path
    path: Path  # where the result goes
    tasks: TaskSettings
    rules: Rules | None = None  # beside the built-in ones
    sessions: tuple[int, int] | None = None  # of the log, half-open; the first ones where it is not set


@dataclass(frozen=True, slots=True)
class Done:
    """That a unit is done: its result is in its file."""

    unit: Unit
    changed: bool = False  # the log has changed meanwhile, and there is no result
    failure: str = ""  # there is none because of an error in the program: its type and place


@cache
def anonymizer_of(key_file: Path, rules: Rules | None) -> Anonymizer:
    """Return the anonymizer of a key and of rules beside the built-in ones."""
    from codeedit.pipeline.ingest.anonymize import Anonymizer

    key = load_key(key_file).value
    return Anonymizer(key) if rules is None else Anonymizer(key, rules=rules)


def clean_records(records: Sequence[Quarantined], anonymizer: Anonymizer) -> list[Quarantined]:
    """Return records with the names of their files anonymized."""
    from codeedit.pipeline.ingest.anonymize.session import clean_path

    names = {record.file: clean_path(record.file, anonymizer) for record in records}
    return [replace(record, file=names[record.file]) for record in records]


def work_through(unit: Unit) -> Done:
    """Work through one unit; its tasks and counts go to its file."""
    with UnitWriter(unit.path) as writer:
        counts = _Worker(unit, writer).work()
        if log_content(unit.file, unit.source) != unit.content:
            return Done(unit, changed=True)
        writer.finish(counts)
    return Done(unit)


class _Worker:
    def __init__(self, unit: Unit, writer: UnitWriter) -> None:
        self._unit = unit
        self._writer = writer
        self._anonymizer = anonymizer_of(unit.key_file, unit.rules)
        self._counts = UnitCounts(seconds=dict.fromkeys(STAGES, 0.0))
        self._left: list[int] = []  # events of the sessions that are left to other units

    def work(self) -> UnitCounts:
        unit, counts = self._unit, self._counts
        quarantine = Quarantine()
        events = 0
        for number, session in enumerate(self._read(quarantine)):
            if unit.sessions is not None:
                first, last = unit.sessions
                if number >= last:
                    break
                if number >= first:
                    counts.sessions.append(self._session(session))
            elif events < UNIT_EVENTS:
                events += len(session.events)
                counts.sessions.append(self._session(session))
            else:
                self._left.append(len(session.events))
        if unit.sessions is None:
            self._note_records(quarantine)
            counts.rest = shares(len(counts.sessions), self._left)
        return counts

    def _read(self, quarantine: Quarantine) -> Iterator[Session]:
        sessions = sessions_of(self._unit.file, self._unit.source, quarantine)
        while (session := self._timed("read", lambda: next(sessions, None))) is not None:
            yield session

    def _note_records(self, quarantine: Quarantine) -> None:
        counts = self._counts
        counts.read, counts.agreed, counts.disagreed = (
            quarantine.read,
            quarantine.agreed,
            quarantine.disagreed,
        )
        counts.quarantined = clean_records(quarantine.records, self._anonymizer)

    def _session(self, session: Session) -> SessionCounts:
        from codeedit.pipeline.ingest.anonymize.session import anonymize_session

        done = self._timed("anonymize", lambda: anonymize_session(without_halves(session), self._anonymizer))
        clean, placeholders = done.session, done.placeholders
        made = self._timed("segment", lambda: session_tasks(clean, self._unit.tasks))
        finder = self._anonymizer.with_identities(session.identities)
        kept = self._timed("check", lambda: list(checked(made.tasks, finder, placeholders, done.untouched)))
        self._writer.add(kept)
        return SessionCounts(
            id=clean.id,
            place=place(session.id),
            events=len(session.events),
            moments=made.moments,
            drafts=made.drafts,
            leaks=len(made.tasks) - len(kept),
            tasks=len(kept),
            unfit=by_count(made.unfit),
            faults=by_count(made.faults),
            ranges=by_count(made.ranges),
            redactions=by_count(Counter(placeholders.values())),
            replaced=tuple(
                Replaced(clean.project, path, placeholder, finding.kind, finding.area, finding.found_by)
                for path, found in done.found.items()
                for placeholder, finding in found.items()
            ),
        )

    def _timed(self, stage: str, action: Callable[[], T]) -> T:
        began = perf_counter()
        result = action()
        self._counts.seconds[stage] += perf_counter() - began
        return result


def shares(first: int, events: list[int]) -> list[tuple[int, int]]:
    """Share a log's sessions out among further units, each with about as many events.

    Args:
        first: the first session's number.
        events: of each session.

    Returns:
        Half-open ranges of sessions; at most ``_MOST_UNITS - 1``, whatever the number of processes.
    """
    least = max(UNIT_EVENTS, -(-sum(events) // (_MOST_UNITS - 1)))
    made: list[tuple[int, int]] = []
    begin, held = first, 0
    for number, count in enumerate(events, first):
        held += count
        if held >= least or number == first + len(events) - 1:
            made.append((begin, number + 1))
            begin, held = number + 1, 0
    return made
