"""How the lab's runs begin: the settings that make a very small model learn, beside ``codeedit train``'s own.

A step has 16 prompts of 8 rollouts and two updates, and the first ten steps warm up; the warm start sees 16
examples a step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from codeedit.errors import InputError
from codeedit.lab.tasks.data import ID, WARM
from codeedit.lab.train.grid import ARMS, Cell
from codeedit.lab.train.lab_folder import Lab
from codeedit.runs import Run
from codeedit.training.plan import Plan, make_plan
from codeedit.training.prompts import Progress, train_task_count
from codeedit.training.request import Request
from codeedit.training.sft import NAME as SFT
from codeedit.training.starts import Start, new_run, resumed_run

WARM_STEPS = 800  # at most
WARM_EVERY = 10  # steps between two checkpoints, each of which is judged
_ALL_CHECKPOINTS = 10_000
_LIMITS = ("data.max_prompt_length=128", "data.max_response_length=64")
_WARM = (
    "data.train_batch_size=16",
    f"trainer.save_freq={WARM_EVERY}",
    "trainer.test_freq=-1",
    "data.max_length=192",
    "optim.lr=1.5e-3",
    "optim.lr_scheduler_type=constant",  # how many steps it takes is not known beforehand
    "++data.learn_prompts=False",  # the names in made-up prompts are drawn by chance
)
_ACTOR = "actor_rollout_ref.actor"
_RL = (
    *_LIMITS,
    "data.train_batch_size=16",
    f"{_ACTOR}.ppo_mini_batch_size=8",
    f"{_ACTOR}.optim.lr_warmup_steps=10",
    "trainer.save_freq=10",
    "trainer.test_freq=5",
    "algorithm.filter_groups.max_num_gen_batches=50",  # few groups differ once nearly all answers are right
)

Warn = Callable[[str], None]


def warm_start(lab: Lab, progress: Progress, warn: Warn) -> Start:
    """Begin the supervised warm start, or go on with it; no checkpoint is given up.

    Raises:
        InputError: all of its steps are done.
    """
    data = lab.tasks / WARM
    request = Request(
        algorithm=SFT,
        model=lab.settings.model,
        data=data,
        steps=WARM_STEPS,
        seed=lab.settings.seed,
        overrides=_WARM,
    )
    start = _begun(lab.warm, lambda: make_plan(request, train_task_count(data)), progress, warn)
    return replace(start, keep=_ALL_CHECKPOINTS)


def cell_start(lab: Lab, cell: Cell, progress: Progress, warn: Warn) -> Start:
    """Begin a run of the grid, or go on with it from its newest checkpoint."""
    arm, data = ARMS[cell.arm], lab.tasks / ID
    request = Request(
        algorithm=arm.algorithm,
        options=arm.options,
        model=str(lab.warm.path / "best"),
        init=str(lab.warm.path),
        data=data,
        reward=cell.reward,
        steps=lab.settings.steps,
        seed=cell.seed,
        overrides=_RL,
    )

    def plan() -> Plan:
        made = make_plan(request, train_task_count(data))
        sizes = lab.settings.sizes
        profile = replace(made.profile, validation_rows=sizes.validation, train_rows=sizes.train)  # type: ignore[arg-type]
        return replace(made, profile=profile)

    return replace(_begun(lab.run(cell.name), plan, progress, warn), keep=1)


def _begun(run: Run, plan: Callable[[], Plan], progress: Progress, warn: Warn) -> Start:
    _remove_unborn(run.path)
    if run.settings_file.is_file():
        return resumed_run(run, None)
    if run.path.exists():
        shutil.rmtree(run.path)  # no run: its settings are missing
    return new_run(plan(), run.path, progress, warn)


def _remove_unborn(folder: Path) -> None:
    """Remove what a kill left of a folder that was being made."""
    for part in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(part, ignore_errors=True)


def finished(run: Run, steps: int) -> bool:
    """Tell whether a run has all its steps; the model of the last is published where a kill came before."""
    if run.state("last").get("step") == steps and run.last is not None:
        return True
    points = [point for point in run.complete_checkpoints() if point.model.is_dir()]
    if not points or points[-1].step < steps:
        return False
    run.publish(points[-1], "last", {})
    return True


def require_warm(lab: Lab) -> Path:
    """Return the warm start's model.

    Raises:
        InputError: it is not made yet.
    """
    best = lab.warm.best
    if best is None:
        raise InputError("this lab has no warm start yet", where=str(lab.path))
    return best
