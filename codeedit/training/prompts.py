"""A run's prompts: the train split, and a fixed part of the test split to validate on."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import Limits
from codeedit.pipeline.prompt_builder import Lengths, Prompt, build_prompts, write_prompts
from codeedit.pipeline.rewards import Reward
from codeedit.pipeline.selection import selected_ids
from codeedit.pipeline.task_table import count_tasks, read_tasks, task_files, task_ids
from codeedit.records import Task
from codeedit.training.model_start import ModelStart

# Called with (stage, done, total).
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class PromptCounts:
    """What became of a data set's tasks."""

    tasks: int  # to train on
    train: int  # prompts of them
    validation: dict[str, int]  # rows by data source
    shortened: int
    too_long: int  # tasks whose range alone exceeds the prompt limit
    cannot_fit: int = 0  # tasks whose answer exceeds the response limit

    def notes(self, limits: Limits) -> list[str]:
        """Return what a user should know, in sentences."""
        notes = []
        used = self.train + self.too_long + self.cannot_fit
        if used < self.tasks:
            notes.append(f"a fixed part of {used} of {self.tasks} training tasks is used")
        if self.shortened:
            notes.append(f"{self.shortened} prompts were shortened to {limits.prompt} tokens")
        if self.too_long:
            notes.append(
                f"{self.too_long} tasks were left out: their range alone exceeds {limits.prompt} tokens"
            )
        if self.cannot_fit:
            notes.append(
                f"{self.cannot_fit} tasks were left out: their answer exceeds {limits.response} tokens"
            )
        return notes


def train_task_count(data: Path, select: Path | None = None) -> int:
    """Return the number of training tasks, of those that a selection names where there is one.

    Raises:
        InputError: there is no data set, nothing to train on, or the selection is none of this data.
    """
    task_files(data, "train")  # raises where there is none
    count = count_tasks(data, "train")
    if not count:
        raise InputError("the train split is empty", where=str(data), hint="ingest more logs")
    if select is None:
        return count
    wanted = selected_ids(select)
    count = sum(task_id in wanted for task_id in task_ids(data, "train"))
    if not count:
        hint = "select from the same data: codeedit select --data DIR"
        raise InputError(f"none of the selected tasks is in {data}", where=str(select), hint=hint)
    return count


def _training_tasks(data: Path, select: Path | None) -> Iterator[Task]:
    if select is None:
        yield from read_tasks(data, "train")
        return
    wanted = selected_ids(select)
    yield from (task for task in read_tasks(data, "train") if task.id in wanted)


def make_prompts(
    data: Path,
    folder: Path,
    *,
    start: ModelStart,
    limits: Limits,
    reward: Reward,
    select: Path | None = None,
    train_rows: int,
    validation_rows: int,
    progress: Progress,
) -> PromptCounts:
    """Write ``train.parquet`` and ``val.parquet``.

    Args:
        data: the data set's folder.
        folder: where to write.
        start: the model and the prompts' format.
        limits: tokens of a prompt and of an answer.
        reward: what it needs of the tasks is written beside the prompts.
        select: a file that names the training tasks to take; None: all.
        train_rows: most tasks to train on.
        validation_rows: most rows to validate on.
        progress: told of each prompt.

    Raises:
        InputError: no task fits the limit.
    """
    budget, template = start.budget(limits.prompt), start.template
    lengths = Lengths()
    total = train_task_count(data, select)
    cannot_fit = 0

    def counted(prompts: Iterable[Prompt]) -> Iterator[Prompt]:
        nonlocal cannot_fit
        for done, prompt in enumerate(prompts, 1):
            progress("prompts", done, min(total, train_rows))
            if fits_response(start, prompt, limits):
                yield prompt
            else:
                cannot_fit += 1

    tasks = _training_tasks(data, select)
    chosen = tasks if train_rows >= total else _fixed_part(tasks, train_rows)
    train = build_prompts(chosen, lengths, budget=budget, template=template, needs=reward.needs)
    written = write_prompts(counted(train), folder / "train.parquet")
    if not written:
        raise InputError(
            f"no training task fits {limits.prompt} tokens of prompt and {limits.response} of answer",
            where=str(data),
            hint="raise them with: -- data.max_prompt_length=N data.max_response_length=N",
        )
    sources: Counter[str] = Counter()

    def by_source(prompts: Iterable[Prompt]) -> Iterator[Prompt]:
        for prompt in prompts:
            sources[prompt.source] += 1
            yield prompt

    held_out = build_prompts(
        _validation_tasks(data, validation_rows),
        Lengths(),
        budget=budget,
        template=template,
        needs=reward.needs,
    )
    write_prompts(by_source(held_out), folder / "val.parquet")
    if not sources:  # verl needs rows to validate on
        held_in = build_prompts(
            _fixed_part(_training_tasks(data, select), validation_rows),
            Lengths(),
            budget=budget,
            template=template,
            needs=reward.needs,
        )
        write_prompts(by_source(held_in), folder / "val.parquet")
    return PromptCounts(total, written, dict(sources), lengths.shortened, lengths.too_long, cannot_fit)


def fits_response(start: ModelStart, prompt: Prompt, limits: Limits) -> bool:
    """Tell whether a perfect answer, and the token that ends it, are within the response limit."""
    return len(start.tokenizer(prompt.answer, add_special_tokens=False)["input_ids"]) < limits.response


def has_test_split(data: Path) -> bool:
    """Tell whether there are test tasks."""
    return any(data.glob("test-*.parquet")) and count_tasks(data, "test") > 0


def _validation_tasks(data: Path, rows: int) -> list[Task]:
    return _fixed_part(read_tasks(data, "test"), rows) if has_test_split(data) else []


def _fixed_part(tasks: Iterable[Task], rows: int) -> list[Task]:
    """Return the tasks whose ids, which are hashes, come first: the same part in every run."""

    def key(task: Task) -> Any:  # noqa: ANN401
        return task.id

    return heapq.nsmallest(rows, tasks, key=key)
