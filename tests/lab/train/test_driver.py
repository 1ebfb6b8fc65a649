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
from codeedit.lab.train.claims import claim
from codeedit.lab.train.driver import START, Watcher, is_done, make_runs
from codeedit.lab.train.grid import Cell, cells
from codeedit.lab.train.lab_folder import open_lab
from codeedit.models import make_tiny
from codeedit.runs import write_json
from codeedit.training.trainers import Trainer

STAND_IN = Path(__file__).with_name("trainer_stand_in.py")
SETTINGS = {
    "steps": 20,
    "sizes": TaskSizes(warm=40, train=40, validation=4, test=4),
    "trials": 1,
    "target": 0.5,
}
PAIR = cells(("grpo", "gapo"), ("exact",), 1)
GRPO, GAPO = PAIR


class Heard:
    """A watcher that remembers what it is told."""

    def __init__(self):
        self.notes = []
        self.watcher = Watcher(lambda: nullcontext(lambda *_: None), self.notes.append, self.follow)

    def follow(self, reports, _):
        for _report in reports:
            pass


@pytest.fixture
def heard():
    return Heard()


def obey(monkeypatch, folder, make_reports):
    """Let runs be made by the stand-in, and let checkpoints of the warm start be a little better each."""
    folder.mkdir(exist_ok=True)
    (folder / "model").symlink_to(make_tiny())
    monkeypatch.setenv("STAND_IN", str(folder))
    monkeypatch.setattr(
        Trainer, "command", lambda _, overrides, __: ([sys.executable, str(STAND_IN), *overrides], {})
    )
    monkeypatch.setattr(driver, "evaluate", lambda run, *_: make_reports(run, 0.5))
    monkeypatch.setattr(
        driver, "greedy_exact_match", lambda _, model, __: int(model.parent.name.rpartition("_")[2]) / 100
    )
    return folder


@pytest.fixture
def orders(tmp_path, monkeypatch, make_reports):
    return obey(monkeypatch, tmp_path / "orders", make_reports)


@pytest.fixture
def small(tmp_path, orders):
    return open_lab(tmp_path / "small", SETTINGS)


@pytest.fixture
def warmed(small):
    """A lab with a warm start."""
    make_task_sets(small.tasks, SETTINGS["sizes"], seed=1)
    shutil.copytree(make_tiny(), small.warm.path / "best")
    write_json(small.warm.path / "best" / "codeedit.json", {"step": 50, "exact_match": 0.5})
    small.warm.write_settings({"template": "brief", "label": "tiny"})
    return small


@pytest.fixture(scope="module")
def made(tmp_path_factory, make_reports):
    """A lab with its warm start and two runs, and what was started for them."""
    folder = tmp_path_factory.mktemp("made")
    lab = open_lab(folder / "lab", SETTINGS)
    with pytest.MonkeyPatch.context() as monkeypatch:
        orders = obey(monkeypatch, folder / "orders", make_reports)
        assert make_runs(lab, PAIR, Heard().watcher) == []
    return lab, started(orders)


@pytest.fixture
def copied(made, tmp_path):
    shutil.copytree(made[0].path, tmp_path / "copied", symlinks=True)
    return open_lab(tmp_path / "copied")


def started(orders):
    file = orders / "started"
    return file.read_text().splitlines() if file.is_file() else []


def test_the_warm_start_comes_first_and_all_runs_begin_with_it(made):
    lab, starts = made
    assert starts == ["warm 0", "grpo-exact-seed1 0", "gapo-exact-seed1 0"]
    for cell in PAIR:
        settings = lab.run(cell.name).settings
        assert settings["source"] == str(lab.warm.best)
        assert settings["template"] == "brief"
        assert (settings["steps"], settings["seed"], settings["reward"]) == (20, 1, "exact")


def test_the_warm_start_ends_with_the_first_checkpoint_at_the_target(made):
    run = made[0].warm
    assert run.state("best") == {"step": 50, "exact_match": 0.5}
    assert warm.scores(run) == {10: 0.1, 20: 0.2, 30: 0.3, 40: 0.4, 50: 0.5}


def test_what_is_finished_is_not_made_again(copied, heard, orders):
    assert make_runs(copied, PAIR, heard.watcher) == []
    assert started(orders) == []
    assert all(is_done(copied, cell) for cell in PAIR)


def test_a_run_killed_between_its_last_checkpoint_and_its_end_is_finished(copied):
    run = copied.run(GRPO.name)
    shutil.rmtree(run.path / "last")
    assert is_done(copied, GRPO)
    assert run.state("last")["step"] == 20


def test_an_evaluation_that_is_missing_is_made_without_training_again(copied, heard, orders):
    (copied.run(GRPO.name).path / "eval/shifted/report.json").unlink()
    assert not is_done(copied, GRPO)
    make_runs(copied, PAIR, heard.watcher)
    assert is_done(copied, GRPO)
    assert started(orders) == []


def test_an_interrupted_run_goes_on_at_its_newest_checkpoint(warmed, heard, orders):
    (orders / "stop").write_text("13")
    run = warmed.run(GRPO.name)

    def interrupt():
        while not run.metrics() or run.metrics()[-1]["step"] < 13:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    with pytest.raises(InterruptedRunError, match="the same command as before"):
        make_runs(warmed, PAIR, heard.watcher)
    thread.join()
    (orders / "stop").unlink()
    assert not is_done(warmed, GRPO)
    make_runs(warmed, [GRPO], heard.watcher)
    assert started(orders) == ["grpo-exact-seed1 0", "grpo-exact-seed1 10"]
    assert [line["step"] for line in run.metrics()] == list(range(1, 21))


def test_a_run_that_fails_is_told_and_the_others_are_made(warmed, heard, orders):
    (orders / f"fail-{GRPO.name}").write_text("3")
    assert make_runs(warmed, PAIR, heard.watcher) == [GRPO.name]
    assert any("it was told to fail" in note for note in heard.notes)
    assert is_done(warmed, GAPO)


def test_a_folder_without_settings_is_made_anew_with_the_runs_own_reward_and_base(warmed, heard):
    cell = Cell("gapo-dapo", "gain", 2)
    (warmed.run(cell.name).path / "rollouts").mkdir(parents=True)
    assert make_runs(warmed, [cell], heard.watcher) == []
    settings = warmed.run(cell.name).settings
    assert settings["reward"] == "gain"
    assert settings["algorithm"]["base"] == "dapo"
    assert sum(settings["validation"].values()) == SETTINGS["sizes"].validation


def test_a_run_that_another_process_makes_is_left_to_it(warmed, heard, orders):
    with claim(warmed, GRPO.name) as ours:
        assert ours
        assert make_runs(warmed, PAIR, heard.watcher) == []
    assert started(orders) == ["gapo-exact-seed1 0"]
    assert "run 1 of 2: grpo-exact-seed1 is in work elsewhere" in heard.notes
    assert make_runs(warmed, PAIR, heard.watcher) == []
    assert started(orders) == ["gapo-exact-seed1 0", "grpo-exact-seed1 0"]


def test_a_warm_start_that_another_process_makes_is_waited_for(warmed, heard, orders):
    has_it, started_before = threading.Event(), []

    def other():
        with claim(warmed, START):
            has_it.set()
            while not heard.notes:
                time.sleep(0.02)
            started_before.extend(started(orders))

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    has_it.wait()
    assert make_runs(warmed, [GRPO], heard.watcher) == []
    thread.join()
    assert heard.notes[0] == "another process makes the warm start: waiting"
    assert started_before == []
    assert is_done(warmed, GRPO)


def test_a_warm_start_that_was_interrupted_goes_on(small, heard, orders):
    (orders / "fail-warm").write_text("25")
    with pytest.raises(CodeEditError):
        make_runs(small, [], heard.watcher)
    (orders / "fail-warm").unlink()
    make_runs(small, [], heard.watcher)
    assert started(orders) == ["warm 0", "warm 20"]
    assert small.warm.state("best")["step"] == 50


def test_a_warm_start_below_its_target_says_what_to_do(small, heard, monkeypatch):
    monkeypatch.setattr(driver, "greedy_exact_match", lambda *_: 0.1)
    with pytest.raises(CodeEditError, match=r"exact match 0\.10 of 0\.50.*lower --target"):
        make_runs(small, [], heard.watcher)
