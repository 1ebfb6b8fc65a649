"""Which tasks a model can learn from: it answers each several times, and the rewards of the answers tell.

A group of equal rewards has advantage 0 everywhere and teaches nothing, so that sampling once before
training tells which tasks are worth their rollouts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from codeedit.distribution import shape, shape_counts
from codeedit.errors import InputError
from codeedit.eval.answers import Answers, GivenAnswer
from codeedit.eval.choosing import Choice, by_language, choose
from codeedit.eval.evaluate import GenerationOptions, answer_target
from codeedit.eval.generation import Progress
from codeedit.eval.sets import EvalSet
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.store import replacing, write_text
from codeedit.eval.subject import EvaluatedModel
from codeedit.metrics import exact_match
from codeedit.pipeline.prompt_builder import parse
from codeedit.pipeline.prompt_builder.context import Context, context_of
from codeedit.pipeline.rewards import Case, Reward
from codeedit.pipeline.selection import check_suffix
from codeedit.pipeline.task_table import read_tasks
from codeedit.records import Task


@dataclass(frozen=True, slots=True)
class TaskRewards:
    """What a model earns on one task."""

    id: str  # the task's
    language: str
    samples: int
    mean_reward: float
    spread: float  # best less worst reward
    best: float
    shape: str  # of the rewards' distribution; see ``codeedit.distribution``
    best_distance: int | None  # Levenshtein distance of the nearest answer; None where none can be read
    exact: float  # share of the answers
    rewards: tuple[float, ...]  # of each answer, (samples,)
    selected: bool = False


def training_tasks(data: Path) -> EvalSet:
    """Return the training split as a set; ``InputError`` where there is none."""
    return set_from_tasks("train", read_tasks(data, "train"))


def sample_rewards(
    target: EvalSet,
    model: EvaluatedModel,
    options: GenerationOptions,
    *,
    reward: Reward,
    choice: Choice,
    progress: Progress,
) -> list[TaskRewards]:
    """Sample answers (those that an interrupted run left are kept) and return each task's rewards.

    Args:
        target: the tasks.
        model: who answers.
        options: how many samples, and how they are drawn.
        reward: what an answer earns.
        choice: which tasks are selected.
        progress: told how many answers are there.
    """
    answered = answer_target(target, model, options, progress)
    found = rewards(answered.part, answered.answers, options.trial_count, reward=reward)
    return selected(found, choice)


def rewards(target: EvalSet, answers: Answers, samples: int, *, reward: Reward) -> list[TaskRewards]:
    """Return each task's rewards over its samples; nothing is selected yet."""
    found = []
    for at, row in enumerate(target.rows):
        given = [answers.get((at, sample)) for sample in range(samples)]
        found.append(_task_rewards(row.task, given, reward))
    return found


def selected(found: Sequence[TaskRewards], choice: Choice) -> list[TaskRewards]:
    """Return the tasks with the chosen ones marked."""
    chosen = choose(found, choice)
    return [dataclasses.replace(task, selected=task.id in chosen) for task in found]


def _task_rewards(task: Task, given: Sequence[GivenAnswer | None], reward: Reward) -> TaskRewards:
    texts = [_text(task, answer) for answer in given]
    context = context_of(task, reward.needs) or Context()
    earned, known = [], {}  # an answer that comes up again is judged once
    for text in texts:
        if text not in known:
            case = None if text is None else Case(text, task.edit, task.original, task.language, context)
            known[text] = reward.total(reward.terms(case))
        earned.append(known[text])
    readable = [text.strip() for text in texts if text is not None]
    truth = task.edit.strip()
    return TaskRewards(
        id=task.id,
        language=task.language,
        samples=len(texts),
        mean_reward=sum(earned) / len(earned),
        spread=max(earned) - min(earned),
        best=max(earned),
        shape=shape(earned).value,
        best_distance=min((Levenshtein.distance(text, truth) for text in set(readable)), default=None),
        exact=sum(exact_match(text, truth) for text in readable) / len(texts),
        rewards=tuple(earned),
    )


def _text(task: Task, answer: GivenAnswer | None) -> str | None:
    """Return the edit that an answer stands for; None where there is none to read."""
    if answer is None or answer.prompt_too_long:
        return None
    return parse(
        answer.text, original=task.original, template=answer.template, above=answer.above, below=answer.below
    ).text


def write_selection(found: Sequence[TaskRewards], path: Path) -> None:
    """Write one row per task, as parquet or as JSON lines by the file's suffix.

    Raises:
        InputError: another suffix.
    """
    check_suffix(path, "--out")
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


def summary(found: Sequence[TaskRewards]) -> dict[str, Any]:
    """Return what ``codeedit select --json`` prints about the rewards."""
    count = len(found)
    if not count:
        raise InputError("no tasks to select from", hint="ingest more logs")
    chosen = [task for task in found if task.selected]
    return {
        "tasks": count,
        "selected": len(chosen),
        "selected_by_language": by_language(chosen),
        "mean_reward": sum(task.mean_reward for task in found) / count,
        "never_right": sum(task.exact == 0.0 for task in found),
        "always_right": sum(task.exact == 1.0 for task in found),
        "shapes": {name.value: number for name, number in shape_counts(t.rewards for t in found).items()},
    }
