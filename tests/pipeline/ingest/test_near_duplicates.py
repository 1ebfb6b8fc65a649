"""Near-duplicates and the split in a whole ingest, checked from outside by comparing all pairs."""

from __future__ import annotations

import itertools
import json
import shutil

import pytest

from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.ingest.resemblance import features
from codeedit.pipeline.task_table import read_tasks
from codeedit.records import Task

BODY = "".join(f"    {{word}}_{n} = compute({{word}}_first_{n}, second_{n})\n" for n in range(14))
CODE = "def run({word}):\n" + BODY + "    return {word}_0\n\n\n" + "def other({word}):\n" + BODY
GROUPS = ("alpha", "beta", "gamma", "delta", "omega")


def log(recording, word: str, number: int, folder) -> None:
    """A session that makes nearly the same edits as the others of its word, in a slightly other file."""
    made = type(recording)()
    made.entries.clear()
    text = CODE.format(word=word).replace("second_13", f"second_{number}13")
    made.header(uuid=f"{word}-{number}").open(0, f"src/{word}.py", text)
    for line in (2, 5, 9):
        at = text.index(f"compute({word}_first_{line}")
        made.caret(0, at, after=20_000)
        made.change(0, [at, at + len("compute"), f"measure_{line}"])
        text = text[:at] + f"measure_{line}" + text[at + len("compute") :]
    made.write(folder / f"{word}-{number}.json")


@pytest.fixture
def logs(tmp_path, recording):
    folder = tmp_path / "logs"
    for word, number in itertools.product(GROUPS, range(3)):
        log(recording, word, number, folder)
    shutil.copy(folder / "beta-1.json", folder / "copy.json")
    return folder


def rows(data) -> dict[str, list[Task]]:
    return {split: list(read_tasks(data, split)) for split in ("train", "test")}


def jaccard(one: Task, other: Task) -> float:
    a, b = features(one), features(other)
    return len(a & b) / len(a | b)


def test_no_two_tasks_of_the_result_are_near_duplicates(logs, tmp_path):
    report = ingest([logs], tmp_path / "data", key_file=tmp_path / "key")
    made = rows(tmp_path / "data")
    tasks = made["train"] + made["test"]
    assert report.dropped["near_duplicate"] > 0
    assert report.dropped["duplicate"] > 0
    assert max(jaccard(one, other) for one, other in itertools.combinations(tasks, 2)) < 0.75


def test_each_dropped_task_resembles_one_that_is_kept_and_is_of_its_side(logs, tmp_path):
    ingest([logs], tmp_path / "data", key_file=tmp_path / "key")
    made = rows(tmp_path / "data")
    sides = {}
    for path in sorted(logs.iterdir()):
        ingest([path], tmp_path / path.stem, key_file=tmp_path / "key")
        for task in read_tasks(tmp_path / path.stem, "train"):
            found = {side for side, kept in made.items() if any(jaccard(task, one) >= 0.75 for one in kept)}
            assert len(found) == 1
            sides.setdefault(path.stem.split("-")[0], set()).update(found)
    assert all(len(found) == 1 for found in sides.values())  # those of one word are bound together
    assert {side for found in sides.values() for side in found} == {"train", "test"}


def test_neither_key_nor_names_nor_jobs_change_what_is_kept_and_where(logs, tmp_path):
    ingest([logs], tmp_path / "one", key_file=tmp_path / "key")
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for number, path in enumerate(sorted(logs.iterdir(), reverse=True)):
        shutil.copy(path, renamed / f"{number:03d}.json")
    ingest([renamed], tmp_path / "two", key_file=tmp_path / "other", jobs=2)
    one, two = rows(tmp_path / "one"), rows(tmp_path / "two")
    for split in ("train", "test"):
        assert {task.id for task in one[split]} == {task.id for task in two[split]}


def test_every_stage_adds_up_whatever_it_drops(logs, tmp_path, recording):
    (logs / "notes.txt").write_text("no log")
    text = CODE.format(word="sigma")
    made = recording.open(0, "src/sigma.py", text).open(1, "notes.txt", "x")
    made.change(1, [0, 0, "y"])
    made.change(0, [0, 0, "\n"], after=20_000).change(0, [0, 1, ""], after=20_000)
    made.change(0, [0, 0, "import os\n"], after=20_000).change(0, [9_999_999, 9_999_999, "?"])
    made.write(logs / "sigma.json")
    ingest([logs], tmp_path / "data")
    report = json.loads((tmp_path / "data" / "report.json").read_text())
    stages = {stage["name"]: stage for stage in report["stages"]}
    for stage in stages.values():
        assert stage["in"] == stage["out"] + sum(stage["dropped"].values()), stage["name"]
    for before, after in itertools.pairwise(("segment", "filter", "check", "deduplicate", "split", "write")):
        assert stages[before]["out"] == stages[after]["in"]
    assert stages["read"]["dropped"]
    assert stages["segment"]["dropped"]
    assert stages["filter"]["dropped"]
    assert set(stages["deduplicate"]["dropped"]) == {"duplicate", "near_duplicate"}
    assert stages["write"]["out"] == sum(report["tasks"].values())
