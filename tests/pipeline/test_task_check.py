"""The first bad row of a data set is named by file, row and field, and never quoted."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codeedit.errors import InputError
from codeedit.pipeline.task_check import check_tasks
from codeedit.pipeline.task_table import columns, schema
from codeedit.records import HistoryEdit, Origin, Task

SECRET = "a text that no message repeats"
ROW = {
    "id": "aa",
    "source": "made",
    "session": "s",
    "project": "p",
    "path": "a.py",
    "language": "python",
    "origin": Origin.HUMAN,
    "time_ms": 0,
    "code": f"x = 1\n{SECRET}\n",
    "edit_start": 0,
    "edit_end": 5,
    "cursor": 3,
    "history": (HistoryEdit("a.py", "", 1),),
    "hint": None,
    "edit": "x = 2",
    "no_change": False,
}


def write(folder, rows, split="train", table_schema=None):
    table_schema = table_schema or pa.schema(
        [field.with_nullable(True) for field in schema()], metadata=schema().metadata
    )
    made = columns([Task(**ROW) for _ in rows])
    for number, change in enumerate(rows):
        for name, value in change.items():
            made[name][number] = value
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pydict(made, schema=table_schema), folder / f"{split}-00000.parquet")
    return folder


def test_good_rows_are_counted(tmp_path):
    assert check_tasks(write(tmp_path / "data", [{}] * 3), "train") == 3


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"edit": None}, "edit is empty"),
        ({"history": None}, "history is empty"),
        ({"id": ""}, "id is empty"),
        ({"origin": "martian"}, "origin is none of human, agent, synthetic"),
        ({"edit_start": -1}, "edit_start is negative"),
        ({"edit_start": 6}, "edit_end lies before edit_start"),
        ({"edit_end": 10_000}, "edit_end lies behind the code"),
        ({"cursor": 10_000}, "cursor lies outside of the code"),
        ({"no_change": True, "edit": "x"}, "no_change is set, but edit is another text"),
    ],
)
def test_the_first_bad_row_is_named(tmp_path, change, what):
    data = write(tmp_path / "data", [{}, {}, change, {"edit": None}])
    with pytest.raises(InputError) as error:
        check_tasks(data, "train")
    assert error.value.message == what
    assert error.value.where == str(data / "train-00000.parquet:3")
    assert SECRET not in str(error.value)


def test_of_several_faults_the_first_row_counts(tmp_path):
    data = write(tmp_path / "data", [{}, {"no_change": True, "edit": "x"}, {"edit_start": -1}])
    with pytest.raises(InputError, match="no_change is set"):
        check_tasks(data, "train")


def test_rows_are_counted_over_row_groups(tmp_path):
    data = write(tmp_path / "data", [*[{}] * 1200, {"edit": None}])
    with pytest.raises(InputError) as error:
        check_tasks(data, "train")
    assert error.value.where.endswith(":1201")


def test_a_column_of_another_type_is_named(tmp_path):
    fields = [pa.field("edit_start", pa.string()) if f.name == "edit_start" else f for f in schema()]
    data = write(
        tmp_path / "data",
        [{"edit_start": "0"}],
        table_schema=pa.schema(fields, metadata=schema().metadata),
    )
    with pytest.raises(InputError, match="column edit_start holds string, not int32"):
        check_tasks(data, "train")


def test_wider_numbers_and_texts_are_the_same_kind(tmp_path):
    wider = {pa.string(): pa.large_string(), pa.int32(): pa.int64()}
    fields = [f.with_type(wider.get(f.type, f.type)) for f in schema()]
    data = write(tmp_path / "data", [{}], table_schema=pa.schema(fields, metadata=schema().metadata))
    assert check_tasks(data, "train") == 1
