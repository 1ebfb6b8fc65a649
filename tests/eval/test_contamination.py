import json

import pytest

from codeedit.eval.contamination import find_overlap, new_grams
from codeedit.eval.sets.base import EvalRow, set_from_tasks
from codeedit.pipeline.prompt_builder import build, write_prompts
from codeedit.records import HistoryEdit, Origin, Task

LINES = [f"    value_{at} = compute_{at}(first, second, number={at})" for at in range(12)]


def make(name: str, at: int, *, changed: str | None = None, **fields) -> Task:
    """A task that rewrites one of twelve lines; each name has words of its own."""
    lines = [line.replace("value", name) for line in LINES]
    code = f"def {name}(first, second):\n" + "\n".join(lines) + "\n    return None\n"
    text = lines[at]
    edit = text.replace("compute", "other") if changed is None else changed
    start = code.index(text)
    place = (code, start, start + len(text), start)
    told = {"history": (), "hint": None, "edit": edit, "no_change": edit == text} | fields
    return Task(f"{name}-{at}", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, *place, **told)


@pytest.fixture
def training(tmp_path):
    def write(*tasks: Task, template: str = "paper"):
        path = tmp_path / "train.parquet"
        write_prompts((build(task, template=template) for task in tasks), path)
        return path

    return write


ROWS = [make("alpha", 3), make("beta", 4), make("gamma", 5)]
TARGET = set_from_tasks("id", ROWS)


@pytest.mark.parametrize("template", ["paper", "zeta", "blocks"])
def test_a_task_that_was_trained_on_is_found(training, template) -> None:
    found = find_overlap(TARGET, training(make("delta", 1), ROWS[1], template=template))
    assert found.seen == ("beta-4",)
    assert (found.checked, found.prompts) == (3, 2)


def test_an_answer_that_stands_in_a_later_tasks_code_is_found(training) -> None:
    row = ROWS[0]
    after = row.code[: row.edit_start] + row.edit + row.code[row.edit_end :]
    later = make("alpha", 8)
    moved = after.index(later.original)
    told = Task(
        "later", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, after, moved, moved + len(later.original),
        moved, (), None, later.edit, False,
    )  # fmt: skip
    assert find_overlap(TARGET, training(told)).seen == ("alpha-3",)


def test_an_answer_that_stands_in_a_history_is_found(training) -> None:
    row = ROWS[2]
    above, below = row.code[: row.edit_start].split("\n")[-4:-1], row.code[row.edit_end :].split("\n")[1:4]
    lines = (
        [f" {line}" for line in above] + [f"-{row.original}", f"+{row.edit}"] + [f" {line}" for line in below]
    )
    diff = "@@ -1,7 +1,7 @@\n" + "\n".join(lines) + "\n"
    told = make("delta", 1, history=(HistoryEdit("a.py", diff, 0),))
    assert find_overlap(TARGET, training(told)).seen == ("gamma-5",)


def test_code_from_before_the_edit_is_no_overlap(training) -> None:
    assert find_overlap(TARGET, training(*(make(row.id.split("-")[0], 9) for row in ROWS))).seen == ()


def test_rows_that_need_no_change_create_nothing(training) -> None:
    same = make("alpha", 3, changed=LINES[3].replace("value", "alpha"))
    assert same.no_change
    found = find_overlap(set_from_tasks("id", [same]), training(same))
    assert (found.checked, found.seen, found.notes) == (0, (), ())


def test_an_edit_in_a_short_text_has_no_ngrams() -> None:
    short = Task(
        "t", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, "a = 1", 0, 5, 0, (), None, "a = 2", False
    )
    assert new_grams(EvalRow("t", short)).size == 0


def test_the_note_counts_what_was_seen(training) -> None:
    (note,) = find_overlap(TARGET, training(*ROWS[:2])).notes
    assert note.startswith("2 of 3 answers that could be checked are in the training data")


def test_progress_is_told(training) -> None:
    told = []
    find_overlap(TARGET, training(*ROWS), lambda *step: told.append(step))
    assert told[-1] == ("training data", 3, 3)


def test_the_check_says_what_it_is(training) -> None:
    said = find_overlap(TARGET, training(*ROWS)).as_dict()
    assert (said["n"], said["threshold"], said["seen"]) == (13, 0.5, 3)
    json.dumps(said)
