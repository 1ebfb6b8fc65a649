"""A data set's tasks as rows of a page: an index of all, and each read when asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError
from codeedit.eval.pages.document import Entry, Facet, Page
from codeedit.pipeline.task_table import SPLITS, open_task_file

if TYPE_CHECKING:
    import pyarrow as pa

FACETS = (
    Facet("language", "Language"),
    Facet("split", "Split", SPLITS),
    Facet("answer", "Answer", ("a change", "no change")),
    Facet("origin", "Origin", ("human", "agent", "synthetic")),
    Facet("hint", "Hint", ("with hint", "without")),
    Facet("redacted", "Redacted", ("nothing",)),
)
_SEARCHED = ("id", "path", "session", "project", "code", "edit", "hint")
_SEARCHED_LISTS = {"history": ("path", "diff"), "related": ("path", "code")}
_INDEXED = ("id", "path", "language", "origin", "no_change", "hint", "redactions")


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
        self._group = lru_cache(maxsize=2)(_whole_part)

    def page(self, most: int | None = None) -> Page:
        """Return the page of the first ``most`` tasks; None: of all."""
        entries: list[Entry] = []
        for part in self.parts:
            if most is None or len(entries) < most:
                entries.extend(_entry(row, part.split) for row in _read(part, _INDEXED).to_pylist())
        entries = entries[:most]
        of = f" of {self.count:,}" if len(entries) < self.count else ""
        title = f"{self.data}: {len(entries):,}{of} task{'s' if self.count > 1 else ''}"
        return Page("tasks", title, "task", entries, FACETS)

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Yield all tasks in their order, as ``task`` returns them."""
        return (self.task(number) for number in range(self.count))

    def task(self, number: int) -> dict[str, Any]:
        """Return a whole task as its parquet row, with its split; or raise ``IndexError``."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        part = self.parts[bisect_right(self.parts, number, key=lambda part: part.first) - 1]
        return {"split": part.split, **self._group(part)[number - part.first]}

    def search(self, query: str) -> list[int]:
        """Return the numbers of the tasks that hold a text, in any case, somewhere a person can read it."""
        return [part.first + at for part in self.parts for at in _containing(part, query)]


def _entry(row: Mapping[str, Any], split: str) -> Entry:
    kinds = tuple(sorted({redaction["kind"] for redaction in row["redactions"]}))
    facets = _facets(row["language"], split, row["no_change"], row["origin"], bool(row["hint"]), kinds)
    return Entry(row["id"], row["path"], "no change" if row["no_change"] else row["language"], facets)


@lru_cache(maxsize=10_000)  # most tasks are like others in all of it
def _facets(
    language: str,
    split: str,
    no_change: bool,
    origin: str,
    hinted: bool,
    kinds: tuple[str, ...],
) -> Mapping[str, tuple[str, ...]]:
    return {
        "language": (language,),
        "split": (split,),
        "answer": ("no change" if no_change else "a change",),
        "origin": (origin,),
        "hint": ("with hint" if hinted else "without",),
        "redacted": kinds or ("nothing",),
    }


def _parts(data: Path) -> list[Part]:
    if data.is_dir():
        files = [(file, split) for split in SPLITS for file in sorted(data.glob(f"{split}-*.parquet"))]
    elif data.is_file():
        files = [(data, data.stem)]
    else:
        raise InputError("no data set", where=str(data), hint="make one with: codeedit ingest LOGS")
    parts: list[Part] = []
    first = 0
    for file, split in files:
        with open_task_file(file) as opened:
            sizes = [opened.metadata.row_group(at).num_rows for at in range(opened.num_row_groups)]
        for group, rows in enumerate(sizes):
            parts.append(Part(file, split, group, first, rows))
            first += rows
    return parts


def _read(part: Part, columns: tuple[str, ...] | None) -> pa.Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(part.file) as opened:
        return opened.read_row_group(part.group, columns=list(columns) if columns else None)


def _whole_part(part: Part) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(part, None).to_pylist()
    return rows


def _containing(part: Part, query: str) -> list[int]:
    """Return the places in a part of the tasks that contain the text."""
    import pyarrow.compute as pc

    table = _read(part, None).combine_chunks()
    found: set[int] = set()
    for name in _SEARCHED:
        found.update(pc.indices_nonzero(_holds(table[name], query)).to_pylist())
    for name, fields in _SEARCHED_LISTS.items():
        if name not in table.column_names:  # an older file
            continue
        owners = pc.list_parent_indices(table[name])
        for field in fields:
            values = pc.struct_field(pc.list_flatten(table[name]), field)
            found.update(pc.filter(owners, _holds(values, query)).to_pylist())
    return sorted(found)


def _holds(texts: pa.ChunkedArray, query: str) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring(texts, query, ignore_case=True), fill_value=False)
