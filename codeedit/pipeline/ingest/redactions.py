"""What the anonymizer replaced in a finished task, and the second look at the task's texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from codeedit.pipeline.ingest.anonymize.provenance import common_prefix
from codeedit.records import Redaction, Task

_AROUND = 3_000  # characters on both sides of what has changed that are looked at with it


class Finder(Protocol):
    """What the second look needs of an anonymizer."""

    def findings(self, text: str) -> list[str]:
        """Return the kinds of what should have been replaced."""
        ...


def texts(task: Task, leave_out: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield all texts of a task that come from the log, but for the content of some files."""
    yield task.path
    if task.path not in leave_out:
        yield task.code
        yield task.edit
    if task.hint is not None:
        yield task.hint
    for edit in task.history:
        yield edit.path
        if edit.path not in leave_out:
            yield edit.diff
    for file in task.related:
        yield file.path
        if file.path not in leave_out:
            yield file.code


def count_redactions(task: Task, placeholders: Mapping[str, str]) -> tuple[Redaction, ...]:
    """Count the placeholders in a task, by kind.

    Args:
        task: an anonymized one.
        placeholders: placeholder to kind.
    """
    joined = "\0".join(texts(task))
    counts: Counter[str] = Counter()
    for placeholder, kind in placeholders.items():
        counts[kind] += joined.count(placeholder)
    return tuple(Redaction(kind, count) for kind, count in sorted(counts.items()) if count)


def checked(
    tasks: Iterable[Task],
    finder: Finder,
    placeholders: Mapping[str, str],
    untouched: frozenset[str] = frozenset(),
) -> Iterator[Task]:
    """Yield the tasks in which a second look finds nothing, with their redactions counted.

    Args:
        tasks: of one session.
        finder: looks.
        placeholders: placeholder to kind.
        untouched: paths of the files that are meant to stay as they are.
    """
    clean: dict[str, bool] = {}  # tasks of one session share diffs and much of their code
    last: dict[str, str] = {}  # path: a file's content in which nothing was found
    for task in tasks:
        looked_at = list(texts(task, untouched))
        path_of = {file.code: file.path for file in task.related} | {task.code: task.path}
        for text in looked_at:
            path = path_of.get(text)
            if text not in clean:
                clean[text] = not finder.findings(_changed(text, last.get(path, "") if path else ""))
            if path and clean[text]:
                last[path] = text
        if all(clean[text] for text in looked_at):
            yield replace(task, redactions=count_redactions(task, placeholders))


def _changed(text: str, earlier: str) -> str:
    """Return the part of a file's content that differs from an earlier one, and the lines around it."""
    if not earlier:
        return text
    same = common_prefix(earlier, text)
    low = text.rfind("\n", 0, max(0, same - _AROUND)) + 1
    limit = min(len(earlier), len(text)) - same
    behind = common_prefix(earlier[len(earlier) - limit :][::-1], text[len(text) - limit :][::-1])
    high = text.find("\n", len(text) - behind + _AROUND)
    return text[low : high if high >= 0 else len(text)]
