"""The data set's parquet files: chosen rows of the units' files, in order, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codeedit.pipeline.ingest.unit_file import read_rows
from codeedit.pipeline.task_table import ROW_GROUP, schema, table_writer

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_FILE: Final = 50_000


def write_rows(
    name: str,
    chosen: Iterable[tuple[int, list[int]]],
    units: Sequence[Path],
    folder: Path,
    wrote: Callable[[int], None],
) -> int:
    """Write one split; return how many tasks it has.

    Args:
        name: of the split.
        chosen: units by number, and the rows of each.
        units: files by number.
        folder: for ``NAME-00000.parquet`` and so on; none where there are no tasks.
        wrote: called with the number of tasks written so far.
    """
    groups = _groups(chosen, units)
    group = next(groups, None)
    done = 0
    for number in range(100_000):
        if group is None:
            break
        file = folder / f"{name}-{number:05d}.parquet"
        with table_writer(file, schema()) as writer:
            for _ in range(ROWS_PER_FILE // ROW_GROUP):
                if group is None:
                    break
                writer.write_table(group)
                done += group.num_rows
                wrote(done)
                group = next(groups, None)
    return done


def _groups(chosen: Iterable[tuple[int, list[int]]], units: Sequence[Path]) -> Iterator[pa.Table]:
    """Yield row groups of ``ROW_GROUP`` rows each, the last one with what is left."""
    import pyarrow as pa

    held: list[pa.Table] = []
    count = 0
    for unit, rows in chosen:
        for table in read_rows(units[unit], rows):
            held.append(table)
            count += table.num_rows
            while count >= ROW_GROUP:
                whole = pa.concat_tables(held)
                yield whole.slice(0, ROW_GROUP).combine_chunks()
                held = [whole.slice(ROW_GROUP)]
                count -= ROW_GROUP
    if count:
        yield pa.concat_tables(held).combine_chunks()
