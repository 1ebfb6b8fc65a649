"""Which tasks a model can learn from: those whose sampled answers do not all earn the same reward.

A group of equal rewards has advantage 0 everywhere and teaches nothing, so that sampling once before
training tells which tasks are worth their rollouts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.answers import Answers, GivenAnswer
from codeedit.eval.evaluate import GenerationOptions, answer_target
from codeedit.eval.generation import Progress
from codeedit.eval.sets import EvalSet
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.store import replacing, write_text
from codeedit.eval.subject import EvaluatedModel
from codeedit.metrics import edit_reward
from codeedit.pipeline.prompt_builder import parse
from codeedit.pipeline.task_table import read_tasks
from codeedit.records import Task

SUFFIXES = (".parquet", ".jsonl")


@dataclass(frozen=True, slots=True)
class TaskRewards:
    """What a model earns on one task."""

    id: str  # the task's
    samples: int
    mean_reward: float  # Eq. 5, as in training
    spread: float  # best less worst reward
    best: float
    selected: bool


def training_tasks(data: Path) -> EvalSet:
    """Return the training split as a set; ``InputError`` where there is none."""
    return set_from_tasks("train", read_tasks(data, "train"))


def sample_rewards(
    target: EvalSet,
    model: EvaluatedModel,
    options: GenerationOptions,
    *,
    min_spread: float,
    progress: Progress,
) -> list[TaskRewards]:
    """Sample answers (those that an interrupted run left are kept) and return each task's rewards.

    Args:
        target: the tasks.
        model: who answers.
        options: how many samples, and how they are drawn.
        min_spread: a task is selected where its spread is above it.
        progress: told how many answers are there.
    """
    answered = answer_target(target, model, options, progress)
    return rewards(answered.part, answered.answers, options.trial_count, min_spread=min_spread)


def rewards(target: EvalSet, answers: Answers, samples: int, *, min_spread: float) -> list[TaskRewards]:
    """Return each task's rewards over its samples."""
    found = []
    for at, row in enumerate(target.rows):
        values = [_reward(row.task, answers.get((at, sample))) for sample in range(samples)]
        spread = max(values) - min(values)
        mean = sum(values) / samples
        found.append(TaskRewards(row.task.id, samples, mean, spread, max(values), spread > min_spread))
    return found


def _reward(task: Task, answer: GivenAnswer | None) -> float:
    """Return Eq. 5 on stripped texts, as training does; 0 without a readable answer."""
    if answer is None or answer.prompt_too_long:
        return 0.0
    text = parse(
        answer.text, original=task.original, template=answer.template, above=answer.above, below=answer.below
    ).text
    return 0.0 if text is None else edit_reward(text.strip(), task.edit.strip())


def write_selection(found: Sequence[TaskRewards], path: Path) -> None:
    """Write one row per task, as parquet or as JSON lines by the file's suffix.

    Raises:
        InputError: another suffix.
    """
    check_suffix(path)
    rows = [dataclasses.asdict(task) for task in found]
    if path.suffix == ".jsonl":
        import json

        write_text(path, "".join(json.dumps(row) + "\n" for row in rows))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        pq.write_table(pa.Table.from_pylist(rows), temporary)


def check_suffix(path: Path) -> None:
    """Raise ``InputError`` where a selection cannot be written under this name."""
    if path.suffix not in SUFFIXES:
        raise InputError("neither .parquet nor .jsonl", where=f"--out {path}")


def summary(found: Sequence[TaskRewards]) -> dict[str, Any]:
    """Return what ``codeedit select --json`` prints about the rewards."""
    count = len(found)
    return {
        "tasks": count,
        "selected": sum(task.selected for task in found),
        "mean_reward": sum(task.mean_reward for task in found) / count,
        "never_right": sum(task.best < 1.0 for task in found),
        "always_right": sum(task.mean_reward == 1.0 for task in found),
    }
