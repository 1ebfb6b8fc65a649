"""What a start of a run does at signals; a small program stands for verl's trainer."""

import errno
import os
import signal
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from codeedit.errors import CodeEditError, InputError, InterruptedRunError
from codeedit.runs import Run, mark_complete
from codeedit.training.holding import held
from codeedit.training.launch import follow
from codeedit.training.starts import Start, resumed_run

# Trains for ever; from its first step on it looks for a request, then saves its step and ends.
TRAINS = """
import sys, time
from pathlib import Path
from codeedit.runs import mark_complete
from codeedit.training.stopping import of_this_start
files = of_this_start()
print("started", flush=True)
if sys.argv[2] != "starting":
    files.listen()
while sys.argv[2] != "training" or not files.asked:
    time.sleep(0.01)
if sys.argv[2] == "training":
    folder = Path(sys.argv[1]) / "checkpoints/global_step_3"
    folder.mkdir(parents=True)
    mark_complete(folder, 3)
"""
FAILS = """
import time
from codeedit.training.stopping import of_this_start
of_this_start().listen()
print("started", flush=True)
while not of_this_start().asked:
    time.sleep(0.01)
raise OSError(28, "No space left on device")
"""

RESUMED = {"validation": {}, "checkpoints": 2, "rollouts": 16}  # what a run that goes on needs in run.json


@dataclass(frozen=True)
class SmallTrainer:
    code: str
    arguments: tuple[str, ...]
    has_ray: bool = False

    def command(self, *_):
        return [sys.executable, "-c", self.code, *self.arguments], {}


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "runs/some")
    run.path.mkdir(parents=True)
    run.write_settings({"source": "a/model", "steps": 9, "overrides": [], "device": "cpu"})
    return run


def started(run, code, *arguments):
    trainer = SmallTrainer(code, (str(run.path), *arguments))
    return Start(run, (), "cpu", {}, keep=2, rollouts=0, steps=9, trainer=trainer)


def signalled(run, code, *arguments, signals=1):
    """Follow a start, send ourselves signals once its trainer is up, and return what was told."""
    told = []
    sent = 0
    for _ in follow(started(run, code, *arguments), told.append):
        up = run.log.is_file() and b"started" in run.log.read_bytes()
        heard = any((folder / "listening").exists() for folder in run.path.glob(".start-*"))
        ready = up and (heard or "starting" in arguments)
        if ready and sent < signals and (sent == 0 or told):
            os.kill(os.getpid(), signal.SIGINT)
            sent += 1
    return told


def test_a_signal_saves_the_last_step_and_says_how_to_go_on(run):
    with pytest.raises(InterruptedRunError, match="saved at step 3; go on with: codeedit train --resume"):
        signalled(run, TRAINS, "training")


def test_a_signal_while_it_starts_ends_the_run_at_once(run):
    with pytest.raises(InterruptedRunError, match="before there was a step to save"):
        signalled(run, TRAINS, "starting")


def test_a_second_signal_ends_the_run_at_once(run):
    with pytest.raises(InterruptedRunError, match="before there was a step to save"):
        signalled(run, TRAINS, "deaf", signals=2)


def test_a_step_that_cannot_be_saved_is_told_with_its_cause(run):
    with pytest.raises(InterruptedRunError, match=r"could not be saved: OSError: .* No space left on device"):
        signalled(run, FAILS)


def test_a_start_leaves_no_files_of_its_own(run):
    with pytest.raises(InterruptedRunError):
        signalled(run, TRAINS, "training")
    assert not list(run.path.glob(".start-*"))


def test_a_failure_without_a_signal_is_the_logs_last_cause(run):
    with pytest.raises(CodeEditError, match="verl failed: ZeroDivisionError: division by zero") as caught:
        list(follow(started(run, "1 / 0"), print))
    assert caught.value.where.startswith(f"{run.log}:")


def test_a_full_disk_is_told_and_not_what_verl_made_of_it(run, monkeypatch):
    monkeypatch.setattr("codeedit.training.failure.shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(CodeEditError, match="the disk is full; make room, and go on after step 0") as caught:
        list(follow(started(run, "raise RuntimeError('unexpected pos 64 vs 0')"), print))
    assert caught.value.where == str(run.path)


def test_a_disk_that_is_full_for_codeedit_alone_is_told_too(run, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("codeedit.training.keeper.Keeper.poll", full)
    with pytest.raises(CodeEditError, match="the disk is full; make room"):
        list(follow(started(run, "pass"), print))


def test_a_run_goes_on_only_where_there_is_room_for_a_checkpoint(run, monkeypatch):
    run.write_settings({**run.settings, "algorithm": {"name": "gapo"}} | RESUMED)
    folder = run.checkpoints / "global_step_2"
    folder.mkdir(parents=True)
    (folder / "data.pt").write_bytes(bytes(3_000_000))
    mark_complete(folder, 2)
    monkeypatch.setattr("codeedit.training.starts.shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(InputError, match="a checkpoint needs 3 MB, and this disk has 0 MB free; make room"):
        resumed_run(run, None)


def test_a_run_that_is_being_trained_is_not_resumed(run):
    torn = run.checkpoints / "global_step_4"
    torn.mkdir(parents=True)
    with held(run), pytest.raises(InputError, match="is being trained already"):
        resumed_run(run, None)
    assert torn.is_dir()


def test_a_torn_checkpoint_is_discarded_when_a_run_is_resumed(run):
    run.write_settings({**run.settings, "algorithm": {"name": "gapo"}} | RESUMED)
    for step in (2, 4):
        (run.checkpoints / f"global_step_{step}").mkdir(parents=True)
    mark_complete(run.checkpoints / "global_step_2", 2)
    told = []
    start = resumed_run(run, None, warn=told.append)
    assert start.done == 2
    assert told == [f"{run.checkpoints / 'global_step_4'} is torn, and was deleted"]
    assert any("global_step_2" in override for override in start.overrides)
    assert not (run.checkpoints / "global_step_4").exists()


def test_a_run_that_was_moved_goes_on_where_it_is_now(run, tmp_path):
    overrides = [f"trainer.default_local_dir='{run.path}/checkpoints'", "data.train_files='/data/x.parquet'"]
    began = {"algorithm": {"name": "gapo"}, "folder": str(run.path), "source": f"{run.path}/model"}
    run.write_settings({**run.settings, "overrides": overrides} | began | RESUMED)
    (run.path / "model").mkdir()
    moved = Run(run.path.rename(tmp_path / "elsewhere"))
    found = resumed_run(moved, None).overrides
    assert f"trainer.default_local_dir='{moved.path}/checkpoints'" in found
    assert "data.train_files='/data/x.parquet'" in found


@pytest.mark.parametrize(("algorithm", "asks_for_ray"), [("sft", False), ("gapo", True)])
def test_a_resumed_run_has_rays_settings_if_its_trainer_has_a_ray(run, algorithm, asks_for_ray):
    run.write_settings({**run.settings, "algorithm": {"name": algorithm}} | RESUMED)
    overrides = resumed_run(run, None).overrides
    assert any("ray_kwargs" in override for override in overrides) is asks_for_ray
