import json

import pytest

from codeedit.eval.comparison import differences, load_all
from codeedit.eval.curves import panels
from codeedit.eval.evaluate import evaluate_predictions
from codeedit.eval.pages.compare import comparable_rows, write_compare_page
from codeedit.eval.pages.document import read_details
from codeedit.eval.sets.base import set_from_tasks


@pytest.fixture
def evaluated(tasks, tmp_path, monkeypatch):
    """Two sets of predictions, scored: ``one`` is right on tasks 0, 1 and 3, ``two`` on 0 and 2."""
    monkeypatch.chdir(tmp_path)
    target = set_from_tasks("id", tasks)
    for name, right in (("one", (0, 1, 3)), ("two", (0, 2))):
        lines = [
            {"id": task.id, "answer": task.edit if at in right else "pass"} for at, task in enumerate(tasks)
        ]
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        evaluate_predictions(target, file, label=name, trials=None, allow_missing=False)
    return tmp_path


def test_only_rows_that_differ_are_kept(evaluated) -> None:
    runs = load_all(["eval/id/one", "eval/id/two"])
    page = write_compare_page(evaluated / "out", runs, differences(runs), [])
    rows = list(read_details(page))
    assert [row["task"]["id"] for row in rows] == ["task1", "task2", "task3"]
    assert [[side["trials"][0]["kind"] for side in row["sides"]] for row in rows] == [
        ["right", "wrong"],
        ["wrong", "right"],
        ["right", "wrong"],
    ]


def test_runs_without_pages_have_no_rows_to_show(evaluated) -> None:
    (evaluated / "eval/id/two/report.html").unlink()
    runs = load_all(["eval/id/one", "eval/id/two"])
    assert comparable_rows(runs) == []


def test_runs_on_other_rows_have_no_rows_to_show(evaluated) -> None:
    file = evaluated / "eval/id/two/report.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"set_digest": "other"}))
    assert comparable_rows(load_all(["eval/id/one", "eval/id/two"])) == []


def compared(tab, folder, runs) -> None:
    curves = panels([run.lines for run in runs])
    tab.open(write_compare_page(folder / "out", runs, differences(runs), curves).as_uri())


def test_a_page_says_who_won_which_rows(tab, evaluated) -> None:
    compared(tab, evaluated, load_all(["eval/id/one", "eval/id/two"]))
    text = tab.text("#main")
    assert "75.0" in text
    assert "\u221225.0" in text
    assert "1 : 2" in text
    assert "could be noise" in text
    tab.click("#main .choice button:nth-of-type(2)")
    tab.until("document.querySelector('#row').dataset.row === 'id:2'")
    assert tab.text("#total") == "1 of 3 rows"
    assert "two: right in 1 of 1" in tab.text("#row")
    assert tab.complaints == []


def test_curves_are_drawn_by_step_and_by_hour(tab, evaluated) -> None:
    gapo, dapo = {"name": "gapo", "base": "grpo", "tau": 0.5}, {"name": "dapo", "base": "dapo"}
    for name, algorithm in (("a", gapo), ("b", dapo)):
        folder = evaluated / "runs" / name
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"algorithm": algorithm, "model": "tiny"}))
        lines = [
            {"step": at, "time": 0.0, "metrics": {"critic/score/mean": at / 200, "timing_s/step": 36.0}}
            for at in range(1, 101)
        ]
        (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    compared(tab, evaluated, load_all(["a", "b"]))
    assert "gapo (grpo)" not in tab.text("#main")  # there is no evaluation to put into a table
    tab.click("#views a[data-view=curves]")
    tab.until("document.querySelectorAll('.chart').length > 0")
    assert tab.js("document.querySelector('.chart').getAttribute('aria-label')") == (
        "Reward of rollouts by step: a from 0.005 to 0.5; b from 0.005 to 0.5"
    )
    assert tab.count(".chart:first-of-type path") >= 4
    tab.click(".controls .choice button:nth-of-type(2)")
    assert " by hour: " in tab.js("document.querySelector('.chart').getAttribute('aria-label')")
    tab.click(".legend button")
    assert "; b " not in tab.js("document.querySelector('.chart').getAttribute('aria-label')")
    assert tab.complaints == []


def test_a_comparison_of_hostile_names_is_text(tab, evaluated, tasks) -> None:
    bad = "<img src=x onerror=alert(1)>"
    folder = evaluated / "eval/id/one/report.json"
    folder.write_text(json.dumps(json.loads(folder.read_text()) | {"model": bad}))
    compared(tab, evaluated, load_all(["eval/id/one", "eval/id/two"]))
    assert bad in tab.text("#main")
    assert tab.count("img") == 0
    assert tab.complaints == []
