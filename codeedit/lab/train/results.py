"""What a lab's runs came to, read from their folders; runs that are not finished are only counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codeedit.eval.report import Report
from codeedit.lab.tasks.kinds import kind_of
from codeedit.lab.train.evaluation import REPORTED, reports
from codeedit.lab.train.grid import ARMS, REWARDS, Cell
from codeedit.lab.train.lab_folder import Lab
from codeedit.pipeline.task_table import read_tasks
from codeedit.runs import Run

VALIDATED = "codeedit/val/exact_match"


@dataclass(frozen=True, slots=True)
class Result:
    """One finished run."""

    cell: Cell
    reports: dict[str, Report]  # by set
    lines: list[dict[str, Any]]  # metrics.jsonl, by step

    @property
    def validation(self) -> list[tuple[int, float]]:
        """Step and greedy exact match of each validation, the one before training included."""
        return [
            (line["step"], line["metrics"][VALIDATED]) for line in self.lines if VALIDATED in line["metrics"]
        ]

    @property
    def hours(self) -> float:
        """From the first to the last line of its metrics."""
        return (self.lines[-1]["time"] - self.lines[0]["time"]) / 3600 if self.lines else 0.0


@dataclass(frozen=True, slots=True)
class Results:
    """All that a report is made from."""

    runs: list[Result]
    unfinished: list[str]  # names of runs that began
    warm: dict[str, Report]  # of the model that all runs begin with, by set
    kinds: dict[str, list[str]]  # of the tasks of each set, in the order of the reports' rows


def read_results(lab: Lab) -> Results:
    """Return what lies in a lab's folder; a run belongs to the lab if its name is one of the grid's.

    Raises:
        InputError: a report in it cannot be read.
    """
    runs, unfinished = [], []
    for folder in sorted((lab.path / "runs").glob("[!.]*")):
        cell = cell_of(folder.name)
        run = Run(folder)
        if cell is None or not run.settings_file.is_file():
            continue
        found = reports(run)
        if found and run.state("last").get("step") == lab.settings.steps:
            runs.append(Result(cell, found, run.metrics()))
        else:
            unfinished.append(run.name)
    order = list(ARMS)
    runs.sort(key=lambda run: (_place(run.cell.reward), order.index(run.cell.arm), run.cell.seed))
    warm = reports(lab.warm) if lab.warm.settings_file.is_file() else {}
    sets = REPORTED if runs or warm else ()
    kinds = {name: [kind_of(task) for task in read_tasks(lab.tasks / name, "test")] for name in sets}
    return Results(runs, unfinished, warm, kinds)


def cell_of(name: str) -> Cell | None:
    """Return the cell that a folder's name stands for."""
    arm = next((arm for arm in sorted(ARMS, key=len, reverse=True) if name.startswith(f"{arm}-")), None)
    if arm is None:
        return None
    reward, _, seed = name.removeprefix(f"{arm}-").rpartition("-seed")
    return Cell(arm, reward, int(seed)) if reward and seed.isdecimal() else None


def _place(reward: str) -> tuple[int, str]:
    return (REWARDS.index(reward) if reward in REWARDS else len(REWARDS), reward)


def by_arm(runs: Sequence[Result]) -> dict[tuple[str, str], dict[int, Result]]:
    """Return the runs of each reward and algorithm, by seed."""
    found: dict[tuple[str, str], dict[int, Result]] = {}
    for run in runs:
        found.setdefault((run.cell.reward, run.cell.arm), {})[run.cell.seed] = run
    return found
