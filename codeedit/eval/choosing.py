"""Which of the tasks that were sampled are worth training on: by spread, by difficulty, by language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from codeedit.errors import InputError


class Sampled(Protocol):
    """What choosing needs of a task."""

    @property
    def id(self) -> str:
        """The task's."""

    @property
    def language(self) -> str:
        """Tree-sitter's name."""

    @property
    def mean_reward(self) -> float:
        """Over its answers."""

    @property
    def spread(self) -> float:
        """Best less worst reward."""


@dataclass(frozen=True, slots=True)
class Band:
    """The difficulty that is wanted, as mean reward, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Choice:
    """How tasks are chosen; each wish holds beside the others."""

    min_spread: float = 0.0  # only tasks whose spread is above it
    band: Band | None = None
    most: int | None = None  # tasks: those of the widest spread
    balance: bool = False  # whether languages share `most` evenly, as far as each has tasks
    seed: int = 0  # of the order among tasks of equal spread

    def __post_init__(self) -> None:
        """Check that the wishes fit together."""
        if self.balance and self.most is None:
            raise InputError("--balance needs --most N", hint="N tasks are shared out among the languages")


def choose(tasks: Sequence[Sampled], choice: Choice) -> frozenset[str]:
    """Return the ids of the tasks chosen: the same for the same tasks in any order."""
    fit = [task for task in tasks if task.spread > choice.min_spread and _within(task, choice.band)]
    fit.sort(key=_preference(choice.seed))
    if choice.most is None:
        return frozenset(task.id for task in fit)
    if not choice.balance:
        return frozenset(task.id for task in fit[: choice.most])
    left = shares(Counter(task.language for task in fit), choice.most)
    chosen = set()
    for task in fit:
        if left[task.language]:
            left[task.language] -= 1
            chosen.add(task.id)
    return frozenset(chosen)


def shares(available: Counter[str], total: int) -> Counter[str]:
    """Return how many tasks each language gives: as evenly as can be, the rest to those that have most.

    Args:
        available: tasks by language.
        total: how many are wanted.
    """
    result: Counter[str] = Counter()
    left, languages = total, len(available)
    for language, count in sorted(available.items(), key=lambda item: (item[1], item[0])):
        result[language] = min(count, left // languages)
        left -= result[language]
        languages -= 1
    return result


def parse_band(text: str) -> Band:
    """Read a band such as ``0.2:0.8``.

    Raises:
        InputError: it is none.
    """
    low, colon, high = text.partition(":")
    try:
        band = Band(float(low), float(high))
    except ValueError:
        band = Band(1.0, 0.0)
    if not colon or not band.low <= band.high:
        hint = "two mean rewards with a colon, as in 0.2:0.8"
        raise InputError(f"{text!r} is not a band of difficulty", where="--band", hint=hint)
    return band


def _within(task: Sampled, band: Band | None) -> bool:
    return band is None or band.low <= task.mean_reward <= band.high


def _preference(seed: int) -> Callable[[Sampled], tuple[float, str]]:
    def key(task: Sampled) -> tuple[float, str]:
        return -task.spread, hashlib.sha256(f"{seed} {task.id}".encode()).hexdigest()

    return key


def by_language(tasks: Iterable[Sampled]) -> dict[str, int]:
    """Return how many tasks there are of each language, the most first."""
    return dict(Counter(task.language for task in tasks).most_common())
