"""Access to a data set's tasks by number, with search, without holding the tasks in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.pipeline.task_table import SPLITS, read_task_file

_SEARCHED = ("path", "code", "edit", "hint")
_LISTED = ("language", "path", "no_change")


@dataclass(frozen=True, slots=True)
class Part:
    """One row group of one file."""

    file: Path
    split: str
    group: int
    first: int  # number of its first task
    rows: int


class TaskBrowser:
    """The tasks of a data set, numbered from 0 over all its files.

    Args:
        data: a data folder, or one parquet file of tasks.

    Raises:
        InputError: there are no tasks, or a file is none of ours.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.parts = _parts(data)
        self.count = sum(part.rows for part in self.parts)
        if not self.count:
            raise InputError("no tasks here", where=str(data), hint="make some with: codeedit ingest LOGS")
        self._rows = [row for part in self.parts for row in _read(part, _LISTED)]
        self._group = lru_cache(maxsize=2)(self._read_group)
        self._matches = lru_cache(maxsize=8)(self._search)

    def languages(self) -> list[tuple[str, int]]:
        """Return the languages with their number of tasks, the most frequent first."""
        return Counter(row["language"] for row in self._rows).most_common()

    def listing(self, query: str, language: str, start: int, count: int) -> dict[str, Any]:
        """Return the tasks that match, from the ``start``-th of them.

        Args:
            query: text that path, code, edit or hint has to contain, in any case; empty: all.
            language: tree-sitter's name; empty: all.
            start: of the matching tasks, 0-based.
            count: how many to return.
        """
        found = self._matches(query, language)
        chosen = found[start : start + count]
        rows = [{"number": at, "split": self._part(at).split, **self._rows[at]} for at in chosen]
        return {"total": len(found), "start": start, "tasks": rows}

    def task(self, number: int) -> dict[str, Any]:
        """Return a whole task as its parquet row, with number and split; or raise ``IndexError``."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        part = self._part(number)
        row = self._group(part)[number - part.first]
        return {"number": number, "split": part.split, **row}

    def _part(self, number: int) -> Part:
        return self.parts[bisect_right(self.parts, number, key=lambda part: part.first) - 1]

    def _read_group(self, part: Part) -> list[dict[str, Any]]:
        return _read(part, None)

    def _search(self, query: str, language: str) -> list[int]:
        numbers = [at for at, row in enumerate(self._rows) if not language or row["language"] == language]
        if not query:
            return numbers
        containing = {at for part in self.parts for at in _containing(part, query)}
        return [at for at in numbers if at in containing]


def _parts(data: Path) -> list[Part]:
    import pyarrow.parquet as pq

    if data.is_dir():
        files = [(file, split) for split in SPLITS for file in sorted(data.glob(f"{split}-*.parquet"))]
    elif data.is_file():
        files = [(data, data.stem)]
    else:
        raise InputError("no data set", where=str(data), hint="make one with: codeedit ingest LOGS")
    parts: list[Part] = []
    first = 0
    for file, split in files:
        next(read_task_file(file), None)  # raises where the file is none of ours
        with pq.ParquetFile(file) as opened:
            sizes = [opened.metadata.row_group(at).num_rows for at in range(opened.num_row_groups)]
        for group, rows in enumerate(sizes):
            parts.append(Part(file, split, group, first, rows))
            first += rows
    return parts


def _read(part: Part, columns: tuple[str, ...] | None) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(part.file) as opened:
        table = opened.read_row_group(part.group, columns=list(columns) if columns else None)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _containing(part: Part, query: str) -> list[int]:
    """Return the numbers of a part's tasks that contain the text."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(part.file) as opened:
        table = opened.read_row_group(part.group, columns=list(_SEARCHED))
    found: set[int] = set()
    for name in _SEARCHED:
        mask = pc.fill_null(pc.match_substring(table[name], query, ignore_case=True), fill_value=False)
        found.update(pc.indices_nonzero(mask).to_pylist())
    return [part.first + at for at in sorted(found)]
