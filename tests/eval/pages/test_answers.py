import json

import pytest

from codeedit.eval.answers import GivenAnswer
from codeedit.eval.pages.answers import write_report_page
from codeedit.eval.pages.document import read_details
from codeedit.eval.report import Subject, make_report
from codeedit.eval.sets.base import set_from_tasks


@pytest.fixture
def target(tasks):
    return set_from_tasks("id", tasks)


def write(target, folder, answers, trials=(0, 1)):
    report = make_report(target, answers, Subject("m", trials, {}))
    return write_report_page(folder / "report.json", target, answers, trials, report)


def outcomes(page):
    return [[trial["kind"] for trial in row["trials"]] for row in read_details(page)]


def test_each_trial_has_its_outcome(target, tmp_path) -> None:
    answers = {
        (0, 0): GivenAnswer("    return x + 0"),
        (0, 1): GivenAnswer("    return x"),
        (1, 0): GivenAnswer("<think>no end"),
        (1, 1): GivenAnswer("", prompt_too_long=True),
        (3, 0): GivenAnswer("<|no_change|>"),
    }
    page = write(target, tmp_path, answers)
    assert page.name == "report.html"
    assert outcomes(page) == [
        ["right", "wrong"],
        ["unparsable", "prompt too long"],
        ["not answered", "not answered"],
        ["right", "not answered"],
    ]


def test_outcomes_agree_with_the_report(target, tmp_path) -> None:
    answers = {(at, trial): GivenAnswer(f"    return x + {trial}") for at in range(4) for trial in range(3)}
    report = make_report(target, answers, Subject("m", (0, 1, 2), {}))
    page = write_report_page(tmp_path / "report.json", target, answers, (0, 1, 2), report)
    shares = [kinds.count("right") / 3 for kinds in outcomes(page)]
    assert shares == report["row_exact_match"]


def test_an_unparsable_answer_is_kept_as_it_was_said(target, tmp_path) -> None:
    page = write(target, tmp_path, {(0, 0): GivenAnswer("<think>no end")}, trials=(0,))
    trial = next(read_details(page))["trials"][0]
    assert (trial["text"], trial["answer"]) == (None, "<think>no end")


def test_a_prompt_is_kept_where_it_is_known(target, tmp_path) -> None:
    report = make_report(target, {}, Subject("m", (0,), {}))
    page = write_report_page(
        tmp_path / "report.json", target, {}, (0,), report, prompt=lambda task: f"say {task.id}"
    )
    assert [row["prompt"] for row in read_details(page)] == [f"say task{at}" for at in range(4)]


def test_a_row_holds_its_whole_task_and_what_the_set_rejects(target, tmp_path) -> None:
    row = next(read_details(write(target, tmp_path, {})))
    assert row["task"]["code"] == target.rows[0].task.code
    assert json.loads(json.dumps(row)) == row
    assert row["rejected"] is None
