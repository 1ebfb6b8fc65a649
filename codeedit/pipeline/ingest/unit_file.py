"""One unit of work as a file: a log's anonymized tasks, what they are compared by, and all counts.

A parquet file of tasks with a few columns more; the counts stand in its metadata, so that one rename makes
all of it appear at once.  Nothing in it is un-anonymized: of a session's own id, only its place in the split.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from codeedit.pipeline.ingest.audit import Replaced
from codeedit.pipeline.ingest.quarantine import Quarantined
from codeedit.pipeline.ingest.resemblance import Sketch, sketch
from codeedit.pipeline.ingest.split import Place
from codeedit.pipeline.task_table import ROW_GROUP, columns, schema, table_writer
from codeedit.records import Task

if TYPE_CHECKING:
    import pyarrow as pa

ENDING: Final = ".parquet"
UNFINISHED: Final = ".part"
_COUNTS: Final = b"codeedit.unit"
_SKETCH: Final = tuple(part.name for part in dataclasses.fields(Sketch))


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """What became of one session; its tasks are rows."""

    id: str  # pseudonym
    place: Place
    events: int
    moments: int
    drafts: int
    leaks: int  # tasks in which the second look found something
    tasks: int
    unfit: dict[str, int]  # moments without a task, by reason
    faults: dict[str, int]  # drafts filtered, by reason
    ranges: dict[str, int]  # tasks made, by what chose their range
    redactions: dict[str, int]  # values replaced, by kind
    replaced: tuple[Replaced, ...]


@dataclass(slots=True)
class UnitCounts:
    """What became of one unit."""

    read: int = 0  # records
    agreed: int = 0  # restated contents that the replay had as well
    disagreed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)  # by stage
    quarantined: list[Quarantined] = field(default_factory=list)
    sessions: list[SessionCounts] = field(default_factory=list)
    rest: list[tuple[int, int]] = field(default_factory=list)  # the log's sessions that are other units


def unit_schema() -> pa.Schema:
    """Return the tasks' schema with the columns that they are compared and counted by."""
    import pyarrow as pa

    made = schema()
    for name, kind in (
        ("sketch_place", pa.list_(pa.uint32())),
        ("sketch_change", pa.list_(pa.uint32())),
        ("sketch_repeats", pa.int32()),
        ("sketch_bands", pa.list_(pa.int32())),
        ("sketch_content", pa.int64()),
        ("input_chars", pa.int32()),
        ("output_chars", pa.int32()),
    ):
        made = made.append(pa.field(name, kind, nullable=False))
    return made


class UnitWriter:
    """Writes one unit's file; it appears under its name when it is whole.

    Args:
        path: where it will be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
        self._schema = unit_schema()
        self._writer = table_writer(self._part, self._schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer.is_open:
            self._writer.close()
        self._part.unlink(missing_ok=True)

    def add(self, tasks: Sequence[Task]) -> None:
        """Add a session's tasks."""
        import pyarrow as pa

        for first in range(0, len(tasks), ROW_GROUP):
            made = _columns(tasks[first : first + ROW_GROUP])
            self._writer.write_table(pa.Table.from_pydict(made, schema=self._schema))

    def finish(self, counts: UnitCounts) -> None:
        """Make the file appear, with its counts."""
        self._writer.add_key_value_metadata({_COUNTS: json.dumps(dataclasses.asdict(counts))})
        self._writer.close()
        handle = os.open(self._part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        self._part.rename(self._path)


def _columns(tasks: Sequence[Task]) -> dict[str, list[Any]]:
    sketches = [sketch(task) for task in tasks]
    return {
        **columns(tasks),
        **{f"sketch_{name}": [getattr(seen, name) for seen in sketches] for name in _SKETCH},
        "input_chars": [
            len(task.code) + len(task.hint or "") + sum(len(edit.diff) for edit in task.history)
            for task in tasks
        ],
        "output_chars": [len(task.edit) for task in tasks],
    }


def read_counts(path: Path) -> UnitCounts | None:
    """Return a unit's counts, ``None`` where there is no whole file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        made = json.loads((pq.read_metadata(path).metadata or {})[_COUNTS])
    except (OSError, KeyError, ValueError, pa.ArrowException):
        return None
    made["quarantined"] = [Quarantined(**record) for record in made["quarantined"]]
    made["sessions"] = [_session(session) for session in made["sessions"]]
    made["rest"] = [(first, last) for first, last in made["rest"]]
    return UnitCounts(**made)


def _session(made: dict[str, Any]) -> SessionCounts:
    made["place"] = Place(*made["place"])
    made["replaced"] = tuple(Replaced(**value) for value in made["replaced"])
    return SessionCounts(**made)


def read_rows(path: Path, rows: Sequence[int]) -> Iterable[pa.Table]:
    """Yield some of a unit's tasks as tables of the data set's schema.

    Args:
        path: a unit's file.
        rows: 0-based, rising.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = schema()
    left = list(reversed(rows))
    first = 0
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            after = first + file.metadata.row_group(number).num_rows
            chosen = []
            while left and left[-1] < after:
                chosen.append(left.pop() - first)
            if chosen:
                # Arrow's threads would each keep memory of their own.
                table = file.read_row_group(number, columns=wanted.names, use_threads=False)
                table = table.take(pa.array(chosen))
                yield table.replace_schema_metadata(None).cast(wanted)
            first = after
