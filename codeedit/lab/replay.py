"""``codeedit lab replay``: the advantages that each algorithm would have given to a run's stored rollouts.

Figures 1 and 8 of GAPO (arXiv 2510.21830) are about such groups, and its appendix A.2 says that more
advantages are negative in left-skewed groups; both are measured here, with intervals.  A group is one
prompt's answers of one step.
"""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from codeedit.distribution import Shape, shape, skewness
from codeedit.errors import InputError
from codeedit.eval.statistics import interval
from codeedit.lab.contestants import CONTESTANTS
from codeedit.runs import Run
from codeedit.training.advantages.base import FloatArray

REPLAYED = ("grpo", "gapo", "gapo-std", "median", "krpo", "qae", "mc-grpo", "gapo-multi")
SKEWED = (Shape.LEFT, Shape.SYMMETRIC, Shape.RIGHT)


@dataclass(frozen=True, slots=True)
class Group:
    """The rewards of one prompt's answers in one step, in rollout order."""

    step: int
    rewards: tuple[float, ...]

    @property
    def shape(self) -> Shape:
        """Its class."""
        return shape(self.rewards)


def stored_groups(run: Run) -> list[Group]:
    """Return the groups of a run's ``rollouts/``, by step.

    Raises:
        InputError: there are none, or a line is no rollout.
    """
    files = sorted(run.rollouts.glob("[0-9]*.jsonl"), key=lambda file: (len(file.name), file.name))
    groups = [group for file in files for group in _groups(_lines(file))]
    if not groups:
        hint = "rollouts are stored by: codeedit train"
        raise InputError("this run has no stored rollouts", where=str(run.rollouts), hint=hint)
    return groups


def _lines(file: Any) -> Iterator[tuple[str, int, float]]:  # noqa: ANN401 - a path
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                yield str(record["input"]), int(record["step"]), float(record["score"])
            except (ValueError, KeyError, TypeError) as error:
                raise InputError("no rollout", where=f"{file}:{number}") from error


def _groups(rollouts: Iterable[tuple[str, int, float]]) -> Iterator[Group]:
    by_prompt: dict[tuple[int, str], list[float]] = defaultdict(list)
    for prompt, step, score in rollouts:
        by_prompt[step, prompt].append(score)
    for (step, _), scores in by_prompt.items():
        yield Group(step, tuple(scores))


def advantages_of(groups: Sequence[Group], contestant: str) -> list[FloatArray]:
    """Return the advantages of each group, (G,) each; groups of one size are computed together."""
    found: list[FloatArray | None] = [None] * len(groups)
    by_size: dict[int, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        by_size[len(group.rewards)].append(index)
    for indices in by_size.values():
        rewards = np.array([groups[index].rewards for index in indices])
        # One batch for each group: nothing may leak from group to group.
        advantages = CONTESTANTS[contestant].advantages(rewards[:, None, :])[:, 0]
        for index, row in zip(indices, advantages, strict=True):
            found[index] = row
    return [row for row in found if row is not None]


def replay(groups: Sequence[Group]) -> dict[str, Any]:
    """Return what report.json holds and ``--json`` prints.

    Args:
        groups: of ``stored_groups``.
    """
    shapes = [group.shape for group in groups]
    advantages = {name: advantages_of(groups, name) for name in REPLAYED}
    return {
        "groups": len(groups),
        "steps": len({group.step for group in groups}),
        "rollouts": sum(len(group.rewards) for group in groups),
        "classes": {kind.value: shapes.count(kind) for kind in Shape},
        "skewness": [round(skewness(group.rewards), 4) for group in groups],
        "negative": {name: _negative(rows, shapes) for name, rows in advantages.items()},
        "disagreements": _disagreements(advantages, shapes),
    }


def _negative(rows: Sequence[FloatArray], shapes: Sequence[Shape]) -> dict[str, Any]:
    """Return the share of negative advantages by class, and left-skewed less right-skewed groups."""
    shares = {
        kind: np.array(
            [float((row < 0).mean()) for row, own in zip(rows, shapes, strict=True) if own == kind]
        )
        for kind in SKEWED
    }
    found: dict[str, Any] = {kind.value: _summary(shares[kind]) for kind in SKEWED}
    return found | {"left_less_right": _difference(shares[Shape.LEFT], shares[Shape.RIGHT])}


def _summary(values: FloatArray) -> dict[str, Any] | None:
    found = interval(values.tolist()) if len(values) > 1 else None
    return None if found is None else {"mean": float(values.mean()), "ci95": found, "groups": len(values)}


def _difference(one: FloatArray, other: FloatArray) -> dict[str, Any] | None:
    """Return Welch's interval of the difference of means; None where either has fewer than two groups."""
    from scipy.stats import ttest_ind

    if len(one) < 2 or len(other) < 2 or (np.ptp(one) == 0 and np.ptp(other) == 0):
        return None
    with warnings.catch_warnings():  # a class may have one share throughout: its variance is 0, and right
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        test = ttest_ind(one, other, equal_var=False)
    bounds = test.confidence_interval(0.95)
    mean = float(one.mean() - other.mean())
    return {"mean": mean, "ci95": [float(bounds.low), float(bounds.high)], "p_value": float(test.pvalue)}


def _disagreements(
    advantages: Mapping[str, Sequence[FloatArray]], shapes: Sequence[Shape]
) -> list[dict[str, Any]]:
    """Return for each pair the share of rollouts that one pulls up and the other pushes down, by class."""
    found = []
    for one, other in combinations(advantages, 2):
        opposite = [
            float((np.sign(a) * np.sign(b) < 0).mean())
            for a, b in zip(advantages[one], advantages[other], strict=True)
        ]
        by_class = {
            kind.value: _summary(
                np.array([v for v, own in zip(opposite, shapes, strict=True) if own == kind])
            )
            for kind in SKEWED
        }
        found.append({"algorithms": [one, other], "all": _summary(np.array(opposite)), **by_class})
    return found
