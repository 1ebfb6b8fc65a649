"""What the pipeline makes of the sample logs: enough tasks of every language, none with a planted value."""

from collections import Counter

import pytest

from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.task_table import read_tasks


@pytest.fixture(scope="module")
def data(examples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "data"
    ingest([examples / "logs"], folder, jobs=1)
    return folder


@pytest.fixture(scope="module")
def tasks(data):
    return [task for split in ("train", "test") for task in read_tasks(data, split)]


def test_every_language_has_tasks(tasks):
    counts = Counter(task.language for task in tasks)
    assert len(counts) == 10
    assert min(counts.values()) >= 60
    assert len(tasks) >= 800


def test_some_tasks_are_pauses_without_a_change(tasks):
    assert 40 <= sum(task.no_change for task in tasks) <= len(tasks) // 5


def test_ranges_are_short_enough_for_a_small_model(tasks):
    assert max(len(task.edit) for task in tasks) < 1_200


def test_no_log_is_left_out(data):
    assert (data / "quarantine.jsonl").read_text() == ""


def test_no_planted_value_is_in_the_data_set(data, examples):
    from find_planted import find

    assert find([data]) == []


def test_planted_values_are_in_the_logs_that_were_read(examples):
    from find_planted import find

    found = {value.way for value, _ in find([examples / "logs"])}
    assert found >= {"pasted", "loaded", "header"}
