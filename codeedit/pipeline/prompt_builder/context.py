"""What a reward may need of a task beyond its range; a prompt's row carries it only where it is needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from codeedit.pipeline.reversal import earlier_range
from codeedit.records import Task


class Need(StrEnum):
    """What a reward's term asks of a task."""

    DOCUMENT = "document"  # the whole code
    EARLIER = "earlier"  # the range before the user's last edit


@dataclass(frozen=True, slots=True)
class Context:
    """A task around its range, as far as the reward's terms need it."""

    path: str = ""
    above: str | None = None  # the document above the range; None: not needed
    below: str | None = None  # the same below it
    earlier: str | None = None  # the range before the user's last edit, where that touched it


def context_of(task: Task, needs: Collection[Need]) -> Context | None:
    """Return what some terms need of a task; None where they need nothing."""
    if not needs:
        return None
    above, below = task.code[: task.edit_start], task.code[task.edit_end :]
    whole = Need.DOCUMENT in needs
    return Context(
        path=task.path,
        above=above if whole else None,
        below=below if whole else None,
        earlier=earlier_range(task) if Need.EARLIER in needs else None,
    )
