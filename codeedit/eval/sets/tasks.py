"""Sets of our own tasks: the data set's test split, and any folder or file."""

from __future__ import annotations

import re
from pathlib import Path

from codeedit.errors import InputError
from codeedit.eval.sets.base import EvalSet, Sources, set_from_tasks
from codeedit.eval.sets.zeta import read_rows
from codeedit.pipeline.task_table import read_task_file, read_tasks


def in_domain(sources: Sources) -> EvalSet:
    """Return the test split of the data set."""
    return set_from_tasks("id", read_tasks(sources.data, "test"))


def from_path(path: Path) -> EvalSet:
    """Return the set at a path: a data folder's test split, a parquet file, or JSON lines in zeta's form.

    Raises:
        InputError: there is nothing of the kind.
    """
    name = re.sub(r"[^\w.-]+", "-", path.resolve().stem) or "path"
    if path.is_dir():
        return set_from_tasks(name, read_tasks(path, "test"))
    if path.suffix == ".parquet":
        return set_from_tasks(name, read_task_file(path))
    if path.suffix in (".jsonl", ".json"):
        return EvalSet(name, "row", tuple(read_rows(path)))
    raise InputError(
        "not an evaluation set",
        where=str(path),
        hint="give a data folder, a .parquet file of tasks, or a .jsonl file in zeta's form",
    )
