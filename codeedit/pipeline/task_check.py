"""The first row of a data set that is no task, found column by column, without quoting any of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError
from codeedit.pipeline.task_table import ROW_GROUP, open_task_file, schema, task_files
from codeedit.records import Origin

if TYPE_CHECKING:
    import pyarrow as pa

_ADVICE = "ingest the logs again, or delete the row"
_LOOKED_AT = (
    "id",
    "language",
    "origin",
    "code",
    "edit_start",
    "edit_end",
    "cursor",
    "history",
    "edit",
    "no_change",
)


def check_tasks(data: Path, split: str) -> int:
    """Look at every row of a split; return their number.

    Args:
        data: the data set's folder.
        split: ``train`` or ``test``.

    Raises:
        InputError: a column has another type, or a row is no task; ``where`` is the file with the row's
            number, the first being 1.
    """
    count = 0
    for path in task_files(data, split):
        with open_task_file(path) as file:
            _check_types(path, file.schema_arrow)
            start = 0
            for batch in file.iter_batches(batch_size=ROW_GROUP, columns=list(_LOOKED_AT)):
                found = min(_bad_rows(batch), default=None)
                if found:
                    row, what = found
                    raise InputError(what, where=f"{path}:{start + row + 1}", hint=_ADVICE)
                start += batch.num_rows
            count += start
    return count


def _check_types(path: Path, found: pa.Schema) -> None:
    wanted = schema()
    for name in _LOOKED_AT:
        expected, actual = wanted.field(name).type, found.field(name).type
        if _kind(expected) != _kind(actual):
            raise InputError(
                f"column {name} holds {actual}, not {expected}", where=str(path), hint="ingest the logs again"
            )


def _kind(kind: pa.DataType) -> str:
    """Return the kind of a type, whatever its width."""
    from pyarrow import types

    tests = {"text": (types.is_string, types.is_large_string), "number": (types.is_integer,)}
    tests |= {"truth": (types.is_boolean,), "list": (types.is_list, types.is_large_list)}
    return next((name for name, kinds in tests.items() if any(test(kind) for test in kinds)), str(kind))


def _bad_rows(batch: pa.RecordBatch) -> Iterator[tuple[int, str]]:
    """Yield the first row (0-based) of each kind of fault, with what is wrong."""
    import pyarrow.compute as pc

    wanted = schema()
    for name in _LOOKED_AT:
        if not wanted.field(name).nullable:
            yield from _first(pc.is_null(batch[name]), f"{name} is empty")
    known = pc.is_in(batch["origin"], value_set=_values(Origin))
    yield from _first(pc.invert(known), f"origin is none of {', '.join(Origin)}")
    yield from _first(pc.equal(pc.utf8_length(batch["id"]), 0), "id is empty")
    length = pc.utf8_length(batch["code"])
    start, end, cursor = batch["edit_start"], batch["edit_end"], batch["cursor"]
    yield from _first(pc.less(start, 0), "edit_start is negative")
    yield from _first(pc.less(end, start), "edit_end lies before edit_start")
    yield from _first(pc.greater(end, length), "edit_end lies behind the code")
    outside = pc.or_(pc.less(cursor, 0), pc.greater(cursor, length))
    yield from _first(outside, "cursor lies outside of the code")
    other = pc.not_equal(pc.utf8_length(batch["edit"]), pc.subtract(end, start))
    yield from _first(pc.and_(batch["no_change"], other), "no_change is set, but edit is another text")


def _values(names: type[Origin]) -> pa.Array:
    import pyarrow as pa

    return pa.array([str(name) for name in names])


def _first(faulty: Any, what: str) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - Arrow's
    import pyarrow.compute as pc

    row = pc.index(pc.fill_null(faulty, False), True).as_py()
    if row >= 0:
        yield row, what
