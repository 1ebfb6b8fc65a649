"""Zed's zeta sets: ``zeta-dpo`` (the paper's out-of-domain set), ``zeta-eval``, ``zeta-train``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from codeedit.errors import InputError
from codeedit.eval.sets.base import EvalRow, EvalSet, Sources
from codeedit.eval.sets.zeta_files import check, locate
from codeedit.eval.sets.zeta_row import parse_row


def zeta_split(split: str) -> Callable[[Sources], EvalSet]:
    """Return the loader of a split."""

    def load(sources: Sources) -> EvalSet:
        path = locate(split, sources.zeta)
        note = check(path, split)
        return EvalSet(f"zeta-{split}", "row", tuple(read_rows(path)), (note,) if note else ())

    return load


def read_rows(path: Path) -> Iterator[EvalRow]:
    """Yield the rows of a file in zeta's form, one JSON object a line.

    Raises:
        InputError: a line is no JSON object or no zeta row; the message names file and line, and never
            what stands there.
    """
    number = 0
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line_number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                yield parse_row(_decode(line, f"{path}:{line_number}"), number, where=f"{path}:{line_number}")
                number += 1
    except UnicodeDecodeError:
        raise InputError("not a text file in UTF-8", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if not number:
        raise InputError("no rows in this file", where=str(path))


def _decode(line: str, where: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise InputError("not a JSON object", where=where) from None
    if not isinstance(row, dict):
        raise InputError("not a JSON object", where=where)
    return row
