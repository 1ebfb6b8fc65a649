"""``codeedit lab simulate``: the algorithms on prompts whose true gradient is known, with intervals.

Policy gradient on a softmax over known answers (``worlds``); measured are the gradient of one batch
(``gradient``) and what the policy learns (``learning``).  Every algorithm sees the same worlds, and every
difference to GRPO is taken seed by seed (``paired``).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from codeedit.lab.candidates import CANDIDATES
from codeedit.lab.contestants import BASELINE, CONTESTANTS, MULTI
from codeedit.lab.gradient import MEASURES, Setting, measure_gradients
from codeedit.lab.learning import learn, tune
from codeedit.lab.paired import Estimate, discoveries, estimate
from codeedit.lab.pooled import SeedScores, passes, pool
from codeedit.lab.worlds import SHAPES
from codeedit.training.advantages.base import FloatArray

# Measures of learning: exact match at the end, and its mean over all steps.
LEARNED = ("final", "area")
_REFERENCES = (BASELINE, "gapo")  # with whom whole shapes are compared
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is simulated."""

    shapes: tuple[str, ...] = tuple(SHAPES)
    noises: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.4)
    group_sizes: tuple[int, ...] = (2, 4, 8, 16, 32)
    contestants: tuple[str, ...] = tuple(name for name in CONTESTANTS if name not in CANDIDATES)
    seeds: int = 200  # worlds
    tuning_seeds: int = 24  # worlds on which the learning rate is chosen; others
    prompts: int = 16  # in a world
    batches: int = 40  # for the gradient's moments
    steps: int = 80  # of learning
    seed: int = 1  # of the worlds and of all that is drawn in them

    def settings(self) -> list[Setting]:
        """Return the grid's cells: all shapes and noises at the middle G, all sizes at the middle noise."""
        middle_size = self.group_sizes[len(self.group_sizes) // 2]
        middle_noise = self.noises[len(self.noises) // 2]
        cells = [Setting(shape, noise, middle_size) for shape in self.shapes for noise in self.noises]
        cells += [
            Setting(shape, middle_noise, size)
            for shape in self.shapes
            for size in self.group_sizes
            if size != middle_size
        ]
        return cells


QUICK = Plan(
    shapes=("eq5", "left-skewed", "multi-peak"),
    noises=(0.0, 0.2),
    group_sizes=(8,),
    contestants=("grpo", "mean", "gapo", "median", "qae"),
    seeds=60,
    tuning_seeds=12,
    prompts=12,
    batches=24,
    steps=40,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant in one cell."""

    setting: Setting
    contestant: str
    learning_rate: float
    values: dict[str, Estimate | None]  # by measure
    differences: dict[str, Estimate | None]  # to the baseline, seed by seed; empty for the baseline
    curve: list[float]  # exact match by step, mean over seeds
    areas: tuple[float, ...]  # exact match over all steps, by seed


def simulate(plan: Plan, progress: Progress | None = None, jobs: int = 1) -> list[Row]:
    """Simulate all cells of a plan.

    Args:
        plan: how much; it must have the baseline among its contestants.
        progress: called with what is done, how many cells are, and of how many.
        jobs: processes; the result is the same whatever their number.
    """
    settings = plan.settings()
    rows: list[Row] = []
    with ExitStack() as stack:
        work = partial(_cell, plan)
        if jobs == 1:
            found: Iterator[list[Row]] = map(work, settings)
        else:
            pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
            found = stack.enter_context(pool).map(work, settings)
        for number, cell in enumerate(found, 1):
            rows += cell
            if progress:
                progress("simulating", number, len(settings))
    return rows


def _cell(plan: Plan, setting: Setting) -> list[Row]:
    chosen = {name: CONTESTANTS[name] for name in plan.contestants}
    values = measure_gradients(
        setting, chosen, seeds=plan.seeds, prompts=plan.prompts, batches=plan.batches, seed=plan.seed
    )
    rates, curves = {}, {}
    for name, contestant in chosen.items():
        rates[name] = tune(
            setting, contestant, seeds=plan.tuning_seeds, prompts=plan.prompts, steps=plan.steps
        )
        curves[name] = learn(
            setting,
            contestant,
            seeds=plan.seeds,
            prompts=plan.prompts,
            steps=plan.steps,
            learning_rate=rates[name],
            seed=plan.seed,
        )
        values[name] |= {"final": curves[name][:, -1], "area": curves[name].mean(axis=1)}
    return [
        Row(
            setting,
            name,
            rates[name],
            {measure: estimate(found) for measure, found in values[name].items()},
            {} if name == BASELINE else _differences(values[name], values[BASELINE]),
            [round(float(value), 5) for value in curves[name].mean(axis=0)],
            tuple(map(float, values[name]["area"])),
        )
        for name in chosen
    ]


def _differences(
    own: Mapping[str, FloatArray], baseline: Mapping[str, FloatArray]
) -> dict[str, Estimate | None]:
    return {measure: estimate(own[measure] - baseline[measure]) for measure in (*MEASURES, *LEARNED)}


@dataclass(frozen=True, slots=True)
class Check:
    """A known answer that the simulation has to give."""

    name: str
    passed: bool
    detail: str


def known_answers(plan: Plan) -> list[Check]:
    """Return the checks: the mean without division is unbiased; GAPO with tau = 1 is the plain median."""
    return [_unbiased(plan.prompts), _plain_median()]


def _unbiased(prompts: int) -> Check:
    setting = Setting("eq5", 0.0, 8)
    found = measure_gradients(
        setting, {"mean": CONTESTANTS["mean"]}, seeds=200, prompts=prompts, batches=40, seed=2
    )
    slope = estimate(found["mean"]["slope"] * setting.group_size / (setting.group_size - 1))
    turned = estimate(found["mean"]["direction"])
    ok = slope is not None and turned is not None
    ok = ok and slope.low <= 1 <= slope.high and abs(turned.mean - 1) < 0.01  # type: ignore[union-attr]
    detail = (
        "" if slope is None else f"slope times G/(G-1): {slope.mean:.4f} [{slope.low:.4f}, {slope.high:.4f}]"
    )
    return Check("the mean without division is unbiased", ok, detail)


def _plain_median() -> Check:
    rng = np.random.default_rng(3)
    largest = 0.0
    for size in (2, 3, 7, 8, 16):
        rewards = rng.random((1, 500, size))
        deviation = rewards - np.median(rewards, axis=-1, keepdims=True)
        expected = deviation / (np.sqrt((deviation**2).mean(axis=-1, keepdims=True)) + 1e-6)
        largest = max(largest, float(np.abs(CONTESTANTS["median"].advantages(rewards) - expected).max()))
    return Check(
        "GAPO with tau = 1 is the plain median", largest < 1e-12, f"largest difference: {largest:.1e}"
    )


def as_dict(plan: Plan, rows: Sequence[Row], checks: Sequence[Check], seconds: float) -> dict[str, Any]:
    """Return what report.json holds and ``--json`` prints."""
    measures = (*MEASURES, *LEARNED)
    real = {measure: discoveries([row.differences.get(measure) for row in rows]) for measure in measures}
    references = [name for name in _REFERENCES if name in plan.contestants]
    pooled = pool((SeedScores(row.setting.shape, row.contestant, row.areas) for row in rows), references)
    return {
        "plan": asdict(plan),
        "baseline": BASELINE,
        "checks": [asdict(check) for check in checks],
        "seconds": round(seconds, 1),
        "shapes": pooled,
        "candidates": {
            name: passes(pooled, name) for name in plan.contestants if name in CANDIDATES or name == MULTI
        },
        "rows": [
            {
                **asdict(row.setting),
                "contestant": row.contestant,
                "learning_rate": row.learning_rate,
                **{name: None if one is None else one.as_dict() for name, one in row.values.items()},
                "difference": {
                    name: None if one is None else one.as_dict() | {"differs": real[name][number]}
                    for name, one in row.differences.items()
                },
                "curve": row.curve,
            }
            for number, row in enumerate(rows)
        ],
    }
