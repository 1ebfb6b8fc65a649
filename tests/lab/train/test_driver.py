"""The driver: what is finished stays, what was torn goes on, and a failure stops no other run."""

import os
import shutil
import signal
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from codeedit.errors import CodeEditError, InterruptedRunError
from codeedit.lab.tasks import TaskSizes, make_task_sets
from codeedit.lab.train import driver, warm
from codeedit.lab.train.driver import Watcher, is_done, make_runs
from codeedit.lab.train.grid import Cell, cells
from codeedit.lab.train.lab_folder import open_lab
from codeedit.models import make_tiny
from codeedit.runs import write_json
from codeedit.training.trainers import Trainer

STAND_IN = Path(__file__).with_name("trainer_stand_in.py")
SIZES = TaskSizes(warm=40, train=40, validation=4, test=4)
PAIR = cells(("grpo", "gapo"), ("exact",), 1)


class Heard:
    """A watcher that remembers what it is told."""

    def __init__(self):
        self.notes = []
        self.steps = []
        self.watcher = Watcher(lambda: nullcontext(lambda *_: None), self.notes.append, self.follow)

    def follow(self, reports, start):
        for report in reports:
            if report is not None:
                self.steps.append((start.run.name, report.step))


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def orders(tmp_path, monkeypatch):
    """A folder that tells the stand-in what to do; its models are tiny's."""
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "model").symlink_to(make_tiny())
    monkeypatch.setenv("STAND_IN", str(folder))
    monkeypatch.setattr(
        Trainer, "command", lambda _, overrides, __: ([sys.executable, str(STAND_IN), *overrides], {})
    )
    return folder


@pytest.fixture
def small(tmp_path, orders, monkeypatch, make_reports):
    """A lab whose models are not asked: each checkpoint of the warm start is a little better."""
    lab = open_lab(tmp_path / "lab", {"steps": 20, "sizes": SIZES, "trials": 1})
    monkeypatch.setattr(driver, "evaluate", lambda run, *_: make_reports(run, 0.5))
    monkeypatch.setattr(
        driver, "greedy_exact_match", lambda _, model, __: int(model.parent.name.rpartition("_")[2]) / 100
    )
    return lab


@pytest.fixture
def warmed(small):
    """The same lab with its warm start."""
    make_task_sets(small.tasks, SIZES, seed=1)
    shutil.copytree(make_tiny(), small.warm.path / "best")
    write_json(small.warm.path / "best" / "codeedit.json", {"step": 50, "exact_match": 0.5})
    small.warm.write_settings({"template": "brief", "label": "tiny"})
    return small


def started(orders):
    return (orders / "started").read_text().splitlines()


def test_the_warm_start_comes_first_and_all_runs_begin_with_it(small, heard, orders):
    assert make_runs(small, PAIR, heard.watcher) == []
    assert [line.split()[0] for line in started(orders)] == ["warm", "grpo-exact-seed1", "gapo-exact-seed1"]
    for cell in PAIR:
        settings = small.run(cell.name).settings
        assert settings["source"] == str(small.warm.best)
        assert settings["template"] == "brief"
        assert (settings["steps"], settings["seed"], settings["reward"]) == (20, 1, "exact")


def test_the_warm_start_ends_with_the_first_checkpoint_at_the_target(small, heard):
    make_runs(small, [], heard.watcher)
    assert small.warm.state("best") == {"step": 50, "exact_match": 0.5}
    assert warm.scores(small.warm) == {10: 0.1, 20: 0.2, 30: 0.3, 40: 0.4, 50: 0.5}


def test_what_is_finished_is_not_made_again(warmed, heard, orders):
    make_runs(warmed, PAIR[:1], heard.watcher)
    make_runs(warmed, PAIR, heard.watcher)
    assert started(orders) == ["grpo-exact-seed1 0", "gapo-exact-seed1 0"]
    assert all(is_done(warmed, cell) for cell in PAIR)


def test_an_interrupted_run_goes_on_at_its_newest_checkpoint(warmed, heard, orders):
    (orders / "stop").write_text("13")
    run = warmed.run(PAIR[0].name)

    def interrupt():
        while not run.metrics() or run.metrics()[-1]["step"] < 13:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(InterruptedRunError):
        make_runs(warmed, PAIR, heard.watcher)
    thread.join()
    (orders / "stop").unlink()
    assert not is_done(warmed, PAIR[0])
    make_runs(warmed, PAIR, heard.watcher)
    assert started(orders) == ["grpo-exact-seed1 0", "grpo-exact-seed1 10", "gapo-exact-seed1 0"]
    assert [line["step"] for line in run.metrics()] == list(range(1, 21))


def test_a_run_that_fails_is_told_and_the_others_are_made(warmed, heard, orders):
    (orders / "fail").write_text("3")
    assert make_runs(warmed, PAIR, heard.watcher) == [cell.name for cell in PAIR]
    assert any("it was told to fail" in note for note in heard.notes)
    (orders / "fail").unlink()
    assert make_runs(warmed, PAIR, heard.watcher) == []


def test_a_folder_without_settings_is_made_anew(warmed, heard):
    (warmed.run(PAIR[0].name).path / "rollouts").mkdir(parents=True)
    assert make_runs(warmed, PAIR[:1], heard.watcher) == []


def test_a_run_killed_between_its_last_checkpoint_and_its_end_is_finished(warmed, heard, orders):
    make_runs(warmed, PAIR[:1], heard.watcher)
    run = warmed.run(PAIR[0].name)
    for file in run.last.iterdir():
        file.unlink()
    (run.path / "last").rmdir()
    assert is_done(warmed, PAIR[0])
    assert run.state("last")["step"] == 20
    assert started(orders) == ["grpo-exact-seed1 0"]


def test_an_evaluation_that_is_missing_is_made_without_training_again(warmed, heard, orders):
    make_runs(warmed, PAIR[:1], heard.watcher)
    (warmed.run(PAIR[0].name).path / "eval/shifted/report.json").unlink()
    assert not is_done(warmed, PAIR[0])
    make_runs(warmed, PAIR[:1], heard.watcher)
    assert is_done(warmed, PAIR[0])
    assert started(orders) == ["grpo-exact-seed1 0"]


def test_a_warm_start_that_was_interrupted_goes_on(small, heard, orders, monkeypatch):
    (orders / "fail").write_text("25")
    with pytest.raises(CodeEditError):
        make_runs(small, [], heard.watcher)
    (orders / "fail").unlink()
    make_runs(small, [], heard.watcher)
    assert started(orders) == ["warm 0", "warm 20"]
    assert small.warm.state("best")["step"] == 50


def test_a_warm_start_below_its_target_says_what_to_do(small, heard, monkeypatch):
    monkeypatch.setattr(driver, "greedy_exact_match", lambda *_: 0.1)
    with pytest.raises(CodeEditError, match=r"exact match 0\.10 of 0\.50.*lower --target"):
        make_runs(small, [], heard.watcher)


def test_the_rewards_are_the_runs_own(warmed, heard):
    cell = Cell("gapo-dapo", "gain", 2)
    make_runs(warmed, [cell], heard.watcher)
    settings = warmed.run(cell.name).settings
    assert settings["reward"] == "gain"
    assert settings["algorithm"]["base"] == "dapo"
    assert sum(settings["validation"].values()) == SIZES.validation
