"""Tasks as parquet: the Arrow schema beside the dataclass, one writer and one reader.

A data set is a folder with ``train-00000.parquet…`` and ``test-00000.parquet…``; the schema's version
stands in each file's metadata.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError
from codeedit.records import HistoryEdit, Origin, Redaction, RelatedFile, Task

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SCHEMA_VERSION = 2
_READABLE = ("1", "2")  # 1 has no related files
SPLITS = ("train", "test")
_VERSION_KEY = b"codeedit.schema_version"
ROW_GROUP = 1_000  # tasks; of at most 64 KiB of code each
_LEVEL = 9  # zstd's: half of level 3's size where documents are long, for a sixth more time
_TIMES = ("time_ms", "history.list.element.age_ms")  # columns whose steps say more than their values


def schema() -> pa.Schema:
    """Return the Arrow schema of ``Task``, field by field in the dataclass's order."""
    import pyarrow as pa

    required = {"nullable": False}
    history = pa.struct([("path", pa.string()), ("diff", pa.string()), ("age_ms", pa.int64())])
    related = pa.struct([("path", pa.string()), ("code", pa.string())])
    redaction = pa.struct([("kind", pa.string()), ("count", pa.int32())])
    return pa.schema(
        [
            pa.field("id", pa.string(), **required),
            pa.field("source", pa.string(), **required),
            pa.field("session", pa.string(), **required),
            pa.field("project", pa.string(), **required),
            pa.field("path", pa.string(), **required),
            pa.field("language", pa.string(), **required),
            pa.field("origin", pa.string(), **required),
            pa.field("time_ms", pa.int64(), **required),
            pa.field("code", pa.string(), **required),
            pa.field("edit_start", pa.int32(), **required),
            pa.field("edit_end", pa.int32(), **required),
            pa.field("cursor", pa.int32()),
            pa.field("history", pa.list_(history), **required),
            pa.field("hint", pa.string()),
            pa.field("edit", pa.string(), **required),
            pa.field("no_change", pa.bool_(), **required),
            pa.field("redactions", pa.list_(redaction), **required),
            pa.field("related", pa.list_(related)),
        ],
        metadata={_VERSION_KEY: str(SCHEMA_VERSION).encode()},
    )


def table_writer(path: Path, table_schema: pa.Schema) -> pq.ParquetWriter:
    """Open a parquet file for tasks.

    Consecutive tasks share most of their texts: zstd finds that where they stand plainly one after the other.
    Statistics would hold the first and the last text of each column once more.
    """
    import pyarrow.parquet as pq

    writer = pq.ParquetWriter(
        path,
        table_schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=False,
        column_encoding=dict.fromkeys(_TIMES, "DELTA_BINARY_PACKED"),
        write_statistics=False,
        store_schema=False,  # it says nothing that parquet's own does not, but for the metadata
    )
    writer.add_key_value_metadata(table_schema.metadata)
    return writer


def write_tasks(tasks: Iterable[Task], path: Path) -> int:
    """Write one parquet file, a row group at a time; return the number of tasks."""
    import pyarrow as pa

    count = 0
    table_schema = schema()
    with table_writer(path, table_schema) as writer:
        for batch in _batches(tasks, ROW_GROUP):
            writer.write_table(pa.Table.from_pydict(columns(batch), schema=table_schema))
            count += len(batch)
    return count


def columns(tasks: Sequence[Task]) -> dict[str, list[Any]]:
    """Return tasks by column, as Arrow takes them."""
    made: dict[str, list[Any]] = {
        field.name: [getattr(task, field.name) for task in tasks] for field in dataclasses.fields(Task)
    }
    made["history"] = [
        [{"path": edit.path, "diff": edit.diff, "age_ms": edit.age_ms} for edit in history]
        for history in made["history"]
    ]
    made["redactions"] = [
        [{"kind": redaction.kind, "count": redaction.count} for redaction in redactions]
        for redactions in made["redactions"]
    ]
    made["related"] = [
        [{"path": file.path, "code": file.code} for file in related] for related in made["related"]
    ]
    return made


def _batches(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    iterator = iter(tasks)
    while batch := list(islice(iterator, size)):
        yield batch


def task_files(data: Path, split: str) -> list[Path]:
    """Return a split's parquet files in order.

    Raises:
        InputError: there is no such folder, or nothing of that split in it.
    """
    if not data.is_dir():
        raise InputError("no data set", where=str(data), hint="make one with: codeedit ingest LOGS")
    files = sorted(data.glob(f"{split}-*.parquet"))
    if not files:
        hint = "make a data set with: codeedit ingest LOGS"
        raise InputError(f"no {split} tasks here", where=str(data), hint=hint)
    return files


def count_tasks(data: Path, split: str) -> int:
    """Return a split's number of tasks, from the files' footers; errors as in ``read_tasks``."""
    count = 0
    for path in task_files(data, split):
        with open_task_file(path) as file:
            count += file.metadata.num_rows
    return count


def task_ids(data: Path, split: str) -> Iterator[str]:
    """Yield the ids of a split's tasks, without reading the rest of them; errors as in ``read_tasks``."""
    for path in task_files(data, split):
        with open_task_file(path) as file:
            yield from file.read(columns=["id"])["id"].to_pylist()


def sample_tasks(
    data: Path, split: str, rows: int, wanted: Collection[str] | None = None
) -> tuple[list[Task], int]:
    """Return tasks from all over a split, the same ones each time, and how many there are.

    Args:
        data: the data set's folder.
        split: ``train`` or ``test``.
        rows: most tasks to return; few of them are read beside these.
        wanted: ids to choose from; None: all.
    """
    places: list[tuple[Path, int]] = []  # file and row in it
    for path in task_files(data, split):
        with open_task_file(path) as file:
            ids = file.read(columns=["id"])["id"].to_pylist()
        places += [(path, row) for row, name in enumerate(ids) if wanted is None or name in wanted]
    chosen = [places[at * len(places) // min(rows, len(places))] for at in range(min(rows, len(places)))]
    tasks: list[Task] = []
    for path in dict.fromkeys(path for path, _ in chosen):
        tasks += _rows(path, [row for place, row in chosen if place == path])
    return tasks, len(places)


def _rows(path: Path, rows: Sequence[int]) -> Iterator[Task]:
    """Yield the tasks of some rows, in their order."""
    with open_task_file(path) as file:
        start = 0
        for group in range(file.metadata.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            inside = [row - start for row in rows if start <= row < start + count]
            if inside:
                table = file.read_row_group(group, columns=_own(file))
                yield from map(_from_row, table.take(inside).to_pylist())
            start += count


def read_tasks(data: Path, split: str) -> Iterator[Task]:
    """Yield a split's tasks, a row group at a time.

    Raises:
        InputError: the folder or the split is missing, a file is not parquet, or its schema is another's.
    """
    for file in task_files(data, split):
        yield from read_task_file(file)


def read_task_file(path: Path) -> Iterator[Task]:
    """Yield the tasks of one parquet file; errors as in ``read_tasks``."""
    with open_task_file(path) as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP, columns=_own(file)):
            yield from map(_from_row, batch.to_pylist())


def open_task_file(path: Path) -> pq.ParquetFile:
    """Return one opened parquet file, once it is known to hold tasks; errors as in ``read_tasks``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        hint = "ingest the logs again, if it has been cut off"
        raise InputError("not a parquet file", where=str(path), hint=hint) from error
    version = (file.schema_arrow.metadata or {}).get(_VERSION_KEY, b"none").decode()
    if version not in _READABLE:
        file.close()
        raise InputError(
            f"task schema version {version}, but this codeedit reads {' and '.join(_READABLE)}",
            where=str(path),
            hint="ingest the logs again",
        )
    wanted = (field.name for field in dataclasses.fields(Task) if field.default is dataclasses.MISSING)
    if missing := set(wanted) - set(file.schema_arrow.names):
        file.close()
        raise InputError(
            f"no column {', '.join(sorted(missing))}", where=str(path), hint="ingest the logs again"
        )
    return file


def _own(file: pq.ParquetFile) -> list[str]:
    """Return the columns of a file that are a task's; people may have added others."""
    return [field.name for field in dataclasses.fields(Task) if field.name in file.schema_arrow.names]


def _from_row(row: dict[str, Any]) -> Task:
    row["origin"] = Origin(row["origin"])
    row["history"] = tuple(HistoryEdit(**edit) for edit in row["history"])
    row["redactions"] = tuple(Redaction(**redaction) for redaction in row["redactions"])
    row["related"] = tuple(RelatedFile(**file) for file in row.get("related") or ())
    return Task(**row)
