"""The sets of a lab as data folders, written as ``codeedit ingest`` writes them.

warm/       train, test: to fine-tune on, and to see when to stop; a quarter is of the shifted style, as a
            model that is trained by rewards has seen more than what these are given for
id/         train, test: to train on by rewards, and to validate on
id-test/    test: what is reported, in the same style
shifted/    test: what is reported, in the shifted style (out of the rewards' domain)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeedit.lab.tasks.kinds import make_task
from codeedit.lab.tasks.styles import IN_DOMAIN, SHIFTED, Style
from codeedit.pipeline.ingest.output import being_written
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import Task

WARM, ID, ID_TEST, SHIFTED_TEST = "warm", "id", "id-test", "shifted"


@dataclass(frozen=True, slots=True)
class TaskSizes:
    """Tasks in each set."""

    warm: int = 16_000
    train: int = 2_048
    validation: int = 128  # of warm and of id
    test: int = 256  # of id-test and of shifted


def make_task_sets(folder: Path, sizes: TaskSizes, seed: int) -> None:
    """Write all sets; those that are there already are kept.

    No task is in two sets, and none twice in one.

    Args:
        folder: of the sets.
        sizes: how many tasks.
        seed: of all tasks.
    """
    seen: set[str] = set()
    plan: tuple[tuple[str, tuple[Style, ...], dict[str, int]], ...] = (
        (ID_TEST, (IN_DOMAIN,), {"test": sizes.test}),
        (SHIFTED_TEST, (SHIFTED,), {"test": sizes.test}),
        (ID, (IN_DOMAIN,), {"test": sizes.validation, "train": sizes.train}),
        (WARM, (IN_DOMAIN, IN_DOMAIN, IN_DOMAIN, SHIFTED), {"test": sizes.validation, "train": sizes.warm}),
    )
    if all((folder / name).is_dir() for name, _, _ in plan):
        return
    for name, styles, splits in plan:
        tasks = {
            split: list(_new(styles, f"{seed}-{name}-{split}", count, seen))
            for split, count in splits.items()
        }
        if (folder / name).is_dir():
            continue
        with being_written(folder / name) as part:
            for split, found in tasks.items():
                write_tasks(found, part / f"{split}-00000.parquet")


def _new(styles: Sequence[Style], seed: str, count: int, seen: set[str]) -> Iterator[Task]:
    """Yield so many tasks that are in no set yet, of each style in turn."""
    number = 0
    while count:
        task = make_task(styles[number % len(styles)], seed, number)
        number += 1
        if task.id not in seen:
            seen.add(task.id)
            count -= 1
            yield task
