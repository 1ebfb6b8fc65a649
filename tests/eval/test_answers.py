import json

import pytest

from codeedit.errors import InputError
from codeedit.eval.answers import read_predictions
from codeedit.eval.baselines import copy_answers
from codeedit.eval.sets import Sources, load_set
from codeedit.eval.sets.base import set_from_tasks


@pytest.fixture
def target(zeta_folder):
    return load_set("zeta-dpo", Sources(zeta=zeta_folder))


def write(path, entries):
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return path


@pytest.fixture
def file(tmp_path):
    return tmp_path / "p.jsonl"


def full(**changes):
    return [{"row": row, "answer": f"a{row}"} | changes for row in range(4)]


def test_predictions_are_read_by_row(target, file) -> None:
    given = read_predictions(write(file, full()), target)
    assert given.trials == (0,)
    assert given.answers[2, 0].text == "a2"


def test_predictions_are_read_by_id(tasks, file) -> None:
    target = set_from_tasks("id", tasks)
    entries = [{"id": task.id, "answer": task.edit} for task in reversed(tasks)]
    assert read_predictions(write(file, entries), target).answers[0, 0].text == tasks[0].edit


def test_several_trials_are_read(target, file) -> None:
    given = read_predictions(write(file, full(trial=1) + full(trial=0)), target)
    assert given.trials == (0, 1)
    assert len(given.answers) == 8


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"row": 4, "answer": ""}, r"p\.jsonl:5: unknown row 4"),
        ({"row": 0, "answer": ""}, r"p\.jsonl:5: a second answer to row 0"),
        ({"row": "0", "answer": ""}, r"p\.jsonl:5: .*whole number"),
        ({"row": True, "answer": ""}, r"p\.jsonl:5: .*whole number"),
        ({"row": -1, "answer": ""}, r"p\.jsonl:5: .*whole number"),
        ({"row": 1, "answer": None}, r"p\.jsonl:5: .*not a text"),
        ({"row": 1}, r"p\.jsonl:5: no .answer"),
        ({"row": 1, "answer": "", "trial": "x"}, r"p\.jsonl:5: .*trial"),
        ({"id": "x", "answer": ""}, r"p\.jsonl:5: no .row.*named by row"),
        (["row"], r"p\.jsonl:5: not a JSON object"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(target, file, bad, message) -> None:
    with pytest.raises(InputError, match=message):
        read_predictions(write(file, [*full(), bad]), target)


def test_a_line_that_is_no_json_is_not_quoted(target, file) -> None:
    file.write_text("secret = 1\n")
    with pytest.raises(InputError, match=r"p\.jsonl:1: not a JSON object") as caught:
        read_predictions(file, target)
    assert "secret" not in str(caught.value)


def test_missing_rows_are_an_error_that_counts_them(target, file) -> None:
    with pytest.raises(InputError, match=r"2 answers are missing \(row 2, 3\)"):
        read_predictions(write(file, full()[:2]), target)


def test_missing_rows_may_be_allowed(target, file) -> None:
    assert read_predictions(write(file, full()[:1]), target, allow_missing=True).missing == 3


def test_a_trial_that_lacks_a_row_is_an_error(target, file) -> None:
    with pytest.raises(InputError, match="1 answers are missing in 2 trials"):
        read_predictions(write(file, full() + full(trial=1)[:3]), target)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_an_error(target, file, content) -> None:
    file.write_text(content)
    with pytest.raises(InputError, match="no predictions"):
        read_predictions(file, target)


def test_a_missing_file_is_an_error(target, tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_predictions(tmp_path / "none.jsonl", target)


def test_the_copy_baseline_repeats_each_range(target) -> None:
    assert copy_answers(target)[0, 0].text == target.rows[0].task.original
