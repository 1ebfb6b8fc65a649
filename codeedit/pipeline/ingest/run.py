"""Ingest as a whole: find the logs, work through them, take out repetitions, split and write."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, TextIO

from codeedit.errors import CodeEditError, InputError, InterruptedRunError
from codeedit.pipeline.ingest import output
from codeedit.pipeline.ingest.audit import Audit, TouchedTasks, write_audit
from codeedit.pipeline.ingest.card import data_card
from codeedit.pipeline.ingest.engines import ENGINES
from codeedit.pipeline.ingest.gather import Content, Gathering, Progress, Result, Settings, contents
from codeedit.pipeline.ingest.index import SPLITS, Index
from codeedit.pipeline.ingest.keys import Key, default_key_file, load_key, save_key
from codeedit.pipeline.ingest.logs import LogFile, find_logs, refuse_foreign
from codeedit.pipeline.ingest.quarantine import Quarantined
from codeedit.pipeline.ingest.ranges import DEFAULT_RANGE, range_strategy
from codeedit.pipeline.ingest.readers import READERS
from codeedit.pipeline.ingest.report import LogCounts, Report, Stage, by_count
from codeedit.pipeline.ingest.rows import write_rows
from codeedit.pipeline.ingest.session_stage import anonymizer_of, clean_records
from codeedit.pipeline.ingest.tasks import NO_CHANGE_SHARE, TaskSettings
from codeedit.pipeline.ingest.totals import Totals
from codeedit.pipeline.ingest.unit_file import UnitCounts, read_counts
from codeedit.pipeline.ingest.work_store import Logs, WorkStore, compare_logs, open_store

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.rules import Rules

_GO_ON: Final = "run the same command again to go on"
_NO_ROOM: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "a file may not become as large as needed",
}


def ingest(
    logs: Sequence[Path | str],
    out: Path | str = "data",
    *,
    source: str = "auto",
    jobs: int | None = None,
    key_file: Path | str | None = None,
    overwrite: bool = False,
    rules: Path | str | None = None,
    edit_range: str = DEFAULT_RANGE,
    agent_edits: bool = False,
    no_change: float = NO_CHANGE_SHARE,
    engine: str = "local",
    progress: Progress | None = None,
) -> Report:
    """Turn logs into a data set.

    What was worked through is kept beside the data set: a run that was stopped goes on from there, and one
    with more logs works through the new ones only.  The result is the same as of one run over all logs.

    Args:
        logs: files and folders.
        out: the data set's folder; it appears when it is complete.
        source: a reader's name, or ``auto`` to tell each file's kind by its content.
        jobs: processes; by default one per core where there is enough to do. The result is the same.
        key_file: the pseudonyms' key, made if it is not there; by default ``data.key`` beside ``data``.
        overwrite: replace a data set that was made from other logs; never a folder with other files.
        rules: a TOML file with the anonymizer's rules and exceptions beside the built-in ones.
        edit_range: how edit ranges are chosen: ``syntax``, ``lines:N`` or ``log``.
        agent_edits: make tasks also of what completions and agents wrote, marked ``origin = agent``.
        no_change: how much of a session's tasks may be "no change".
        engine: where the work is done, ``local`` or ``ray``. The result is the same.
        progress: called with a stage, how much is done, and of how much.

    Returns:
        All counts; the same as ``report.json``.

    Raises:
        InputError: nothing is there to read, ``out`` is occupied, the key or rules file is not one, or there
            is no such way to choose ranges.
        CodeEditError: no task came of the logs.
        MissingDependencyError: the engine is not installed.
        InterruptedRunError: the user stopped it.
    """
    out = Path(out)
    if source != "auto":
        READERS[source]
    if jobs is not None and jobs < 1:
        raise InputError("must be at least 1", where="--jobs")
    range_strategy(edit_range)
    ENGINES[engine].prepare()
    output.check_free(out, overwrite=True)
    own, rules_content = _load_rules(rules)
    key = load_key(Path(key_file) if key_file else default_key_file(out), out)
    files = find_logs(
        [Path(path) for path in logs],
        leave_out=(out, key.file, *([Path(rules)] if rules else [])),
        source=source,
    )
    for file in files:
        if file.given:
            refuse_foreign(file, source)
    settings = Settings(
        source, key.file, TaskSettings(edit_range, agent_edits, no_change), own, rules_content
    )
    try:
        with open_store(out, key.value) as store:
            run = _Run(out, key, settings, store, progress or _no_progress)
            return run.run(files, engine, jobs, overwrite=overwrite)
    except KeyboardInterrupt:
        raise InterruptedRunError("interrupted", hint=_GO_ON) from None
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        hint = f"make room, and {_GO_ON}"
        raise CodeEditError(_NO_ROOM[error.errno], where=str(out), hint=hint) from error


def _no_progress(stage: str, done: int, total: int | None) -> None:
    pass


def _load_rules(file: Path | str | None) -> tuple[Rules | None, str]:
    """Return the rules and a hash of their file."""
    if file is None:
        return None, ""
    from codeedit.pipeline.ingest.anonymize.rules_file import load_rules

    rules = load_rules(Path(file))
    return rules, hashlib.sha256(Path(file).read_bytes()).hexdigest()


class _Run:
    def __init__(self, out: Path, key: Key, settings: Settings, store: WorkStore, progress: Progress) -> None:
        self._out = out
        self._key = key
        self._settings = settings
        self._store = store
        self._progress = progress
        self._totals = Totals()
        self._audit = Audit()

    def run(self, files: Sequence[LogFile], engine: str, jobs: int | None, *, overwrite: bool) -> Report:
        before = self._store.logs_of(self._out)
        output.check_free(self._out, overwrite=overwrite or before is not None)
        found = contents(files, self._settings.source, self._progress)
        logs = compare_logs(before, self._hashes(files, found))
        if logs.gone and not overwrite:
            raise self._gone(logs, sum(map(bool, (before or {}).values())))
        save_key(self._key)
        gathering = Gathering(files, found, self._settings, self._store)
        reused = gathering.finish(ENGINES[engine], jobs, self._progress)
        results = list(gathering.results())
        units = [unit for result in results for unit in result.units]
        with output.being_written(self._out) as folder, self._store.index_folder() as tables:
            with Index(tables, threads=jobs or os.cpu_count() or 1) as index:
                report = self._write(folder, results, units, index, replace(logs, reused=reused))
            text = (json.dumps(report.as_dict(), indent=2) + "\n").encode()
            (folder / output.REPORT).write_bytes(text)
            self._store.note_logs(text, self._hashes(files, gathering.contents), self._out)
        self._store.keep_only(units)
        return report

    def _hashes(self, files: Sequence[LogFile], found: Sequence[Content]) -> Logs:
        return self._store.hashes(files, [content.hash for content in found])

    def _gone(self, logs: LogCounts, before: int) -> InputError:
        are = "is" if logs.gone == 1 else "are"
        return InputError(
            f"this data set was made from {before} logs, of which {logs.gone} {are} not given now",
            where=str(self._out),
            hint="name all of them, replace the data set with --overwrite, or choose another with --out",
        )

    def _write(
        self,
        folder: Path,
        results: Sequence[Result],
        units: Sequence[Path],
        index: Index,
        logs: LogCounts,
    ) -> Report:
        totals = self._totals
        self._take_in(folder, results, index)
        stages = totals.stages()
        made = stages[-1].out
        began = perf_counter()
        repeated = index.take_out_repetitions()
        dropped = by_count(+Counter(duplicate=repeated.same, near_duplicate=repeated.near))
        left = made - sum(repeated)
        ended = perf_counter()
        stages.append(Stage("deduplicate", "tasks", made, left, dropped, ended - began))
        if not left:
            if not logs.reused and self._store.logs_of(self._out) is None:
                self._forget()
            raise totals.nothing(stages)
        index.split()
        counts = {name: index.count(name) for name in SPLITS}
        stages.append(Stage("split", "tasks", left, sum(counts.values()), {}, perf_counter() - ended))
        began = perf_counter()
        wrote = {name: self._write_split(name, folder, units, index, left) for name in SPLITS}
        write_audit(folder, self._audit.as_dict(self._touched(index, left)), index.files)
        stages.append(
            Stage("write", "tasks", sum(counts.values()), sum(wrote.values()), {}, perf_counter() - began)
        )
        report = Report(
            sessions=totals.sessions,
            events=totals.events,
            train=wrote["train"],
            test=wrote["test"],
            quarantined=stages[0].dropped,
            redactions=by_count(totals.redactions),
            stages=tuple(stages),
            languages=index.languages(),
            no_change=index.no_change(),
            ranges=by_count(totals.ranges),
            agreed=totals.agreed,
            disagreed=totals.disagreed,
            sessions_with_tasks=index.sessions_with_tasks(),
            logs=logs,
            out=self._out,
            key_file=self._key.file,
        )
        (folder / output.CARD).write_text(data_card(report), "utf-8")
        return report

    def _take_in(self, folder: Path, results: Sequence[Result], index: Index) -> None:
        """Sum up all units, one after the other, and what is no log, and write the quarantine."""
        number = 0
        with (folder / output.QUARANTINE).open("w", encoding="utf-8") as quarantine:
            for done, result in enumerate(results, 1):
                for unit in result.units:
                    counts = read_counts(unit)
                    if counts is None:
                        raise CodeEditError("finished work has vanished", where=str(unit), hint="run again")
                    index.add(number, unit, counts.sessions)
                    number += 1
                    self._count(counts)
                    _write_records(quarantine, self._named(counts.quarantined, result))
                if result.no_log:
                    records = self._cleaned([Quarantined(result.name, 0, result.no_log)])
                    self._count(UnitCounts(read=1, quarantined=records))
                    _write_records(quarantine, records)
                self._progress("putting together", done, len(results))

    def _count(self, counts: UnitCounts) -> None:
        self._totals.add(counts)
        for session in counts.sessions:
            self._audit.take(session.replaced)

    def _named(self, records: list[Quarantined], result: Result) -> list[Quarantined]:
        """Return a log's records under the name that no other log has."""
        if not records or result.name == result.known_by:
            return records
        return self._cleaned([replace(record, file=result.name) for record in records])

    def _cleaned(self, records: list[Quarantined]) -> list[Quarantined]:
        return clean_records(records, anonymizer_of(self._key.file, self._settings.rules))

    def _write_split(self, name: str, folder: Path, units: Sequence[Path], index: Index, total: int) -> int:
        stage = f"writing {name}"
        return write_rows(
            name, index.rows(name), units, folder, lambda done: self._progress(stage, done, total)
        )

    def _touched(self, index: Index, total: int) -> TouchedTasks:
        touched, by_kind = index.touched()
        return TouchedTasks(total, touched, by_kind, self._totals.leaks)

    def _forget(self) -> None:
        """Leave nothing behind where nothing came of the logs."""
        self._store.remove()
        if self._key.is_new:
            self._key.file.unlink(missing_ok=True)


def _write_records(file: TextIO, records: Sequence[Quarantined]) -> None:
    for record in records:
        line = {"file": record.file, "line": record.line, "reason": record.reason}
        file.write(json.dumps(line) + "\n")
