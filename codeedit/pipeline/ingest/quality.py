"""What makes a burst or a task unfit to learn from; report.json counts each reason by name."""

from __future__ import annotations

from typing import Final

from codeedit.pipeline.ingest.bursts import Burst
from codeedit.pipeline.ingest.edit_range import Parse
from codeedit.pipeline.ingest.halves import STAND_IN
from codeedit.pipeline.ingest.redactions import texts
from codeedit.pipeline.syntax import is_broken
from codeedit.records import Task

MAX_EDIT_CHARS: Final = 4_000  # of the range's new text
PASTED_LINES: Final = 10  # a shorter insertion may well have been written
PASTED_SHARE: Final = 0.8  # of the document's characters


def is_pasted(burst: Burst) -> bool:
    """Whether one insertion made up nearly the whole document; unless the user had asked for it."""
    if burst.hint is not None:
        return False
    largest = max((edit.inserted for edit in burst.edits), key=len, default="")
    return largest.count("\n") + 1 >= PASTED_LINES and len(largest) >= PASTED_SHARE * len(burst.after)


def is_half_typed(task: Task, parse: Parse) -> bool:
    """Whether the answer leaves code broken that was whole: its user stopped in the middle of something.

    Args:
        task: a finished one.
        parse: makes syntax trees.
    """
    if task.no_change or is_broken(parse(task.code, task.language, task.path)):
        return False
    after = task.code[: task.edit_start] + task.edit + task.code[task.edit_end :]
    return is_broken(parse(after, task.language, task.path))


def fault(task: Task) -> str | None:
    """Return why a finished task is not worth training on, or ``None``."""
    if any(STAND_IN in text for text in texts(task)):
        return "half_character"
    if len(task.edit) > MAX_EDIT_CHARS or len(task.original) > MAX_EDIT_CHARS:
        return "too_long"
    if not task.no_change and "".join(task.edit.split()) == "".join(task.original.split()):
        return "whitespace_only"
    return None
