import dataclasses
import random

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.task_table import count_tasks, read_tasks, sample_tasks, schema, write_tasks
from codeedit.records import HistoryEdit, Origin, Redaction, RelatedFile, Task

TASK = Task(
    id="a1",
    source="test",
    session="s",
    project="p",
    path="a.py",
    language="python",
    origin=Origin.HUMAN,
    time_ms=5,
    code="x = 1\n",
    edit_start=0,
    edit_end=5,
    cursor=None,
    history=(HistoryEdit("a.py", "@@ -1 +1 @@\n-x\n+x = 1\n", 10),),
    hint=None,
    edit="x = 2",
    no_change=False,
    redactions=(Redaction("email", 2),),
)


def test_tasks_come_back_as_they_were_written(tmp_path) -> None:
    tasks = [TASK, dataclasses.replace(TASK, id="a2", cursor=3, hint="two", code="\U0001f600")]
    tasks.append(dataclasses.replace(TASK, id="a3", related=(RelatedFile("b.py", "y = 1"),)))
    assert write_tasks(tasks, tmp_path / "train-00000.parquet") == 3
    assert list(read_tasks(tmp_path, "train")) == tasks
    assert count_tasks(tmp_path, "train") == 3


def test_columns_that_somebody_added_are_passed_over(tmp_path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "train-00000.parquet"
    write_tasks([TASK], path)
    table = pq.read_table(path)
    pq.write_table(table.append_column("note", pa.array(["mine"])), path)
    assert list(read_tasks(tmp_path, "train")) == [TASK]
    assert sample_tasks(tmp_path, "train", 1)[0] == [TASK]


def test_a_text_stands_once_in_a_file(tmp_path) -> None:
    code = random.Random(5).randbytes(2_000).hex()
    write_tasks([dataclasses.replace(TASK, code=code)], tmp_path / "train-00000.parquet")
    assert (tmp_path / "train-00000.parquet").stat().st_size < 2 * len(code)


def test_the_schema_has_the_fields_of_the_record() -> None:
    assert schema().names == [field.name for field in dataclasses.fields(Task)]


def test_a_missing_folder_says_how_to_make_one(tmp_path) -> None:
    with pytest.raises(InputError, match="codeedit ingest"):
        next(read_tasks(tmp_path / "none", "train"))


def test_a_missing_split_is_named(tmp_path) -> None:
    with pytest.raises(InputError, match="no test tasks"):
        next(read_tasks(tmp_path, "test"))


def test_a_file_that_is_no_parquet_is_named(tmp_path) -> None:
    (tmp_path / "train-00000.parquet").write_text("hello")
    with pytest.raises(InputError, match="not a parquet file"):
        next(read_tasks(tmp_path, "train"))


def test_files_of_the_version_without_related_files_are_read(tmp_path) -> None:
    import pyarrow.parquet as pq

    write_tasks([TASK], tmp_path / "train-00000.parquet")
    table = pq.read_table(tmp_path / "train-00000.parquet").drop(["related"])
    old = table.replace_schema_metadata({b"codeedit.schema_version": b"1"})
    pq.write_table(old, tmp_path / "train-00000.parquet")
    assert list(read_tasks(tmp_path, "train")) == [TASK]


def test_another_schema_version_is_refused(tmp_path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    old = schema().with_metadata({b"codeedit.schema_version": b"0"})
    pq.write_table(pa.Table.from_pylist([], schema=old), tmp_path / "train-00000.parquet")
    with pytest.raises(InputError, match="version 0"):
        next(read_tasks(tmp_path, "train"))


@pytest.mark.parametrize(
    "read", [lambda data: list(read_tasks(data, "train")), lambda data: count_tasks(data, "train")]
)
def test_a_file_that_was_cut_off_is_named(tmp_path, read) -> None:
    file = tmp_path / "train-00000.parquet"
    write_tasks([TASK], file)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"train-00000\.parquet: not a parquet file"):
        read(tmp_path)


def test_a_file_that_lacks_a_column_is_named_with_it(tmp_path) -> None:
    import pyarrow.parquet as pq

    file = tmp_path / "train-00000.parquet"
    write_tasks([TASK], file)
    pq.write_table(pq.read_table(file).drop_columns(["edit", "cursor"]), file)
    with pytest.raises(
        InputError, match=r"train-00000\.parquet: no column cursor, edit; ingest the logs again"
    ):
        count_tasks(tmp_path, "train")
