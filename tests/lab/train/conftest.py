"""A small lab, and run folders as it leaves them: what a report is made from."""

import json
from functools import partial

import pytest

from codeedit.lab.tasks import TaskSizes, make_task_sets
from codeedit.lab.train.evaluation import REPORTED
from codeedit.lab.train.grid import Cell
from codeedit.lab.train.lab_folder import open_lab
from codeedit.runs import write_json

ROWS = 40


@pytest.fixture
def lab(tmp_path):
    made = open_lab(tmp_path / "lab", {"steps": 10, "sizes": TaskSizes(8, 8, 8, ROWS)})
    make_task_sets(made.tasks, made.settings.sizes, made.settings.seed)
    return made


@pytest.fixture
def make_run(lab):
    return partial(write_run, lab)


@pytest.fixture(scope="session")
def make_reports():
    return write_reports


def write_run(lab, arm, reward, seed, score, *, validation=((0, 0.5), (5, 0.6), (10, 0.7)), steps=10):
    """Write a run whose answers are right on this share of the tasks, and return it."""
    run = lab.run(Cell(arm, reward, seed).name)
    run.path.mkdir(parents=True)
    run.write_settings({"algorithm": {"name": arm}})
    for step in range(steps + 1):
        metrics = {"codeedit/val/exact_match": dict(validation)[step]} if step in dict(validation) else {}
        if step:
            metrics |= {"codeedit/rollouts/exact_match": score, "codeedit/rollouts/unchanged": 0.1 * seed}
        run.append_metrics(step, 1000.0 + 36 * step, metrics)
    write_last(run, steps)
    write_reports(run, score)
    return run


def write_last(run, step):
    (run.path / "last").mkdir(exist_ok=True)
    (run.path / "last" / "config.json").write_text("{}")
    write_json(run.path / "last" / "codeedit.json", {"step": step})


def write_reports(run, score):
    """Write a report on each set."""
    right = round(score * ROWS)
    for name in REPORTED:
        folder = run.path / "eval" / name
        folder.mkdir(parents=True, exist_ok=True)
        report = {
            "set": name,
            "exact_match": right / ROWS,
            "exact_match_ci95": [max(0.0, score - 0.1), min(1.0, score + 0.1)],
            "row_exact_match": [1.0] * right + [0.0] * (ROWS - right),
            "exact_match_change": score,
            "answered_no_change": 0.25,
            "edit_similarity": 0.9,
        }
        (folder / "report.json").write_text(json.dumps(report))
