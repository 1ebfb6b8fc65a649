"""A small data set of rename tasks, made by hand."""

import random
from pathlib import Path

import pytest

from codeedit.pipeline.task_table import write_tasks
from codeedit.records import HistoryEdit, Origin, Task

NAMES = ("alpha", "beta", "gamma", "delta", "count", "total", "index", "value", "width", "height")


def rename_task(number: int, split: str) -> Task:
    """The history renames a variable in one line; the range still has the old name."""
    chance = random.Random(f"{split}-{number}")
    old, new, other = chance.sample(NAMES, 3)
    first = f"{new} = {other} + {chance.randrange(100)}"
    before = f"return {old} * {chance.randrange(100)}"
    code = f"{first}\n{before}\n"
    start = len(first) + 1
    no_change = number % 4 == 3
    diff = f"@@ -1 +1 @@\n-{first.replace(new, old, 1)}\n+{first}\n"
    return Task(
        id=f"{chance.getrandbits(64):016x}",
        source="made" if number % 2 else "handmade",
        session=f"session-{number}",
        project="project",
        path="code.py",
        language="python",
        origin=Origin.SYNTHETIC,
        time_ms=number,
        code=code,
        edit_start=start,
        edit_end=start + len(before),
        cursor=start,
        history=(HistoryEdit("code.py", diff, 1000),),
        hint=None,
        edit=before if no_change else before.replace(old, new),
        no_change=no_change,
    )


def write_data(folder: Path, train: int, test: int) -> Path:
    """Write a data set of so many tasks."""
    folder.mkdir(parents=True)
    for split, count in (("train", train), ("test", test)):
        if count:
            write_tasks((rename_task(n, split) for n in range(count)), folder / f"{split}-00000.parquet")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data", train=12, test=6)
