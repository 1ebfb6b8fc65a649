"""A run's prompts from a data set."""

import json

import pytest

from codeedit.errors import InputError
from codeedit.models import Limits
from codeedit.pipeline.prompt_builder import parse
from codeedit.pipeline.rewards import parse_reward
from codeedit.pipeline.task_table import read_tasks, write_tasks
from codeedit.training.model_start import model_start
from codeedit.training.prompts import make_prompts, train_task_count


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))


def rows(path):
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def prompts(data, folder, **more):
    settings = {"limits": Limits(1024, 256), "train_rows": 100, "validation_rows": 64}
    template = more.pop("template", "paper")
    settings["start"] = model_start("tiny", template, special_tokens=False, folder=folder)
    settings["reward"] = parse_reward("eq5")
    return make_prompts(data, folder, **{**settings, **more}, progress=lambda *_: None)


def test_train_and_validation_rows_are_written(data, tmp_path):
    counts = prompts(data, tmp_path / "p")
    assert (counts.train, counts.validation) == (12, {"made": 3, "handmade": 3})
    assert len(rows(tmp_path / "p/train.parquet")) == 12


def test_rows_carry_what_the_reward_needs(data, tmp_path):
    prompts(data, tmp_path / "p")
    row = rows(tmp_path / "p/train.parquet")[0]
    assert row["reward_model"]["ground_truth"] == row["edit"]
    assert row["extra_info"]["original"]


def test_validation_is_a_fixed_part_of_the_test_split(data, tmp_path):
    for name in ("one", "two"):
        assert sum(prompts(data, tmp_path / name, validation_rows=4).validation.values()) == 4
    assert rows(tmp_path / "one/val.parquet") == rows(tmp_path / "two/val.parquet")


def test_a_fixed_part_of_the_train_split_can_be_taken(data, tmp_path):
    counts = prompts(data, tmp_path / "p", train_rows=5)
    assert (counts.tasks, counts.train) == (12, 5)
    assert "a fixed part of 5 of 12 training tasks" in counts.notes(1024)[0]


def test_without_a_test_split_the_train_split_validates(data, tmp_path):
    (data / "test-00000.parquet").unlink()
    counts = prompts(data, tmp_path / "p", validation_rows=5)
    assert sum(counts.validation.values()) == 5


def test_tasks_that_do_not_fit_are_counted(data, tmp_path):
    with pytest.raises(InputError, match="no training task fits 20 tokens of prompt"):
        prompts(data, tmp_path / "p", limits=Limits(20, 256))


def test_answers_that_cannot_fit_are_counted_and_left_out(data, tmp_path):
    counts = prompts(data, tmp_path / "p", limits=Limits(1024, 4))
    assert counts.cannot_fit == 9  # all but those without a change
    assert (counts.train, len(rows(tmp_path / "p/train.parquet"))) == (3, 3)
    assert "answer exceeds 4 tokens" in counts.notes(Limits(1024, 4))[-1]


def test_rows_carry_a_perfect_answer(data, tmp_path):
    prompts(data, tmp_path / "p", template="brief")
    for row in rows(tmp_path / "p/train.parquet"):
        facts = {name: row["extra_info"][name] for name in ("original", "template")}
        assert parse(row["answer"], **facts).text == row["edit"]


def test_empty_train_split_is_one_line(tmp_path):
    write_tasks([], tmp_path / "train-00000.parquet")
    with pytest.raises(InputError, match="the train split is empty"):
        train_task_count(tmp_path)


def test_no_data_says_how_to_make_some(tmp_path):
    with pytest.raises(InputError, match="codeedit ingest"):
        train_task_count(tmp_path / "data")


def test_what_terms_need_stands_beside_the_prompts(data, tmp_path):
    prompts(data, tmp_path / "p", reward=parse_reward("exact+parse+reversal"))
    extra = rows(tmp_path / "p/train.parquet")[0]["extra_info"]
    assert (extra["path"], extra["code_below"], extra["earlier"]) == ("code.py", "\n", None)
    assert extra["code_above"]


def selection(path, *ids):
    path.write_text("".join(json.dumps({"id": one, "selected": True}) + "\n" for one in ids))
    return path


def test_only_selected_tasks_are_trained_on(data, tmp_path):
    wanted = [task.id for task in read_tasks(data, "train")][:3]
    chosen = selection(tmp_path / "s.jsonl", *wanted, "elsewhere")
    assert train_task_count(data, chosen) == 3
    counts = prompts(data, tmp_path / "p", select=chosen)
    assert (counts.tasks, counts.train) == (3, 3)
    assert [row["extra_info"]["task_id"] for row in rows(tmp_path / "p/train.parquet")] == wanted


def test_a_selection_of_other_data_is_an_error(data, tmp_path):
    with pytest.raises(InputError, match="none of the selected tasks"):
        train_task_count(data, selection(tmp_path / "s.jsonl", "elsewhere"))
