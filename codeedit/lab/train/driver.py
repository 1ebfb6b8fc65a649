"""Makes the runs of a lab one after the other; what is done is told by the folders alone.

A finished run is skipped, one that was interrupted goes on at its newest checkpoint, and one that never
began properly begins anew.  A run that fails is reported, and the others go on.  Several processes may make
the runs of one lab: each takes the next that no other has in work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from codeedit.errors import CodeEditError, InterruptedRunError
from codeedit.lab.tasks import make_task_sets
from codeedit.lab.tasks.data import WARM
from codeedit.lab.train import warm
from codeedit.lab.train.claims import claim
from codeedit.lab.train.evaluation import evaluate, greedy_exact_match, is_evaluated
from codeedit.lab.train.grid import Cell
from codeedit.lab.train.lab_folder import Lab
from codeedit.lab.train.starts import cell_start, finished, require_warm, warm_start
from codeedit.training.keeper import StepReport
from codeedit.training.launch import follow
from codeedit.training.prompts import Progress
from codeedit.training.starts import Start

START = "start"  # what is claimed for the tasks and the warm start
Reports = Iterator[StepReport | None]


@dataclass(frozen=True, slots=True)
class Watcher:
    """How a lab tells what it does."""

    progress: Callable[[], AbstractContextManager[Progress]]  # while no run is shown
    note: Callable[[str], None]  # a line
    show: Callable[[Reports, Start], object]  # follows a run to its end


def make_runs(lab: Lab, chosen: Sequence[Cell], watcher: Watcher) -> list[str]:
    """Make what is missing of the chosen runs; return the names of those that failed.

    Args:
        lab: whose runs they are.
        chosen: in the order in which they are made.
        watcher: told of everything.

    Raises:
        CodeEditError: the warm start failed.
        InterruptedRunError: a signal ended a run.
    """
    failed = []
    try:
        with claim(lab, START, lambda: watcher.note("another process makes the warm start: waiting")):
            make_task_sets(lab.tasks, lab.settings.sizes, lab.settings.seed)
            _warm_up(lab, watcher)
        for number, cell in enumerate(chosen, 1):
            with claim(lab, cell.name) as ours:
                if not ours:
                    watcher.note(f"run {number} of {len(chosen)}: {cell.name} is in work elsewhere")
                elif not is_done(lab, cell):
                    watcher.note(f"run {number} of {len(chosen)}: {cell.name}")
                    failed += _attempted(lab, cell, watcher)
    except InterruptedRunError as error:
        hint = "go on with the same command as before"
        raise InterruptedRunError(error.message, where=str(lab.path), hint=hint) from error
    return failed


def _attempted(lab: Lab, cell: Cell, watcher: Watcher) -> list[str]:
    """Make a run; return its name if it fails."""
    try:
        _make(lab, cell, watcher)
    except InterruptedRunError:
        raise
    except CodeEditError as error:
        watcher.note(f"{cell.name} failed: {error}")
        return [cell.name]
    return []


def is_done(lab: Lab, cell: Cell) -> bool:
    """Tell whether a run is trained and evaluated."""
    return is_evaluated(lab.run(cell.name)) and is_trained(lab, cell)


def is_trained(lab: Lab, cell: Cell) -> bool:
    """Tell whether a run has all its steps."""
    return finished(lab.run(cell.name), lab.settings.steps)


def _warm_up(lab: Lab, watcher: Watcher) -> None:
    run, target = lab.warm, lab.settings.target
    if not warm.reached(run, target):
        watcher.note(f"warm start: supervised, up to {target:.0%} exact match; log {run.log}")

        def judge(model: Path) -> float:
            found = greedy_exact_match(run, model, lab.tasks / WARM)
            watcher.note(f"{model.parent.name}: exact match {found:.3f}")
            return found

        with watcher.progress() as progress:
            start = warm_start(lab, progress, watcher.note)
        watcher.show(warm.until_target(run, lambda: follow(start, watcher.note), judge, target), start)
        run.prune_checkpoints(1)
    with watcher.progress() as progress:
        evaluate(run, require_warm(lab), lab.tasks, lab.settings.trials, progress)


def _make(lab: Lab, cell: Cell, watcher: Watcher) -> None:
    run = lab.run(cell.name)
    if not is_trained(lab, cell):
        with watcher.progress() as progress:
            start = cell_start(lab, cell, progress, watcher.note)
        watcher.show(follow(start, watcher.note), start)
    if not is_trained(lab, cell) or run.last is None:
        raise CodeEditError("the run ended before its last step", where=str(run.log))
    with watcher.progress() as progress:
        evaluate(run, run.last, lab.tasks, lab.settings.trials, progress)
