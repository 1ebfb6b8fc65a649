import json

import pyarrow.parquet as pq
import pytest

from codeedit.errors import InputError
from codeedit.eval.answers import GivenAnswer
from codeedit.eval.choosing import Choice
from codeedit.eval.selection import rewards, selected, summary, write_selection
from codeedit.eval.sets.base import set_from_tasks
from codeedit.pipeline.rewards import parse_reward
from codeedit.pipeline.selection import selected_ids


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
    found = rewards(set_from_tasks("train", tasks), answers, 2, reward=parse_reward("eq5"))
    return selected(found, Choice())


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
    assert selected_ids(tmp_path / "s.parquet") == selected_ids(tmp_path / "s.jsonl") == {"task0"}


def test_another_suffix_is_an_error(found, tmp_path) -> None:
    with pytest.raises(InputError, match="parquet"):
        write_selection(found, tmp_path / "s.csv")


def test_each_task_has_the_shape_of_its_rewards_and_its_nearest_answer(found) -> None:
    assert [task.shape for task in found[:2]] == ["symmetric", "degenerate"]
    assert [task.best_distance for task in found] == [0, 0, None, None]
    assert [task.exact for task in found] == [0.5, 1.0, 0.0, 0.0]
    assert found[0].rewards == (1.0, 0.0)


def test_other_rewards_make_other_spreads(tasks) -> None:
    answers = {(0, 0): GivenAnswer(tasks[0].edit + "#"), (0, 1): GivenAnswer(tasks[0].edit + "##")}
    target = set_from_tasks("train", tasks[:1])
    spreads = [rewards(target, answers, 2, reward=parse_reward(r))[0].spread for r in ("eq5", "exact")]
    assert spreads[0] > spreads[1] == 0.0


def test_the_plot_is_a_picture(found, tmp_path) -> None:
    pytest.importorskip("matplotlib")
    from codeedit.eval.selection_plot import draw_selection

    draw_selection(found, tmp_path / "s.png")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.jsonl", None, "no such selection"),
        ("s.csv", "", "neither .parquet nor .jsonl"),
        ("s.jsonl", "{", "not a selection's row"),
        ("s.jsonl", '{"id": 3, "selected": true}', "not a selection's row"),
        ("s.jsonl", '{"id": "a", "selected": false}', "selects no task"),
        ("s.parquet", "x", "not a parquet file"),
    ],
)
def test_what_is_no_selection_is_one_line(tmp_path, name, content, message) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        selected_ids(tmp_path / name)
    assert "\n" not in str(caught.value)
