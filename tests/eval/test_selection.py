import json

import pyarrow.parquet as pq
import pytest

from codeedit.errors import InputError
from codeedit.eval.answers import GivenAnswer
from codeedit.eval.selection import rewards, summary, write_selection
from codeedit.eval.sets.base import set_from_tasks


@pytest.fixture
def found(tasks):
    """The first task right once in two, the second always, the third unreadable, the fourth not asked."""
    answers = {
        (0, 0): GivenAnswer(tasks[0].edit),
        (0, 1): GivenAnswer(""),
        (1, 0): GivenAnswer(f"{tasks[1].edit}\n"),
        (1, 1): GivenAnswer(tasks[1].edit),
        (2, 0): GivenAnswer("<think>"),
        (2, 1): GivenAnswer("<think>"),
        (3, 0): GivenAnswer("", prompt_too_long=True),
    }
    return rewards(set_from_tasks("train", tasks), answers, 2, min_spread=0.0)


def test_tasks_with_unequal_rewards_are_selected(found) -> None:
    assert [task.selected for task in found] == [True, False, False, False]
    assert (found[0].mean_reward, found[0].spread, found[0].best) == (0.5, 1.0, 1.0)


def test_white_space_around_an_answer_costs_nothing(found) -> None:
    assert found[1].mean_reward == 1.0


def test_unreadable_and_missing_answers_earn_0(found) -> None:
    assert [task.best for task in found[2:]] == [0.0, 0.0]


def test_the_summary_counts_tasks_that_teach_nothing(found) -> None:
    counts = summary(found)
    assert (counts["tasks"], counts["selected"], counts["always_right"], counts["never_right"]) == (
        4,
        1,
        1,
        2,
    )


def test_a_selection_is_written_as_parquet_or_json_lines(found, tmp_path) -> None:
    for name in ("s.parquet", "s.jsonl"):
        write_selection(found, tmp_path / name)
    rows = pq.read_table(tmp_path / "s.parquet").to_pylist()
    assert rows == [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows if row["selected"]] == ["task0"]


def test_another_suffix_is_an_error(found, tmp_path) -> None:
    with pytest.raises(InputError, match="parquet"):
        write_selection(found, tmp_path / "s.csv")
