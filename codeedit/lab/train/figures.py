"""The numbers of a lab's report, each with its intervals.

Two things can be otherwise by chance: which tasks are asked, and how a run went.  So there are two intervals.
That over tasks is about these very runs: their answers to each task are averaged over trials and seeds.  That
over seeds (Student's t) is about the algorithm; it needs two seeds, and only it can say that an algorithm is
better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from codeedit.eval.statistics import interval, paired_p_value
from codeedit.lab.paired import discoveries, estimate
from codeedit.lab.tasks.kinds import KINDS
from codeedit.lab.train.evaluation import REPORTED
from codeedit.lab.train.grid import ARMS, BASELINE
from codeedit.lab.train.results import Result, Results, by_arm
from codeedit.training.advantages.base import FloatArray

# What is told of the answers to a set, beside exact match: its key in an evaluation's report.
ANSWERS = {
    "exact_match_change": "exact match where something has to change",
    "answered_no_change": "answers that change nothing",
    "edit_similarity": "edit similarity",
}
_LAST_STEPS = 5  # of training: their rollouts' mean is looked at
ENTROPY = "entropy, nats"
ROLLOUTS = {
    "codeedit/rollouts/exact_match": "exact match of rollouts",
    "codeedit/rollouts/unchanged": "unchanged rollouts",
    "codeedit/groups/no_spread": "groups of equal rewards",
    "codeedit/groups/two_peaks": "groups with two peaks",
    "actor/entropy": ENTROPY,
}
SHARE, NATS = (0.0, 1.0), (0.0, math.inf)  # what such a figure can be
Runs = Mapping[int, Result]  # by seed


def scores(results: Results) -> list[dict[str, Any]]:
    """Return Tables 2, 4 and 5: each algorithm's exact match on each set, alone and against others."""
    found = by_arm(results.runs)
    rows = []
    for (reward, arm), runs in found.items():
        for name in REPORTED:
            row: dict[str, Any] = {"reward": reward, "algorithm": arm, "set": name, **_score(runs, name)}
            row["kinds"] = by_kind(_by_task(runs, name), results.kinds[name])
            row["against"] = [
                {"algorithm": other, **compared}
                for other in ARMS[arm].against
                if (compared := _against(runs, found.get((reward, other), {}), name))
            ]
            rows.append(row)
    tests = [test for row in rows for test in row["against"]]
    for test, differs in zip(tests, discoveries([test.pop("estimate") for test in tests]), strict=True):
        test["differs"] = differs
    return rows


def _score(runs: Runs, name: str) -> dict[str, Any]:
    tasks = _by_task(runs, name)
    seeds = np.array([run.reports[name]["exact_match"] for run in runs.values()])
    return {
        "seeds": sorted(runs),
        "exact_match": float(seeds.mean()),
        "ci95_tasks": interval(tasks.tolist()),
        "ci95_seeds": _bounds(seeds, SHARE),
        **{key: float(np.mean([run.reports[name][key] for run in runs.values()])) for key in ANSWERS},
    }


def by_kind(tasks: Sequence[float] | FloatArray, kinds: Sequence[str]) -> dict[str, float]:
    """Return the mean over the tasks of each kind."""
    return {
        kind: float(np.mean([value for value, own in zip(tasks, kinds, strict=True) if own == kind]))
        for kind in KINDS
        if kind in kinds
    }


def _by_task(runs: Runs, name: str) -> FloatArray:
    """Return the exact match of each task, mean over trials and seeds."""
    return np.asarray(np.mean([run.reports[name]["row_exact_match"] for run in runs.values()], axis=0))


def _against(runs: Runs, others: Runs, name: str) -> dict[str, Any] | None:
    """Return the difference of the runs that share a seed; None where there are none."""
    shared = sorted(set(runs) & set(others))
    if not shared:
        return None
    own, other = ({seed: found[seed] for seed in shared} for found in (runs, others))
    tasks, other_tasks = _by_task(own, name), _by_task(other, name)
    seeds = np.array(
        [own[seed].reports[name]["exact_match"] - other[seed].reports[name]["exact_match"] for seed in shared]
    )
    over_tasks, over_seeds = estimate(tasks - other_tasks), estimate(seeds)
    return {
        "seeds": shared,
        "difference": float(seeds.mean()),
        "ci95_tasks": None if over_tasks is None else [over_tasks.low, over_tasks.high],
        "p_value_tasks": paired_p_value(tasks.tolist(), other_tasks.tolist()),
        "ci95_seeds": None if over_seeds is None else [over_seeds.low, over_seeds.high],
        "p_value_seeds": None if over_seeds is None else over_seeds.p_value,
        "estimate": over_seeds,
    }


def step_deltas(results: Results) -> list[dict[str, Any]]:
    """Return the steps that each algorithm needs to the best validation of what it is compared with.

    A delta is how many steps earlier (positive) it gets there, seed by seed; seeds in which it never does are
    counted and have no delta.
    """
    found = by_arm(results.runs)
    rows = []
    for (reward, arm), runs in found.items():
        for other in ARMS[arm].against:
            others = found.get((reward, other), {})
            shared = sorted(set(runs) & set(others))
            if not shared:
                continue
            deltas = [_delta(runs[seed], others[seed]) for seed in shared]
            reached = np.array([delta for delta in deltas if delta is not None], dtype=np.float64)
            rows.append(
                {
                    "reward": reward,
                    "algorithm": arm,
                    "against": other,
                    "seeds": shared,
                    "reached": len(reached),
                    "steps_earlier": float(reached.mean()) if reached.size else None,
                    "ci95_seeds": _bounds(reached),
                }
            )
    return rows


def _delta(run: Result, other: Result) -> int | None:
    if not run.validation or not other.validation:
        return None
    best = max(score for _, score in other.validation)
    first = next(step for step, score in other.validation if score == best)
    reached = next((step for step, score in run.validation if score >= best), None)
    return None if reached is None else first - reached


def behaviour(results: Results) -> list[dict[str, Any]]:
    """Return what the rollouts of the last steps were like, and how far they are from the baseline's."""
    found = by_arm(results.runs)
    rows = []
    for (reward, arm), runs in found.items():
        others = found.get((reward, BASELINE), {}) if arm != BASELINE else {}
        shared = sorted(set(runs) & set(others))
        row: dict[str, Any] = {"reward": reward, "algorithm": arm, "seeds": sorted(runs)}
        for key, label in ROLLOUTS.items():
            own = {seed: _last(run, key) for seed, run in runs.items()}
            less = np.array([own[seed] - _last(others[seed], key) for seed in shared])
            row[label] = {
                "mean": _mean(np.array(list(own.values()))),
                "ci95_seeds": _bounds(np.array(list(own.values())), NATS if label == ENTROPY else SHARE),
                "difference": _mean(less),
                "difference_ci95_seeds": _bounds(less),
            }
        rows.append(row)
    return rows


def _last(run: Result, key: str) -> float:
    values = [line["metrics"][key] for line in run.lines if key in line["metrics"] and line["step"]]
    return float(np.mean(values[-_LAST_STEPS:])) if values else float("nan")


def _mean(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else None


def _bounds(
    values: Sequence[float] | FloatArray, between: tuple[float, float] = (-math.inf, math.inf)
) -> list[float] | None:
    """Return the interval over seeds, cut where no value can be."""
    found = estimate(np.asarray(values, dtype=np.float64))
    return None if found is None else [max(found.low, between[0]), min(found.high, between[1])]


def curves(
    results: Results, reward: str, read: Callable[[Result], Sequence[tuple[int, float]]]
) -> dict[str, list[tuple[int, float]]]:
    """Return a quantity by step for each algorithm, mean over the seeds that have that step."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for (own, arm), runs in by_arm(results.runs).items():
        if own == reward:
            steps: dict[int, list[float]] = {}
            for run in runs.values():
                for step, value in read(run):
                    steps.setdefault(step, []).append(value)
            lines[arm] = [(step, float(np.mean(values))) for step, values in sorted(steps.items())]
    return lines
