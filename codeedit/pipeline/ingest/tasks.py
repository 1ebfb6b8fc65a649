"""A session becomes tasks: one for each burst in which the user changed the edit range, and some pauses.

A task's prompt is made of what came before its moment.  Later events decide whether there is a task
and what its answer is, never what the prompt says.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from codeedit.errors import InputError
from codeedit.pipeline.ingest.bursts import Burst, Clock, Pause, bursts
from codeedit.pipeline.ingest.document import to_lf
from codeedit.pipeline.ingest.halves import without_halves
from codeedit.pipeline.ingest.history import History
from codeedit.pipeline.ingest.moments import MAX_CODE_BYTES, Moment, TrackedRange, moment
from codeedit.pipeline.ingest.quality import fault, is_half_typed, is_pasted
from codeedit.pipeline.ingest.ranges import DEFAULT_RANGE, range_strategy
from codeedit.pipeline.ingest.reverts import Reverts
from codeedit.pipeline.ingest.unwritten import unwritten
from codeedit.pipeline.syntax import Trees, language_of
from codeedit.records import ContentEvent, DiffEvent, HistoryEdit, Origin, Session, Task

NO_CHANGE_SHARE: Final = 0.10  # of a session's tasks, at most, unless told
UNTOUCHED_MS: Final = 30_000  # a pause counts if its range stays untouched this long


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """What a user may choose about tasks."""

    range: str = DEFAULT_RANGE  # how edit ranges are chosen; see ``ranges``
    agent_edits: bool = False  # tasks also of what completions and agents wrote, with their origin
    no_change: float = NO_CHANGE_SHARE  # how much of a session's tasks may be "no change", below 1

    def __post_init__(self) -> None:
        """See that the share is one.

        Raises:
            InputError: it is not.
        """
        if not 0 <= self.no_change < 1:
            hint = "0.1 means at most a tenth of the tasks; 0 means none"
            raise InputError("not a share below 1", where="--no-change", hint=hint)


_DEFAULT: Final = TaskSettings()


@dataclass(slots=True)
class SessionTasks:
    """What one session gave."""

    tasks: list[Task] = field(default_factory=list)
    moments: int = 0  # bursts and pauses
    unfit: Counter[str] = field(default_factory=Counter)  # moments that gave no task, by reason
    drafts: int = 0  # moments that gave one: moments = drafts + unfit
    faults: Counter[str] = field(default_factory=Counter)  # drafts filtered: drafts = tasks + faults
    ranges: Counter[str] = field(default_factory=Counter)  # tasks by what chose their range


@dataclass(slots=True)
class _Draft:
    task: Task
    number: int  # of its burst, counted in its document; -1 for a pause
    document: str
    chosen_by: str


@dataclass(slots=True)
class _Waiting:
    """A pause whose range has not been left alone for long enough yet."""

    task: Task
    document: str
    chosen_by: str
    area: TrackedRange
    until_ms: int


def session_tasks(session: Session, settings: TaskSettings = _DEFAULT) -> SessionTasks:
    """Make a session's tasks.

    Args:
        session: one that replays; anonymized, since the tasks quote it.
        settings: what the user chose.

    Raises:
        InputError: the settings name no strategy for ranges.
    """
    return _Maker(without_halves(session), settings).make()


class _Maker:
    def __init__(self, session: Session, settings: TaskSettings) -> None:
        self._session = session
        self._settings = settings
        self._strategy = range_strategy(settings.range)
        self._result = SessionTasks()
        self._history = History()
        self._trees = Trees()
        self._drafts: list[_Draft] = []
        self._waiting: list[_Waiting] = []
        self._reverts = Reverts()

    def make(self) -> SessionTasks:
        result = self._result
        for event in bursts(self._session):
            if isinstance(event, DiffEvent):
                self._history.add_stated(event.time_ms, event.path, event.diff)
                continue
            result.moments += 1
            reason = self._burst(event) if isinstance(event, Burst) else self._pause(event)
            if reason is not None:
                result.unfit[reason] += 1
        end_ms = _length_ms(self._session)
        for waiting in self._waiting:
            self._resolve(waiting, quiet=waiting.until_ms <= end_ms)
        result.drafts = len(self._drafts)
        self._filter()
        return result

    def _burst(self, burst: Burst) -> str | None:
        self._watch(burst)
        number = self._reverts.note(burst)
        history = self._history.at(burst.began_ms)
        self._history.add(burst)
        if burst.before == burst.after:
            return "undone"
        if burst.origin is Origin.AGENT and not self._settings.agent_edits:
            return "agent"
        language, reason = _fit(burst.path, burst.before)
        if language is None:
            return reason
        if is_pasted(burst):
            return "pasted_file"
        seen = self._moment(burst.before, burst.cursor, language, burst.path, burst.region)
        if seen is None:
            return "minified_file"
        area = _area(burst.before, seen).follow_burst(burst)
        edit = to_lf(area.text)
        if area.broken or edit == seen.original:
            return "outside_range"
        self._reverts.follow(burst, number, burst.before[seen.typed_start : seen.typed_end], area)
        said = burst.origin, burst.hint
        task = self._task(burst.path, language, burst.began_ms, seen, history, edit, said)
        if is_half_typed(task, self._trees.parse):
            return "half_typed"
        task = replace(task, related=burst.related)
        self._drafts.append(_Draft(task, number, burst.path, seen.chosen_by))
        return None

    def _pause(self, pause: Pause) -> str | None:
        history = self._history.at(pause.time_ms)
        if not history:
            return "pause_without_history"
        language, reason = _fit(pause.path, pause.text)
        if language is None:
            return reason
        seen = self._moment(pause.text, pause.cursor, language, pause.path)
        if seen is None:
            return "minified_file"
        task = self._task(pause.path, language, pause.time_ms, seen, history, seen.original)
        task = replace(task, related=pause.related)
        until_ms = pause.time_ms + UNTOUCHED_MS
        self._waiting.append(_Waiting(task, pause.path, seen.chosen_by, _area(pause.text, seen), until_ms))
        return None

    def _moment(
        self, text: str, cursor: int, language: str, path: str, recorded: tuple[int, int] | None = None
    ) -> Moment | None:
        return moment(
            text,
            cursor,
            language,
            path,
            parse=self._trees.parse,
            strategy=self._strategy,
            recorded=recorded,
        )

    def _watch(self, burst: Burst) -> None:
        """See which pauses ended in an edit of their range after all."""
        still: list[_Waiting] = []
        for waiting in self._waiting:
            if waiting.until_ms <= burst.began_ms:
                self._resolve(waiting, quiet=True)
                continue
            if waiting.document == burst.path and waiting.area.follow_burst(burst).touched:
                self._resolve(waiting, quiet=False)
                continue
            still.append(waiting)
        self._waiting = still

    def _resolve(self, waiting: _Waiting, *, quiet: bool) -> None:
        if quiet:
            self._drafts.append(_Draft(waiting.task, -1, waiting.document, waiting.chosen_by))
        else:
            self._result.unfit["pause_before_edit"] += 1

    def _task(
        self,
        path: str,
        language: str,
        time_ms: int,
        seen: Moment,
        history: tuple[HistoryEdit, ...],
        edit: str,
        said: tuple[Origin, str | None] = (Origin.HUMAN, None),
    ) -> Task:
        task = Task(
            id="",
            source=self._session.source,
            session=self._session.id,
            project=self._session.project,
            path=path,
            language=language,
            origin=said[0],
            time_ms=time_ms,
            code=seen.code,
            edit_start=seen.start,
            edit_end=seen.end,
            cursor=seen.cursor,
            history=history,
            hint=said[1],
            edit=edit,
            no_change=edit == seen.original,
        )
        return replace(task, id=task_id(task))

    def _filter(self) -> None:
        result = self._result
        for draft in self._drafts:
            reason = fault(draft.task)
            if reason is None and self._reverts.took_back(draft.document, draft.number):
                reason = "reverted"
            if reason is None:
                result.tasks.append(draft.task)
            else:
                result.faults[reason] += 1
        unchanged = sorted(task.id for task in result.tasks if task.no_change)
        changed = len(result.tasks) - len(unchanged)
        share = self._settings.no_change
        surplus = set(unchanged[int(changed * share / (1 - share)) :])
        result.faults.update({"pause_over_share": len(surplus)} if surplus else {})
        result.tasks = [task for task in result.tasks if task.id not in surplus or not task.no_change]
        chosen_by = {draft.task.id: draft.chosen_by for draft in self._drafts}
        result.ranges.update(chosen_by[task.id] for task in result.tasks)
        result.tasks.sort(key=lambda task: task.time_ms)


def task_id(task: Task) -> str:
    """Return the hash of what the prompt is made of, but for other files, and of the answer."""
    # As `json.dumps` writes it; consecutive tasks share most diffs.
    edits = (f"[{_quoted(edit.path)}, {_quoted(edit.diff)}, {edit.age_ms}]" for edit in task.history)
    place = json.dumps([task.path, task.code, task.edit_start, task.edit_end, task.cursor])
    answer = json.dumps([task.hint, task.edit])
    content = f"{place[:-1]}, [{', '.join(edits)}], {answer[1:]}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


_quoted = lru_cache(maxsize=64)(json.dumps)


def _fit(path: str, text: str) -> tuple[str | None, str | None]:
    """Return the document's language, or ``None`` and why it is not learned from."""
    head = text[:MAX_CODE_BYTES]
    reason = unwritten(path, head) or ("binary" if "\0" in text else None)
    language = language_of(path, head) if reason is None else None
    return language, reason or (None if language else "unsupported_language")


def _area(text: str, seen: Moment) -> TrackedRange:
    return TrackedRange(seen.typed_start, text[seen.typed_start : seen.typed_end])


def _length_ms(session: Session) -> int:
    clock = Clock()
    for event in session.events:
        if not isinstance(event, ContentEvent | DiffEvent):
            clock.tick(event.time_ms)
    return clock.now
