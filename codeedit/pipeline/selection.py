"""A selection of tasks as a file: which of them are worth their time, by id.

Parquet or JSON lines, one row per task that was looked at, with ``id`` and ``selected`` at least.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from codeedit.errors import InputError

SUFFIXES = (".parquet", ".jsonl")
_HINT = "make one with: codeedit select"


def check_suffix(path: Path, where: str) -> None:
    """Raise ``InputError`` where a selection cannot stand under this name."""
    if path.suffix not in SUFFIXES:
        raise InputError("neither .parquet nor .jsonl", where=f"{where} {path}")


def selected_ids(path: Path) -> frozenset[str]:
    """Return the ids of the tasks that a file selects.

    Raises:
        InputError: it is missing, no selection, or selects nothing.
    """
    check_suffix(path, "--select")
    try:
        rows = _json_rows(path) if path.suffix == ".jsonl" else _parquet_rows(path)
    except OSError:
        raise InputError("no such selection", where=str(path), hint=_HINT) from None
    found = set()
    for number, row in enumerate(rows, 1):
        if not (isinstance(row, dict) and isinstance(row.get("id"), str) and "selected" in row):
            raise InputError("not a selection's row", where=f"{path}:{number}", hint=_HINT)
        if row["selected"]:
            found.add(row["id"])
    if not found:
        raise InputError(
            "this selection selects no task", where=str(path), hint="widen it, see select --help"
        )
    return frozenset(found)


def _json_rows(path: Path) -> Iterable[Any]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError):
            raise InputError("not a selection's row", where=f"{path}:{number}", hint=_HINT) from None
    return rows


def _parquet_rows(path: Path) -> Iterable[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = set(file.schema_arrow.names)
            if not {"id", "selected"} <= names:
                raise InputError("not a selection", where=str(path), hint=_HINT)
            rows: list[Any] = file.read(columns=["id", "selected"]).to_pylist()
    except pa.ArrowInvalid:
        raise InputError("not a parquet file", where=str(path), hint=_HINT) from None
    return rows
