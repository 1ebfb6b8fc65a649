"""Giving out work: which units an ingest needs, which of them are done already, and having the rest done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codeedit.errors import CodeEditError, InputError
from codeedit.pipeline.ingest.engines import Engine
from codeedit.pipeline.ingest.log_content import log_content
from codeedit.pipeline.ingest.logs import LogFile, told_apart, why_no_log
from codeedit.pipeline.ingest.session_stage import Done, Unit
from codeedit.pipeline.ingest.tasks import TaskSettings
from codeedit.pipeline.ingest.unit_file import read_counts
from codeedit.pipeline.ingest.work_store import WorkStore

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.rules import Rules

_TRIES: Final = 3  # for a log that changes while it is read

Progress = Callable[[str, int, int | None], None]  # stage, done, total


@dataclass(frozen=True, slots=True)
class Settings:
    """What all units have in common."""

    source: str
    key_file: Path
    tasks: TaskSettings
    rules: Rules | None  # beside the built-in ones
    rules_content: str  # hash of the rules' file


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds."""

    hash: str  # empty where it is no log
    no_log: str = ""  # why it is none


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a file."""

    known_by: str  # the name that its units' records have
    name: str  # one that no other file has
    no_log: str  # why there are no units
    units: tuple[Path, ...]


def contents(files: Sequence[LogFile], source: str, progress: Progress) -> list[Content]:
    """Look at what each file holds."""
    made = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing leaves Python alone
        for content in pool.map(lambda file: _content(file, source), files):
            made.append(content)
            progress("looking at logs", len(made), len(files))
    return made


def _content(file: LogFile, source: str) -> Content:
    no_log = why_no_log(file, source)
    return Content("", no_log) if no_log else Content(log_content(file, source))


class Gathering:
    """The units of some logs.

    Args:
        files: the logs, and what lies among them.
        found: what each holds.
        settings: for all of them.
        store: where finished units are.
    """

    def __init__(
        self, files: Sequence[LogFile], found: Sequence[Content], settings: Settings, store: WorkStore
    ) -> None:
        self._files = files
        self.contents = list(found)
        self._settings = settings
        self._store = store
        self._tries = [0] * len(files)
        self._paths: list[list[Path]] = [[] for _ in files]  # of each log's units, in order

    def finish(self, engine: Engine, jobs: int | None, progress: Progress) -> int:
        """Have everything done that is not done yet; return how many logs were done already.

        Raises:
            CodeEditError: a unit failed, or its process was lost.
            InputError: a log changes all the time.
        """
        logs = [number for number, content in enumerate(self.contents) if not content.no_log]
        waiting = [unit for number in logs for unit in self._missing(number)]
        reused = len(logs) - len({unit.number for unit in waiting})
        done = 0
        while waiting:
            waiting.sort(key=lambda unit: (-_size(unit.file), unit.number, unit.sessions or (0, 0)))
            total, next_ones = done + len(waiting), list[Unit]()
            for result in engine.run(waiting, jobs):
                done += 1
                next_ones += self._after(result)
                progress("working through logs", done, total + len(next_ones))
            waiting = next_ones
        return reused

    def results(self) -> Iterable[Result]:
        """Yield what came of each log when all are done, in the order of the given files."""
        names = told_apart(self._files)
        for file, name, content, paths in zip(self._files, names, self.contents, self._paths, strict=True):
            yield Result(file.name, name, content.no_log, tuple(paths))

    def _unit(self, number: int, sessions: tuple[int, int] | None) -> Unit:
        file, content, settings = self._files[number], self.contents[number].hash, self._settings
        chosen = (settings.source, settings.rules_content, asdict(settings.tasks))
        path = self._store.unit(file.name, content, *chosen, sessions)
        return Unit(
            number,
            file,
            settings.source,
            content,
            settings.key_file,
            path,
            settings.tasks,
            settings.rules,
            sessions,
        )

    def _missing(self, number: int) -> list[Unit]:
        """Note a log's units as far as they are known; return those that are not done."""
        first = self._unit(number, None)
        counts = read_counts(first.path)
        units = [first, *(self._unit(number, part) for part in (counts.rest if counts else []))]
        self._paths[number] = [unit.path for unit in units]
        if counts is None:
            return [first]
        return [unit for unit in units[1:] if read_counts(unit.path) is None]

    def _after(self, result: Done) -> list[Unit]:
        """Return what is to be done because a unit was."""
        unit = result.unit
        if result.failure:
            raise CodeEditError(f"internal error: {result.failure}", hint="run again to go on")
        if not result.changed:
            return self._missing(unit.number) if unit.sessions is None else []
        self._tries[unit.number] += 1
        if self._tries[unit.number] >= _TRIES:
            hint = "run again when nothing writes to it"
            raise InputError("the log changes while it is read", where=str(unit.file.path), hint=hint)
        content = self.contents[unit.number] = _content(unit.file, unit.source)
        if content.no_log:
            self._paths[unit.number] = []
            return []
        return self._missing(unit.number)


def _size(file: LogFile) -> int:
    try:
        return file.path.stat().st_size
    except OSError:
        return 0
