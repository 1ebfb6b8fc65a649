"""What the anonymizer replaced in a finished task, and the second look at the task's texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from codeedit.records import Redaction, Task


class Finder(Protocol):
    """What the second look needs of an anonymizer."""

    def findings(self, text: str) -> list[str]:
        """Return the kinds of what should have been replaced."""
        ...


def texts(task: Task) -> Iterator[str]:
    """Yield all texts of a task that come from the log."""
    yield task.path
    yield task.code
    yield task.edit
    if task.hint is not None:
        yield task.hint
    for edit in task.history:
        yield edit.path
        yield edit.diff


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


def checked(tasks: Iterable[Task], finder: Finder, placeholders: Mapping[str, str]) -> Iterator[Task]:
    """Yield the tasks in which a second look finds nothing, with their redactions counted."""
    clean: dict[str, bool] = {}  # tasks of one session share diffs and much of their code
    for task in tasks:
        for text in texts(task):
            if text not in clean:
                clean[text] = not finder.findings(text)
        if all(clean[text] for text in texts(task)):
            yield replace(task, redactions=count_redactions(task, placeholders))
