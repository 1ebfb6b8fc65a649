"""Ingest as a whole: find the logs, work through them, take out repetitions, split and write."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from codeedit.errors import CodeEditError, InputError
from codeedit.pipeline.ingest import output
from codeedit.pipeline.ingest.audit import Audit, as_markdown
from codeedit.pipeline.ingest.card import data_card
from codeedit.pipeline.ingest.keys import Key, default_key_file, load_key, save_key
from codeedit.pipeline.ingest.logs import LogFile, find_logs, refuse_foreign
from codeedit.pipeline.ingest.ranges import DEFAULT_RANGE, range_strategy
from codeedit.pipeline.ingest.readers import READERS
from codeedit.pipeline.ingest.report import Report, Stage, Statistics, by_count
from codeedit.pipeline.ingest.session_stage import STAGES, FileOutcome, SessionOutcome, Work, work_through
from codeedit.pipeline.ingest.split import choose_test
from codeedit.pipeline.ingest.tasks import TaskSettings
from codeedit.pipeline.task_table import read_task_file, write_tasks
from codeedit.records import Task

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.rules import Rules

ROWS_PER_FILE: Final = 50_000
_SMALL_BYTES: Final = 8_000_000  # of logs that one process reads sooner than several start

Progress = Callable[[str, int, int | None], None]  # stage, done, total


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
    progress: Progress | None = None,
) -> Report:
    """Turn logs into a data set.

    Args:
        logs: files and folders.
        out: the data set's folder; it appears when it is complete.
        source: a reader's name, or ``auto`` to tell each file's kind by its content.
        jobs: processes; by default one per core where there is enough to do. The result is the same.
        key_file: the pseudonyms' key, made if it is not there; by default ``data.key`` beside ``data``.
        overwrite: replace a data set that is there; never a folder with other files.
        rules: a TOML file with the anonymizer's rules and exceptions beside the built-in ones.
        edit_range: how edit ranges are chosen: ``syntax``, ``lines:N`` or ``log``.
        progress: called with a stage, how many files or tasks are done, and of how many.

    Returns:
        All counts; the same as ``report.json``.

    Raises:
        InputError: nothing is there to read, ``out`` is occupied, the key or rules file is not one, or there
            is no such way to choose ranges.
        CodeEditError: no task came of the logs.
    """
    out = Path(out)
    if source != "auto":
        READERS[source]
    range_strategy(edit_range)
    output.check_free(out, overwrite=overwrite)
    own = _load_rules(rules)
    key = load_key(Path(key_file) if key_file else default_key_file(out), out)
    files = find_logs(
        [Path(path) for path in logs],
        leave_out=(out, key.file, *([Path(rules)] if rules else [])),
        source=source,
    )
    for file in files:
        if file.given:
            refuse_foreign(file, source)
    with output.being_written(out) as folder:
        settings = TaskSettings(range=edit_range)
        report = _Run(folder, key, own, settings, progress or _no_progress).run(files, source, jobs, out)
        save_key(key)
    return report


def _no_progress(stage: str, done: int, total: int | None) -> None:
    pass


class _Run:
    def __init__(
        self, folder: Path, key: Key, rules: Rules | None, tasks: TaskSettings, progress: Progress
    ) -> None:
        self._folder = folder
        self._shards = folder / "shards"
        self._shards.mkdir()
        self._key = key
        self._rules = rules
        self._tasks = tasks
        self._progress = progress

    def run(self, files: Sequence[LogFile], source: str, jobs: int | None, out: Path) -> Report:
        work = [
            Work(number, file, source, self._key.value, self._shards, self._rules, self._tasks)
            for number, file in enumerate(files)
        ]
        outcomes: list[FileOutcome] = []
        for outcome in _work_through_all(work, _jobs(jobs, files)):
            outcomes.append(outcome)
            self._progress("reading", len(outcomes), len(work))
        outcomes.sort(key=lambda outcome: outcome.number)
        sessions = list(chain.from_iterable(outcome.sessions for outcome in outcomes))

        began = perf_counter()
        kept = _without_repetitions(sessions)
        deduplicated = perf_counter()
        test = choose_test(session.id for session in sessions if any(kept[session.shard]))
        split = perf_counter()
        stages = _session_stages(outcomes, sessions)
        made, left = stages[-1].out, sum(map(sum, kept.values()))
        repeated = {"duplicate": made - left} if made > left else {}
        stages.append(Stage("deduplicate", "tasks", made, left, repeated, deduplicated - began))
        stages.append(Stage("split", "tasks", left, left, {}, split - deduplicated))
        if not sessions or not left:
            raise _nothing(sessions, stages)

        statistics, audit = Statistics(), Audit()
        for session in sessions:
            audit.take(session.replaced)
        counts = {}
        for name, chosen in (
            ("train", [session for session in sessions if session.id not in test]),
            ("test", [session for session in sessions if session.id in test]),
        ):
            tasks = audit.watch(statistics.watch(_kept_tasks(chosen, kept)))
            counts[name] = self._write_split(name, tasks, left)
        stages.append(Stage("write", "tasks", left, statistics.total, {}, perf_counter() - split))

        redactions: Counter[str] = Counter()
        for session in sessions:
            redactions.update(session.redactions)
        report = Report(
            sessions=len(sessions),
            events=sum(session.events for session in sessions),
            train=counts["train"],
            test=counts["test"],
            quarantined=stages[0].dropped,
            redactions=by_count(redactions),
            stages=tuple(stages),
            languages=statistics.table(),
            no_change=statistics.no_change,
            ranges=by_count(sum((session.made.ranges for session in sessions), Counter())),
            agreed=sum(outcome.agreed for outcome in outcomes),
            disagreed=sum(outcome.disagreed for outcome in outcomes),
            out=out,
            key_file=self._key.file,
        )
        self._write_texts(report, outcomes)
        self._write_audit(audit.as_dict(sum(session.leaks for session in sessions)))
        return report

    def _write_split(self, name: str, tasks: Iterator[Task], total: int) -> int:
        done = 0
        for number in range(100_000):
            first = next(tasks, None)
            if first is None:
                break
            file = self._folder / f"{name}-{number:05d}.parquet"
            done += write_tasks(chain([first], islice(tasks, ROWS_PER_FILE - 1)), file)
            self._progress(f"writing {name}", done, total)
        return done

    def _write_texts(self, report: Report, outcomes: Iterable[FileOutcome]) -> None:
        for shard in self._shards.iterdir():
            shard.unlink()
        self._shards.rmdir()
        with (self._folder / output.QUARANTINE).open("w", encoding="utf-8") as file:
            for record in chain.from_iterable(outcome.quarantined for outcome in outcomes):
                line = {"file": record.file, "line": record.line, "reason": record.reason}
                file.write(json.dumps(line) + "\n")
        (self._folder / output.CARD).write_text(data_card(report), "utf-8")
        text = json.dumps(report.as_dict(), indent=2)
        (self._folder / output.REPORT).write_text(text + "\n", "utf-8")

    def _write_audit(self, audit: dict[str, Any]) -> None:
        (self._folder / output.AUDIT).write_text(json.dumps(audit, indent=2) + "\n", "utf-8")
        (self._folder / output.AUDIT_CARD).write_text(as_markdown(audit), "utf-8")


def _load_rules(file: Path | str | None) -> Rules | None:
    if file is None:
        return None
    from codeedit.pipeline.ingest.anonymize.rules_file import load_rules

    return load_rules(Path(file))


def _jobs(jobs: int | None, files: Sequence[LogFile]) -> int:
    if jobs is not None:
        if jobs < 1:
            raise InputError("must be at least 1", where="--jobs")
        return min(jobs, len(files))
    size = 0
    for file in files:
        try:
            size += file.path.stat().st_size
        except OSError:
            continue
    return 1 if size < _SMALL_BYTES else min(os.cpu_count() or 1, len(files))


def _work_through_all(work: Sequence[Work], jobs: int) -> Iterator[FileOutcome]:
    if jobs == 1:
        yield from map(work_through, work)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(work_through, one) for one in work]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BrokenProcessPool as error:
            hint = "there may be too little memory; try --jobs 1"
            raise CodeEditError("a process was killed while it read the logs", hint=hint) from error
        finally:
            for future in waiting:
                future.cancel()


def _without_repetitions(sessions: Iterable[SessionOutcome]) -> dict[Path | None, list[bool]]:
    """Return for each shard which of its rows come up for the first time."""
    seen: set[str] = set()
    kept: dict[Path | None, list[bool]] = {None: []}
    for session in sessions:
        rows = []
        for task_id in session.task_ids:
            rows.append(task_id not in seen)
            seen.add(task_id)
        if session.shard is not None:
            kept[session.shard] = rows
    return kept


def _kept_tasks(sessions: Iterable[SessionOutcome], kept: dict[Path | None, list[bool]]) -> Iterator[Task]:
    for session in sessions:
        if session.shard is not None:
            for task, keep in zip(read_task_file(session.shard), kept[session.shard], strict=True):
                if keep:
                    yield task


def _session_stages(outcomes: Iterable[FileOutcome], sessions: Sequence[SessionOutcome]) -> list[Stage]:
    quarantined: Counter[str] = Counter()
    unfit: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    seconds = dict.fromkeys(STAGES, 0.0)
    read = 0
    for outcome in outcomes:
        read += outcome.read
        quarantined.update(record.reason for record in outcome.quarantined)
        for name, spent in outcome.seconds.items():
            seconds[name] += spent
    for session in sessions:
        unfit.update(session.made.unfit)
        faults.update(session.made.faults)
    moments = sum(session.made.moments for session in sessions)
    drafts = sum(session.made.drafts for session in sessions)
    filtered = drafts - faults.total()
    leaks = sum(session.leaks for session in sessions)
    leaked = {"leak": leaks} if leaks else {}
    count = len(sessions)
    return [
        Stage("read", "records", read, read - quarantined.total(), by_count(quarantined), seconds["read"]),
        Stage("anonymize", "sessions", count, count, {}, seconds["anonymize"]),
        Stage("segment", "moments", moments, drafts, by_count(unfit), seconds["segment"]),
        Stage("filter", "tasks", drafts, filtered, by_count(faults), 0.0),
        Stage("check", "tasks", filtered, filtered - leaks, leaked, seconds["check"]),
    ]


def _nothing(sessions: Sequence[SessionOutcome], stages: Sequence[Stage]) -> CodeEditError:
    if not sessions:
        reasons = ", ".join(f"{count} x {reason}" for reason, count in stages[0].dropped.items())
        return InputError(
            f"no session in the logs ({reasons})" if reasons else "no session in the logs",
            hint="name a folder of editor logs; `codeedit ingest --help` lists the kinds",
        )
    dropped: Counter[str] = Counter()
    for stage in stages[1:]:
        dropped.update(stage.dropped)
    counts = ", ".join(f"{reason} {count}" for reason, count in by_count(dropped).items()) or "no edits"
    number = "1 session" if len(sessions) == 1 else f"{len(sessions)} sessions"
    return CodeEditError(
        f"no task came of the logs: {number}, {counts}",
        hint="more logs are needed, with edits in the ten languages",
    )
